// TCP in a line: '54321 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 WS=128'. Relative numbers where other packets tell them.

import type { Column } from '../column';
import { eachField, type FieldNode } from '../field';
import { tcpFlagsText } from './codec';

const ASKED: ReadonlySet<string> = new Set([
  'tcp.flags', 'tcp.srcport', 'tcp.dstport', 'tcp.seq', 'tcp.seq_raw', 'tcp.ack', 'tcp.ack_raw', 'tcp.window_size', 'tcp.window_size_value', 'tcp.len', 'tcp.options.mss_val', 'tcp.options.wscale.multiplier',
  'tcp.options.sack_perm', 'tcp.options.sack_le', 'tcp.options.sack_re',
]);

/** The first node of each field that is asked for. */
function askedIn(tree: FieldNode): ReadonlyMap<string, FieldNode> {
  const found = new Map<string, FieldNode>();
  eachField(tree, (node) => {
    if (ASKED.has(node.name) && !found.has(node.name)) found.set(node.name, node);
  });
  return found;
}

export const column: Column = {
  protocol: 'tcp',
  name: () => 'TCP',
  info(tree) {
    const found = askedIn(tree);
    const value = (name: string): string => String(found.get(name)?.value ?? '');
    const flags = Number(value('tcp.flags') || 0);
    const part = (label: string, ...names: readonly string[]): string => {
      const text = names.map(value).find((one) => one !== '');
      return text === undefined ? '' : ` ${label}=${text}`;
    };
    const permitted = !found.has('tcp.options.sack_perm') ? '' : ' SACK_PERM';
    return [
      `${value('tcp.srcport')} → ${value('tcp.dstport')} [${tcpFlagsText(flags) || 'none'}]`, part('Seq', 'tcp.seq', 'tcp.seq_raw'), (flags & 0x10) === 0 ? '' : part('Ack', 'tcp.ack', 'tcp.ack_raw'),
      part('Win', 'tcp.window_size', 'tcp.window_size_value'), part('Len', 'tcp.len'), part('MSS', 'tcp.options.mss_val'), part('WS', 'tcp.options.wscale.multiplier'), permitted,
      part('SLE', 'tcp.options.sack_le'), part('SRE', 'tcp.options.sack_re'),
    ].join('');
  },
};
