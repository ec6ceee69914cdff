// IPv6 in a line, where nobody reads what it carries: its next header, and for a fragment where it lies.

import type { Column } from '../column';
import { findField } from '../field';
import { FRAGMENT_BLOCK } from './extensions';

export const column: Column = {
  protocol: 'ipv6',
  name: () => 'IPv6',
  info(tree) {
    const offset = findField(tree, 'ipv6.fraghdr.offset');
    if (offset !== null) return `IPv6 fragment (off=${Number(offset.value) * FRAGMENT_BLOCK} more=${findField(tree, 'ipv6.fraghdr.more')?.value === true ? 'y' : 'n'} ident=${findField(tree, 'ipv6.fraghdr.ident')?.display ?? ''} nxt=${Number(findField(tree, 'ipv6.fraghdr.nxt')?.value ?? 0)})`;
    return findField(tree, 'ipv6.nxt')?.display ?? '';
  },
};
