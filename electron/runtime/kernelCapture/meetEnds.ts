// Whom the kernel's packets come from and go to: each end once, soon after its first packet, while a program that lives for a moment can still be found.

import { TCP_FLAGS } from '../../../shared/codec/tcp/codec';
import { headOf } from '../../../shared/trace/capturedPackets';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';

/** Ends that are told of. */
const MOST = 4096;

/** Takes packets; `meet` hears of their ends. Of TCP with each connection that begins, for what was found at an end before may have gone. */
export function meetEnds(meet: (protocol: 'tcp' | 'udp', end: Endpoint) => void): (bytes: Uint8Array, linkType: number) => void {
  const known = new Set<string>();
  return (bytes, linkType) => {
    const head = headOf(bytes, linkType, 0);
    if (head === null || head.transport === 'icmp') return;
    const { transport, from, to, packet } = head;
    if (packet.tcp !== null && (packet.tcp.flags & (TCP_FLAGS.RST | TCP_FLAGS.FIN)) !== 0) return;
    for (const end of [from, to]) {
      const key = `${transport} ${formatEndpoint(end)}`;
      if (known.has(key) || known.size >= MOST) continue;
      known.add(key);
      meet(transport, end);
    }
  };
}
