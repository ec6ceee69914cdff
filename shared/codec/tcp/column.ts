// TCP in a line: '54321 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 WS=128'. Relative numbers where other packets tell them.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';
import { tcpFlagsText } from './codec';

const value = (tree: FieldNode, name: string): string => String(findField(tree, name)?.value ?? '');

export const column: Column = {
  protocol: 'tcp',
  name: () => 'TCP',
  info(tree) {
    const flags = Number(value(tree, 'tcp.flags') || 0);
    const part = (label: string, ...names: readonly string[]): string => {
      const found = names.map((name) => value(tree, name)).find((text) => text !== '');
      return found === undefined ? '' : ` ${label}=${found}`;
    };
    const permitted = findField(tree, 'tcp.options.sack_perm') === null ? '' : ' SACK_PERM';
    return [
      `${value(tree, 'tcp.srcport')} → ${value(tree, 'tcp.dstport')} [${tcpFlagsText(flags) || 'none'}]`, part('Seq', 'tcp.seq', 'tcp.seq_raw'), (flags & 0x10) === 0 ? '' : part('Ack', 'tcp.ack', 'tcp.ack_raw'),
      part('Win', 'tcp.window_size', 'tcp.window_size_value'), part('Len', 'tcp.len'), part('MSS', 'tcp.options.mss_val'), part('WS', 'tcp.options.wscale.multiplier'), permitted,
      part('SLE', 'tcp.options.sack_le'), part('SRE', 'tcp.options.sack_re'),
    ].join('');
  },
};
