// Tells what a stream speaks, by its first bytes, by what was agreed on before (ALPN, Upgrade) and by its ports, and hands it to that
// protocol's reader. What nobody knows is data, segment by segment, until something that is known begins.

import { concatBytes } from '../../../base/bytes';
import type { Claim } from '../../../codec/codec';
import { claimed, codecs, type AnyCodec } from '../../../codec/dissect';
import { KNOWN_BY_BYTES, recognize, type PortProtocol, type Recognized } from '../../../codec/recognize';
import type { StreamDir } from '../../reassembly/tcpStream';
import { DISSECTION_LIMITS } from '../limits';
import { DataReader, tellData } from './generic';
import { Http1Reader } from './http1';
import { Http2Reader } from './http2';
import type { StreamLevel, StreamReader } from './level';
import type { Outcome } from './outcome';
import { messagesOf } from './messages';
import { TlsReader } from './tls';

interface Held {
  readonly dir: StreamDir;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Names of ALPN (RFC 7301) and of Upgrade (RFC 9110 7.8); others are names of codecs. */
const AGREED: ReadonlyMap<string, string> = new Map([['h2', 'http2'], ['h2c', 'http2'], ['http/1.1', 'http'], ['http/1.0', 'http'], ['websocket', 'websocket'], ['dot', 'dns'], ['imap', 'imap'], ['pop3', 'pop'], ['ftp', 'ftp']]);
const PORTS: ReadonlyMap<Claim, PortProtocol> = new Map([['tcp.port:53', 'dns'], ['tcp.port:80', 'http'], ['tcp.port:443', 'tls']]);

export class DetectReader implements StreamReader {
  #held: Held[] = [];

  /** `late`: earlier bytes are not known, so nothing is waited for. */
  constructor(private readonly level: StreamLevel, private readonly agreed = '', private late = false) {}

  get isData(): boolean {
    return this.late && this.#held.length === 0 && this.#agreedOn() === undefined && this.#believed() === null;
  }

  #agreedOn(): string | undefined {
    return AGREED.get(this.agreed) ?? (codecs.get(this.agreed)?.layer === 'application' ? this.agreed : undefined);
  }

  push(dir: StreamDir, bytes: Uint8Array, at: number, out: Outcome): void {
    const known = this.#agreedOn();
    if (known !== undefined) return this.#begin(known, [{ dir, at, bytes }], out);
    if (this.late && this.#held.length === 0) return this.#anew({ dir, at, bytes }, out);
    this.#held.push({ dir, at, bytes: bytes.slice() });
    const own = concatBytes(...this.#held.filter((held) => held.dir === dir).map((held) => held.bytes));
    const enough = this.late || own.length >= DISSECTION_LIMITS.recognize;
    const found = this.#recognize(own.subarray(0, DISSECTION_LIMITS.recognize), dir, enough);
    if (found === 'more') {
      out.open = true;
      return;
    }
    if (found !== 'none') return this.#begin(found, this.#take(), out);
    const codec = this.#believed();
    if (codec !== null) return this.#use(messagesOf(this.level, codec), this.#take(), out);
    // It may be the middle of something: each segment is looked at anew.
    this.late = true;
    for (const held of this.#take()) tellData(this.level, out, held.dir, held.at, held.bytes);
  }

  /** A segment by itself: nothing before it is known, and nothing behind it is waited for. */
  #anew(held: Held, out: Outcome): void {
    const found = this.#recognize(held.bytes.subarray(0, DISSECTION_LIMITS.recognize), held.dir, true);
    if (found !== 'none' && found !== 'more') return this.#begin(found, [held], out);
    const codec = this.#believed();
    if (codec !== null) return this.#use(messagesOf(this.level, codec), [held], out);
    tellData(this.level, out, held.dir, held.at, held.bytes);
  }

  /** What the port alone stands for, where it is believed. */
  #believed(): AnyCodec | null {
    const codec = this.level.number === 0 ? claimed(this.level.connection.claims) : null;
    return codec !== null && codec.layer === 'application' && !KNOWN_BY_BYTES.has(codec.protocol) ? codec : null;
  }

  gap(_dir: StreamDir, _at: number, _length: number, out: Outcome): void {
    this.#flush(out);
    this.late = true;
  }

  end(_dir: StreamDir, out: Outcome): void {
    this.#flush(out);
  }

  #recognize(bytes: Uint8Array, dir: StreamDir, enough: boolean): Recognized {
    const { claims } = this.level.connection;
    const port = this.level.number > 0 || this.late ? null : (claims.map((claim) => PORTS.get(claim)).find((one) => one !== undefined) ?? null);
    const found = recognize(bytes, dir, port === 'tls' ? null : port, enough);
    if (found !== 'none' || !this.late) return found;
    // A stream that is joined in its middle: records of its ports.
    return claimed(claims)?.protocol === 'tls' && claimed(['app:tls'])?.decode(bytes, { transport: 'tcp' }).status !== 'malformed' ? 'tls' : 'none';
  }

  #take(): Held[] {
    const all = this.#held;
    this.#held = [];
    return all;
  }

  #flush(out: Outcome): void {
    for (const held of this.#take()) tellData(this.level, out, held.dir, held.at, held.bytes);
  }

  #begin(found: string, held: readonly Held[], out: Outcome): void {
    const { level } = this;
    const start = (which: StreamDir): number => held.find(({ dir }) => dir === which)?.at ?? level.next[which];
    const starts = { up: start('up'), down: start('down') };
    switch (found) {
      case 'http': return this.#use(new Http1Reader(level, starts), held, out);
      case 'http2': return this.#use(new Http2Reader(level, starts), held, out);
      case 'tls': return this.#use(new TlsReader(level, starts), held, out);
      default: {
        const codec = codecs.get(found);
        if (codec?.layer === 'application' && codec.protocol !== 'data') return this.#use(messagesOf(level, codec), held, out);
        return this.#use(new DataReader(level), held, out);
      }
    }
  }

  #use(reader: StreamReader, held: readonly Held[], out: Outcome): void {
    this.level.replace(reader);
    for (const { dir, at, bytes } of held) reader.push(dir, bytes, at, out);
  }
}
