// DNS over TCP (RFC 1035 4.2.2, RFC 7766): each message behind two bytes of length, one after the other.

import { LENGTH_PREFIX } from '../../codec/dns/codec';
import { MISSING, type AppContext } from './appContext';
import type { Channel } from './appConn';
import type { Dissector } from './dissector';
import type { MessageRow } from './messageTable';

export class DnsStream implements Dissector {
  /** Bytes of the current message with its length: what came, and how many there will be (2 while not known). */
  private start = 0;
  private have = 0;
  private need = LENGTH_PREFIX;
  private row: MessageRow | null = null;

  constructor(private readonly context: AppContext, private readonly channel: Channel, private readonly dir: 'up' | 'down') {}

  feed(bytes: Uint8Array, offset: number): void {
    for (let at = 0; at < bytes.length;) {
      if (this.have === 0) this.start = offset + at;
      if (this.have < LENGTH_PREFIX) {
        this.have++;
        const byte = bytes[at++] ?? 0;
        this.need = this.have === 1 ? LENGTH_PREFIX + (byte << 8) : this.need + byte;
      } else {
        const take = Math.min(this.need - this.have, bytes.length - at);
        this.have += take;
        at += take;
      }
      if (this.have >= LENGTH_PREFIX && this.have === this.need) this.whole();
    }
    if (this.have > 0) this.partial();
  }

  skip(): number {
    return 0;
  }

  gap(): void {
    if (this.row === null) return;
    this.row.why = MISSING;
    this.context.messages.touch(this.row);
  }

  end(): void {
    // What is not whole stays partial.
  }

  private partial(): void {
    this.row ??= this.add(this.dir === 'up' ? 'query' : 'answer');
    if (this.row === null) return;
    this.row.end = this.start + this.have;
    this.row.summary = this.have < LENGTH_PREFIX ? 'message' : `message of ${this.need - LENGTH_PREFIX} B`;
    this.context.messages.touch(this.row);
  }

  private add(kind: 'query' | 'answer'): MessageRow | null {
    return this.context.messages.add(this.channel.lines[this.dir], { protocol: 'dns', kind }, this.start);
  }

  private whole(): void {
    const { context, channel } = this;
    const stream = channel[this.dir];
    const line = channel.lines[this.dir];
    const end = this.start + this.need;
    const bytes = stream.slice(this.start, end, this.need).subarray(LENGTH_PREFIX);
    const begun = stream.departs(this.start);
    const role = line.fromSock === null ? null : (context.story.socket(line.fromSock)?.role ?? null);
    const carried = { transport: 'tcp' as const, from: line.from, to: line.to, role, seq: begun?.seq ?? 0, t: begun?.t ?? 0, toServer: this.dir === 'up' };
    const row = context.dns.take(bytes, carried, (kind) => this.row ?? this.add(kind));
    if (row !== null) {
      row.end = end;
      context.messages.touch(row);
    }
    this.row = null;
    this.have = 0;
    this.need = LENGTH_PREFIX;
  }
}
