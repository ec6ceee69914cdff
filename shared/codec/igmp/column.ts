// IGMP in a line: 'Membership Query 224.0.0.1'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const shown = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

export const column: Column = {
  protocol: 'igmp',
  name: () => 'IGMP',
  info: (tree) => `${shown(tree, 'igmp.type').replace(/ \(0x[0-9a-f]+\)$/, '')} ${shown(tree, 'igmp.maddr')}`.trim(),
};
