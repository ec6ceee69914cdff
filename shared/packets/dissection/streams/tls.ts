// Reads TLS on a stream: each record a message with what it says, handshake messages of several records put together, and where the key log
// has its keys, what was sealed, whose stream is dissected in turn.

import { openRecord } from '../../../codec/tls/decrypt/openRecord';
import { fieldsOfMessage, fieldsOfOpened, fieldsOfRecord } from '../../../codec/tls/fields';
import { CONTENT } from '../../../codec/tls/names';
import { TlsSessionReader, type SessionRecord } from '../../../codec/tls/session';
import { codec } from '../../../codec/tls/codec';
import type { StreamDir } from '../../reassembly/tcpStream';
import { DISSECTION_LIMITS } from '../limits';
import { GenericReader, tellData } from './generic';
import { messageLayer, StreamLevel, type StreamReader } from './level';
import type { Outcome } from './outcome';

export class TlsReader implements StreamReader {
  readonly #session: TlsSessionReader;
  readonly #inside = { up: 0, down: 0 };
  readonly #failed: Record<StreamDir, boolean> = { up: false, down: false };
  readonly #port: string;
  #inner: StreamLevel | null = null;

  /** `carries`: the protocol that began in clear and goes on inside; '': ALPN, the ports or the bytes tell. */
  constructor(private readonly level: StreamLevel, starts: Readonly<Record<StreamDir, number>>, private readonly carries = '') {
    this.#session = new TlsSessionReader(level.connection.keys, starts);
    this.#port = portOf(level);
  }

  push(dir: StreamDir, bytes: Uint8Array, at: number, out: Outcome): void {
    if (this.#failed[dir]) return tellData(this.level, out, dir, at, bytes.slice());
    const own = bytes.slice();
    for (const record of this.#session.push(dir, own)) this.#record(dir, record, out);
    const { failure, partial } = this.#session.reader(dir);
    if (failure !== null) {
      this.#failed[dir] = true;
      const from = Math.max(0, failure.at - at);
      tellData(this.level, out, dir, at + from, own.subarray(from));
    } else if (partial !== null) out.open = true;
  }

  gap(): void {
    // The keys' counters are lost with the records: what follows is shown record by record, closed.
    this.level.replace(new GenericReader(this.level, codec));
  }

  end(dir: StreamDir, out: Outcome): void {
    this.#inner?.end(dir, out);
  }

  #record(dir: StreamDir, record: SessionRecord, out: Outcome): void {
    const { bytes, sealed, continued, opening } = record;
    const { facts } = this.#session;
    // Only TLS 1.3 asks for another hello (RFC 8446 4.1.4).
    const tls13 = facts.tls13 ?? (facts.retried ? true : undefined);
    const carries = APPLICATIONS.get(this.carries || facts.alpn || this.#port);
    const known = { sealed, continued, cipher: facts.cipher, ...(carries === undefined ? {} : { carries }), ...(tls13 === undefined ? {} : { tls13 }) };
    const opened = opening.state === 'deferred' ? openRecord(opening.key, bytes) : opening.state === 'opened' ? opening.record : null;
    const inner = opened !== null && tls13 === true && opened.contentType === CONTENT.applicationData ? { inner: opened.contentType } : {};
    this.level.tell(out, dir, record.start, bytes, 'tls', (base, room) => [messageLayer({ protocol: 'tls', title: 'TLS', tree: fieldsOfRecord(bytes, { base, room, ...known, ...inner }) }, base, bytes.length)]);
    for (const message of record.messages) {
      if (message.firstRecord === record.index) continue;
      this.level.opened(out, {
        name: 'reassembled', bytes: message.bytes, content: null,
        build: (base, room) => [messageLayer({ protocol: 'tls', title: 'TLS', tree: fieldsOfMessage(message.bytes, { base, room, ...known }) }, base, message.bytes.length)],
      });
    }
    if (opened === null) return;
    const { contentType, content } = opened;
    // What could wait to be opened is taken for data, whatever it says that it is.
    if (contentType === CONTENT.applicationData || opening.state === 'deferred') this.#content(dir, opened.inner, content, out);
    else {
      this.level.opened(out, {
        name: 'decrypted', bytes: opened.inner, content: null,
        build: (base, room) => [messageLayer({ protocol: 'tls', title: 'TLS', tree: fieldsOfOpened(opened.inner, contentType, content.length, { base, room, ...known, sealed: false }) }, base, opened.inner.length)],
      });
    }
  }

  /** Application data, opened: the next bytes of the stream inside. */
  #content(dir: StreamDir, inner: Uint8Array, content: Uint8Array, out: Outcome): void {
    const { level } = this;
    const number = level.number + 1;
    if (number >= DISSECTION_LIMITS.levels) return;
    this.#inner ??= new StreamLevel(level.connection, number, (inside) => level.connection.detect(inside, this.carries || this.#session.facts.alpn || insideOf(level)));
    const at = this.#inside[dir];
    this.#inside[dir] += content.length;
    level.opened(out, { name: 'decrypted', bytes: inner, content: { level: number, dir, at, length: content.length }, build: () => [] });
    this.#inner.push(dir, content, at, out);
  }
}

/** What is said inside, in Wireshark's words: by ALPN's name (RFC 7301 6), by ours, or by the port. */
const APPLICATIONS: ReadonlyMap<string, string> = new Map([
  ['http/1.0', 'Hypertext Transfer Protocol'], ['http/1.1', 'Hypertext Transfer Protocol'], ['h2', 'HyperText Transfer Protocol 2'], ['http', 'Hypertext Transfer Protocol'],
  ['smtp', 'Simple Mail Transfer Protocol'], ['imap', 'Internet Message Access Protocol'], ['pop', 'Post Office Protocol'], ['ftp', 'File Transfer Protocol (FTP)'], ['dot', 'Domain Name System'],
  ['dns', 'Domain Name System'],
]);

/** Ports whose protocol is inside TLS from the first byte on (https://www.iana.org/assignments/service-names-port-numbers). */
const INSIDE: ReadonlyMap<string, string> = new Map([['tcp.port:465', 'smtp'], ['tcp.port:853', 'dns'], ['tcp.port:990', 'ftp'], ['tcp.port:993', 'imap'], ['tcp.port:995', 'pop']]);

const insideOf = ({ number, connection: { claims } }: StreamLevel): string => (number > 0 ? '' : (claims.map((claim) => INSIDE.get(claim)).find((one) => one !== undefined) ?? ''));
/** Of a port of HTTP the bytes tell which one: for the name alone it is enough. */
const portOf = (level: StreamLevel): string => insideOf(level) || (level.connection.claims.includes('tcp.port:443') ? 'http' : '');
