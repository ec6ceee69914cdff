// TLS of an application story: each record a message, with the handshake messages that it carries by name (RFC 8446 4, 5). What is
// sealed stays sealed here; the plaintext that our programs saw is read by a channel of its own.

import { CIPHER_SUITE_NAMES } from '../../codec/tls/cipherSuites';
import { HELLO_EXTENSIONS } from '../../codec/tls/extension';
import { HANDSHAKE_HEAD, type HandshakeMessage } from '../../codec/tls/handshake';
import { chosenVersion, decodeClientHello, decodeServerHello, isRetry } from '../../codec/tls/hello';
import { CONTENT, CONTENT_NAMES, HANDSHAKE, VERSION_NAMES } from '../../codec/tls/names';
import { RECORD_HEAD } from '../../codec/tls/record';
import { alertTitle, TlsStreamReader, type ReadRecord } from '../../codec/tls/stream';
import { MISSING, type AppContext, type Dissector } from './appContext';
import type { Channel } from './appConn';
import type { MessageRow } from './messageTable';
import type { MessageInRecord, SessionRow } from './sessionTable';

export function tlsDissectors(context: AppContext, channel: Channel): { readonly up: Dissector; readonly down: Dissector } {
  const session = context.sessions.of(channel.conn);
  return { up: new TlsDissector(context, channel, 'up', session), down: new TlsDissector(context, channel, 'down', session) };
}

class TlsDissector implements Dissector {
  private readonly reader = new TlsStreamReader();
  private row: MessageRow | null = null;
  private failed = false;

  constructor(private readonly context: AppContext, private readonly channel: Channel, private readonly dir: 'up' | 'down', private readonly session: SessionRow) {}

  feed(bytes: Uint8Array): void {
    for (const record of this.reader.push(bytes)) this.record(record);
    const { failure, partial } = this.reader;
    if (failure !== null) this.fail(failure.at, failure.why);
    else if (partial !== null) this.partial(partial.start, partial.have, partial.need);
  }

  /** Application data that the trace does not keep: zeros stand for it. It cannot be opened then, which is all that is lost. */
  skip(size: number): number {
    const { partial } = this.reader;
    if (partial === null || partial.have < RECORD_HEAD || this.channel[this.dir].at(partial.start)?.[0] !== CONTENT.applicationData) return 0;
    const here = Math.min(size, partial.need - partial.have);
    this.feed(new Uint8Array(here));
    return here;
  }

  gap(): void {
    if (this.row === null) return;
    this.row.why = MISSING;
    this.context.messages.touch(this.row);
  }

  end(): void {
    // A record that is not whole stays partial; what became of the session, its programs were told.
  }

  private begin(start: number): MessageRow | null {
    this.row = this.context.messages.add(this.channel.lines[this.dir], { protocol: 'tls', kind: 'record' }, start);
    return this.row;
  }

  private partial(start: number, have: number, need: number): void {
    const row = this.row ?? this.begin(start);
    if (row === null) return;
    row.end = start + have;
    row.summary = have < RECORD_HEAD ? 'record' : `record of ${need} B`;
    this.context.messages.touch(row);
  }

  private fail(at: number, why: string): void {
    if (this.failed) return;
    this.failed = true;
    const row = this.row ?? this.begin(at);
    if (row === null) return;
    row.state = 'malformed';
    row.why = why;
    row.end = Math.max(row.end, this.channel[this.dir].fed, at + 1);
    row.summary = 'malformed record';
    row.trouble = true;
    this.context.messages.touch(row);
  }

  private record(record: ReadRecord): void {
    const row = this.row ?? this.begin(record.start);
    this.row = null;
    if (row === null) return;
    row.end = record.end;
    row.state = 'complete';
    const messages = this.messagesIn(record);
    row.summary = messages.map(({ name }) => name).join(', ');
    row.trouble = record.alert !== null && record.alert.description !== 0;
    for (const message of record.messages) this.hello(message);
    this.context.sessions.addRecord(this.session, row, record, messages);
  }

  private messagesIn(record: ReadRecord): MessageInRecord[] {
    const size = record.fragment.length;
    const whole = (name: string): MessageInRecord[] => [{ name, encrypted: record.sealed, opened: false, start: RECORD_HEAD, length: size }];
    if (record.contentType === CONTENT.applicationData) return whole('Application Data');
    if (record.sealed) return whole(record.contentType === CONTENT.alert ? 'Encrypted Alert' : 'Encrypted Handshake Message');
    if (record.alert !== null) return whole(alertTitle(record.alert));
    if (record.contentType !== CONTENT.handshake) return whole(CONTENT_NAMES.get(record.contentType) ?? `Record (${record.contentType})`);
    const found = record.messages.map((message) => {
      const begins = message.firstRecord === record.index;
      const start = begins ? message.start : 0;
      const length = begins ? message.bytes.length : record.continued;
      return { name: message.name, encrypted: false, opened: false, start: RECORD_HEAD + start, length };
    });
    return found.length > 0 ? found : whole('Handshake (continued)');
  }

  /** What the hellos agree on. */
  private hello(message: HandshakeMessage): void {
    const { session } = this;
    const body = message.bytes.subarray(HANDSHAKE_HEAD);
    if (message.type === HANDSHAKE.clientHello) {
      session.serverName ||= HELLO_EXTENSIONS.serverName(decodeClientHello(body)?.extensions ?? []);
      return;
    }
    const hello = message.type === HANDSHAKE.serverHello ? decodeServerHello(body) : null;
    if (hello === null || isRetry(hello)) return;
    session.version = VERSION_NAMES.get(chosenVersion(hello)) ?? '';
    session.cipher = CIPHER_SUITE_NAMES.get(hello.cipherSuite) ?? `0x${hello.cipherSuite.toString(16)}`;
    session.alpn ||= HELLO_EXTENSIONS.alpn(hello.extensions ?? [])[0] ?? '';
  }
}
