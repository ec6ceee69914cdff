// IPv4 in a line, where nobody reads what it carries: its protocol, and for a fragment where it lies.

import type { Column } from '../column';
import { findField } from '../field';

export const column: Column = {
  protocol: 'ip',
  name: () => 'IPv4',
  info(tree) {
    const node = (name: string) => findField(tree, name);
    const protocol = node('ip.proto')?.display ?? '';
    const offset = Number(node('ip.frag_offset')?.value ?? 0) * 8;
    if (offset > 0 || node('ip.flags.mf')?.value === true) return `Fragmented IP protocol (proto=${protocol}, off=${offset}, ID=${(node('ip.id')?.display ?? '').replace('0x', '')})`;
    return protocol;
  },
};
