// HTTP/2 in a line: 'HEADERS[1]: GET /index.html'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const text = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

export const column: Column = {
  protocol: 'http2',
  name: () => 'HTTP2',
  info(tree) {
    const frame = tree.display.replace(/^HTTP\/2 ?/, '');
    const method = text(tree, 'http2.headers.method');
    const status = text(tree, 'http2.headers.status');
    if (method !== '') return `${frame}: ${method} ${text(tree, 'http2.headers.path')}`;
    return status === '' ? frame : `${frame}: ${status}`;
  },
};
