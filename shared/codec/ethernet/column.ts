// Ethernet in a line, where nobody reads what it carries: its type or length.

import type { Column } from '../column';
import { findField } from '../field';

export const column: Column = {
  protocol: 'eth',
  name: (tree) => {
    const type = findField(tree, 'eth.type');
    return type === null ? 'Ethernet' : `0x${Number(type.value).toString(16).padStart(4, '0')}`;
  },
  info: (tree) => findField(tree, 'eth.type')?.display ?? `Length ${findField(tree, 'eth.len')?.display ?? ''}`,
};
