// DNS in datagrams: each a message, of a query or of an answer. What they make together is said by dnsFold.ts.

import { NO_BYTES } from '../../base/bytes';
import { segmentPayload } from '../segmentPayload';
import type { Segment } from '../story';
import type { AppContext } from './appContext';
import type { DatagramUser } from './datagrams';
import type { MessageRow } from './messageTable';

export class DnsDatagrams implements DatagramUser {
  /** The last message that each socket received. */
  private readonly last = new Map<number, MessageRow>();

  constructor(private readonly context: AppContext) {}

  /** A relay's socket lost the datagram that it had just received. */
  lost(sock: number): void {
    const row = this.last.get(sock);
    if (row !== undefined) this.context.dns.lost(row);
  }

  take(segment: Segment, seq: number, toServer: boolean): MessageRow | null {
    const { story, trace, messages, dns } = this.context;
    const bytes = segmentPayload(trace, segment) ?? NO_BYTES;
    const role = segment.fromSock === null ? null : (story.socket(segment.fromSock)?.role ?? null);
    const carried = { transport: 'udp' as const, from: segment.from, to: segment.to, role, seq, t: trace.t(seq), toServer };
    return dns.take(bytes, carried, (kind) => messages.addDatagram(segment.id, { protocol: 'dns', kind }, kind === 'query' ? 'up' : 'down', segment.size));
  }

  arrived(row: MessageRow, seq: number): void {
    const { trace, dns } = this.context;
    const { columns, row: at } = trace.locate(seq);
    this.last.set(columns.sock[at] as number, row);
    if (row.kind === 'answer') dns.learned(row, trace.t(seq), trace.at(seq).role);
  }
}
