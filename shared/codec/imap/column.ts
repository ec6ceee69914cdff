// IMAP in a line: 'Request: a1 SELECT inbox', 'Response: a1 OK done'.

import type { Column } from '../column';
import { findField } from '../field';

export const column: Column = {
  protocol: 'imap',
  name: () => 'IMAP',
  info(tree) {
    const line = (findField(tree, 'imap.line')?.display ?? '').replace(/(\\r)?↵$/, '');
    const request = findField(tree, 'imap.isrequest')?.value;
    return typeof request === 'boolean' ? `${request ? 'Request' : 'Response'}: ${line}` : line;
  },
};
