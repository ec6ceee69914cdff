// SMTP in a line: 'C: MAIL FROM:<a@example.org>', 'S: 250 ok'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const shown = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

const line = (tree: FieldNode, names: readonly string[]): string => names.map((name) => shown(tree, name).replace(/ \(\d+\)$/, '')).filter((text) => text !== '').join(' ');

export const column: Column = {
  protocol: 'smtp',
  name: () => 'SMTP',
  info(tree) {
    const request = line(tree, ['smtp.req.command', 'smtp.req.parameter']);
    const response = line(tree, ['smtp.response.code', 'smtp.rsp.parameter']);
    return request !== '' ? `C: ${request}` : response !== '' ? `S: ${response}` : 'Message body';
  },
};
