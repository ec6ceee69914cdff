// LLC in a line, where nobody reads what it carries: its ends and what it asks.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const shown = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

export const column: Column = {
  protocol: 'llc',
  name: () => 'LLC',
  info: (tree) => ['llc.dsap', 'llc.ssap', 'llc.control'].map((name) => shown(tree, name)).filter((text) => text !== '').join(', '),
};
