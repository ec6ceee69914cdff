// POP3 in a line: 'C: USER anna', 'S: +OK'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const shown = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

const line = (tree: FieldNode, names: readonly string[]): string => names.map((name) => shown(tree, name).replace(/ \(\d+\)$/, '')).filter((text) => text !== '').join(' ');

export const column: Column = {
  protocol: 'pop',
  name: () => 'POP',
  info(tree) {
    const request = line(tree, ['pop.request.command', 'pop.request.parameter']);
    const response = line(tree, ['pop.response.indicator', 'pop.response.description']);
    return request !== '' ? `C: ${request}` : response !== '' ? `S: ${response}` : 'Data';
  },
};
