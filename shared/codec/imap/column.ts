// IMAP in a line: 'Request: a1 SELECT inbox', 'Response: a1 OK done'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const shown = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

const line = (tree: FieldNode, name: string): string => shown(tree, name).replace(/(\\r)?↵$/, '');

export const column: Column = {
  protocol: 'imap',
  name: () => 'IMAP',
  info(tree) {
    const request = line(tree, 'imap.request');
    const response = line(tree, 'imap.response');
    return request !== '' ? `Request: ${request}` : response !== '' ? `Response: ${response}` : line(tree, 'imap.line');
  },
};
