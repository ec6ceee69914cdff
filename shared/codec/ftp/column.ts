// FTP in a line: 'Request: USER anonymous', 'Response: 230 ok'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const shown = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

const line = (tree: FieldNode, names: readonly string[]): string => names.map((name) => shown(tree, name).replace(/ \(\d+\)$/, '')).filter((text) => text !== '').join(' ');

export const column: Column = {
  protocol: 'ftp',
  name: () => 'FTP',
  info(tree) {
    const request = line(tree, ['ftp.request.command', 'ftp.request.arg']);
    const response = line(tree, ['ftp.response.code', 'ftp.response.arg']);
    return request !== '' ? `Request: ${request}` : response !== '' ? `Response: ${response}` : 'Data';
  },
};
