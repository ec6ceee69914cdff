// Readers of streams whose codec tells one message from the next, with what their protocols know beyond one message: which DNS answer belongs
// to which question, and where SMTP, IMAP, POP3 and FTP go on as TLS.

import type { AnyCodec } from '../../../codec/dissect';
import type { DnsMessage } from '../../../codec/dns/records';
import type { FtpMessage } from '../../../codec/ftp/codec';
import type { ImapMessage } from '../../../codec/imap/codec';
import type { PopMessage } from '../../../codec/pop/codec';
import type { SmtpMessage } from '../../../codec/smtp/message';
import type { StreamDir } from '../../reassembly/tcpStream';
import { forgetOldest } from '../forgetOldest';
import { DISSECTION_LIMITS } from '../limits';
import { GenericReader, type Manner } from './generic';
import type { StreamLevel, StreamReader } from './level';
import type { Links } from './outcome';
import { TlsReader } from './tls';
import { webSocketOf } from './webSocket';

/** The reader of a stream that speaks this protocol. */
export function messagesOf(level: StreamLevel, codec: AnyCodec): StreamReader {
  const asks = START_TLS.get(codec.protocol);
  if (codec.protocol === 'websocket') return webSocketOf(level, '');
  if (codec.protocol === 'dns') return new GenericReader(level, codec, { part: dnsPart() });
  if (asks === undefined) return new GenericReader(level, codec);
  return new GenericReader(level, codec, { ends: asks(), next: (starts) => new TlsReader(level, starts, codec.protocol) });
}

/** Questions and answers by their number (RFC 1035 4.1.1); answers may come in any order (RFC 7766 7). */
function dnsPart(): NonNullable<Manner['part']> {
  const open = new Map<number, Links>();
  let count = 0;
  return (_dir, value, { packet }) => {
    const { id, flags: { qr } } = value as DnsMessage;
    if (qr) {
      const links = open.get(id) ?? null;
      if (links === null) return { role: null, links };
      links.response ??= packet;
      return { role: 'response', links: { ...links, response: packet } };
    }
    const links: Links = { request: packet, response: null, uri: '', count: ++count, previous: null, next: null };
    open.delete(id);
    open.set(id, links);
    forgetOldest(open, DISSECTION_LIMITS.exchanges);
    return { role: 'request', links };
  };
}

type Ends = NonNullable<Manner['ends']>;

/** A client's line that asks for TLS, and the server's that lets it begin; any other command of the client takes the question back. */
function after<M>(asks: (message: M) => boolean, isCommand: (message: M, dir: StreamDir) => boolean, allows: (message: M) => boolean): () => Ends {
  return () => {
    let asked = false;
    return (dir, value) => {
      const message = value as M;
      if (isCommand(message, dir)) asked = asks(message);
      return asked && dir === 'down' && allows(message);
    };
  };
}

const START_TLS: ReadonlyMap<string, () => Ends> = new Map([
  // RFC 3207 4: 220 lets it begin.
  ['smtp', after<SmtpMessage>((message) => message.type === 'command' && message.verb.toUpperCase() === 'STARTTLS', ({ type }) => type === 'command', (message) => message.type === 'reply' && message.code === 220)],
  // RFC 9051 6.2.1.
  ['imap', imapEnds],
  // RFC 2595 4.
  ['pop', after<PopMessage>((message) => message.type === 'command' && message.verb.toUpperCase() === 'STLS', ({ type }) => type === 'command', (message) => message.type === 'reply' && message.indicator === '+OK')],
  // RFC 4217 4: 234 lets it begin.
  ['ftp', after<FtpMessage>((message) => message.type === 'command' && message.verb.toUpperCase() === 'AUTH' && /^(TLS|SSL)/i.test(message.argument ?? ''), ({ type }) => type === 'command', (message) => message.type === 'reply' && message.code === 234)],
]);

/** The answer has the tag of the command. */
function imapEnds(): Ends {
  let asked: string | null = null;
  return (_dir, value) => {
    const { type, tag, name } = value as ImapMessage;
    if (type === 'request') asked = name.toUpperCase() === 'STARTTLS' ? tag : asked;
    return type === 'response' && asked !== null && tag === asked && name.toUpperCase() === 'OK';
  };
}
