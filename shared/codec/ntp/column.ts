// NTP in a line: 'NTP Version 4, client'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const shown = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

export const column: Column = {
  protocol: 'ntp',
  name: () => 'NTP',
  info: (tree) => `NTP version ${shown(tree, 'ntp.flags.vn')}, ${shown(tree, 'ntp.flags.mode').replace(/ \(\d+\)$/, '')}`,
};
