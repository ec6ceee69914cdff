// HTTP/1 in a line: 'GET /index.html HTTP/1.1', 'HTTP/1.1 200 OK  (text/html)'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const text = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

export const column: Column = {
  protocol: 'http',
  name: () => 'HTTP',
  info(tree) {
    const method = text(tree, 'http.request.method');
    if (method !== '') return `${method} ${text(tree, 'http.request.uri')} ${text(tree, 'http.request.version')}`;
    const code = text(tree, 'http.response.code');
    if (code === '') return 'Continuation';
    const type = text(tree, 'http.content_type').split(';')[0] ?? '';
    return `${text(tree, 'http.response.version')} ${code} ${text(tree, 'http.response.phrase')}${type === '' ? '' : `  (${type})`}`;
  },
};
