// How long a connection took to be opened: TCP's handshake out of the flags of its packets, that of TLS out of its records. Each is asked for
// once, by the exchange that had to wait for it.

import { TCP_FLAGS } from '../../codec/tcp/codec';
import { CONTENT } from '../../codec/tls/names';
import type { Message, Opened } from '../dissection/streams/outcome';
import type { StreamDir } from '../reassembly/tcpStream';
import type { MessagePackets } from './exchange';

interface TlsHandshake {
  first: number;
  last: number;
  /** A record of the client that may be the handshake's or may carry data already. */
  pending: number | null;
  over: boolean;
  given: boolean;
}

export class Handshakes {
  #syn: number | null = null;
  #answered = false;
  #connect: MessagePackets | null = null;
  #given = false;
  /** By the level of the records. */
  readonly #tls = new Map<number, TlsHandshake>();

  /** The next packet of the connection, with its flags; `dir` 'up': from the client. RFC 9293 3.5. */
  packet(packet: number, dir: StreamDir, flags: number): void {
    const [syn, ack] = [(flags & TCP_FLAGS.SYN) !== 0, (flags & TCP_FLAGS.ACK) !== 0];
    if (syn && !ack && dir === 'up') this.#syn ??= packet;
    else if (syn && ack && dir === 'down') this.#answered = true;
    else if (ack && dir === 'up' && this.#answered && this.#syn !== null) this.#connect ??= { first: this.#syn, last: packet };
  }

  /** What the streams tell about a packet, in its order. */
  item(item: Message | Opened, packet: number): void {
    if (item.kind === 'message') this.#record(item, packet);
    else if (item.content?.dir === 'up') {
      const tls = this.#tls.get(item.content.level - 1);
      if (tls !== undefined) tls.over = true;
    }
  }

  #record({ protocol, level, dir, bytes, segments }: Message, packet: number): void {
    if (protocol !== 'tls') return;
    const first = segments[0]?.packet ?? packet;
    const tls = this.#tls.get(level);
    if (tls === undefined) {
      this.#tls.set(level, { first, last: packet, pending: null, over: false, given: false });
      return;
    }
    if (tls.over) return;
    if (tls.pending !== null) tls.last = tls.pending;
    tls.pending = null;
    // What the server seals as data (RFC 8446 5.2) may be tickets and its first frames: the client's Finished ends the handshake.
    if (dir === 'up') tls.pending = packet;
    else if (bytes[0] === CONTENT.handshake || bytes[0] === CONTENT.changeCipherSpec) tls.last = packet;
  }

  /** The three packets that opened the connection; null: not in the capture, or already given. */
  takeConnect(): MessagePackets | null {
    if (this.#given) return null;
    this.#given = true;
    return this.#connect;
  }

  /** The handshake beneath a level of streams; null as above. */
  takeTls(level: number): MessagePackets | null {
    const tls = this.#tls.get(level - 1);
    if (tls?.over !== true || tls.given) return null;
    tls.given = true;
    return { first: tls.first, last: tls.last };
  }
}
