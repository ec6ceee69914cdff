// One question to one server: over UDP by a socket of its own, so that the system picks a port that nobody can guess, with an id that
// nobody can guess (RFC 5452 9.2); over TCP when the answer was cut short. What claims to be the answer is checked before it is read.

import { randomInt } from 'node:crypto';
import { framed } from '../../../shared/codec/dns/codec';
import { decodeMessage, encodeMessage } from '../../../shared/codec/dns/message';
import { sameName } from '../../../shared/codec/dns/name';
import { ednsRecord, queryFor, type DnsMessage, type DnsQuestion } from '../../../shared/codec/dns/records';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import { errnoOf } from '../errno';
import type { StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { DNS_LIMITS } from './limits';
import type { Transport } from './reply';
import { shortName } from './show';
import { MessageCutter } from './tcpMessages';

export interface ExchangeOptions {
  readonly server: Endpoint;
  readonly question: DnsQuestion;
  readonly recursionDesired: boolean;
  /** Bytes that we say we take in a datagram (RFC 6891 6.2.3); 0: no EDNS. */
  readonly udpSize: number;
  /** How long the answer is waited for over UDP, in ms. */
  readonly wait: number;
  /** Just before the query goes: its id, for the notes. */
  readonly onAsk?: (id: number, transport: Transport) => void;
  /** Just after it went: the port that it went from. */
  readonly onSent?: (query: SentQuery) => void;
  /** The answer over UDP was cut short; TCP comes next. */
  readonly onTruncated?: () => void;
}

export interface SentQuery {
  readonly id: number;
  readonly port: number;
  readonly question: DnsQuestion;
  readonly server: Endpoint;
}

export type ExchangeResult = { readonly message: DnsMessage } | { readonly failure: string };

/** Never rejects, but for the role's end. `failure`: an errno name, ETIMEDOUT when nothing good came in time. */
export async function exchange(role: RoleContext, options: ExchangeOptions): Promise<ExchangeResult> {
  try {
    const message = await overUdp(role, options);
    if (!message.flags.tc) return { message };
    options.onTruncated?.();
    return { message: await overTcp(role, options) };
  } catch (error) {
    if (role.signal.aborted) throw error;
    return { failure: errnoOf(error) };
  }
}

function makeQuery(options: ExchangeOptions, transport: Transport): DnsMessage {
  const { question, udpSize, recursionDesired } = options;
  const id = randomInt(0x10000);
  options.onAsk?.(id, transport);
  return { ...queryFor(id, question.name, question.type, { rd: recursionDesired, ...(udpSize > 0 && { edns: ednsRecord({ udpSize }) }) }), questions: [question] };
}

async function overUdp(role: RoleContext, options: ExchangeOptions): Promise<DnsMessage> {
  const { server, question } = options;
  const query = makeQuery(options, 'udp');
  // Not connected: then the system would drop foreign datagrams silently, and the check below could not be seen.
  const socket = await role.host.dgram.open();
  try {
    await socket.sendTo(encodeMessage(query), server);
    options.onSent?.({ id: query.id, port: socket.local?.port ?? 0, question, server });
    const until = performance.now() + options.wait;
    for (let count = 0; count < DNS_LIMITS.forged; count++) {
      const left = until - performance.now();
      if (left <= 0) break;
      const { bytes, from } = await socket.recvFrom(Math.max(options.udpSize, DNS_LIMITS.plainUdp), left);
      const message = decodeMessage(bytes);
      const why = suspicion(message, query, from, server);
      if (why === null && !('error' in message)) return message;
      role.note({ topic: 'dns.ignored', why: why ?? 'malformed', from: formatEndpoint(from), name: shortName(question.name) });
    }
  } finally {
    socket.close();
  }
  throw Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}

/** Why this is not the answer to our query (RFC 5452 9.1), or null when all fits. */
export function suspicion(message: ReturnType<typeof decodeMessage>, query: DnsMessage, from: Endpoint, server: Endpoint): 'address' | 'port' | 'malformed' | 'id' | 'question' | null {
  if (from.address !== server.address) return 'address';
  if (from.port !== server.port) return 'port';
  const header = 'error' in message ? message.header : message;
  if (header === null) return 'malformed';
  if (header.id !== query.id) return 'id';
  if ('error' in message || !message.flags.qr) return 'malformed';
  const [asked] = query.questions;
  const [answered, second] = message.questions;
  // Servers that found our query malformed may send its header only.
  if (answered === undefined) return message.flags.rcode === 0 ? 'question' : null;
  const fits = asked !== undefined && second === undefined && sameName(answered.name, asked.name) && answered.type === asked.type && answered.class === asked.class;
  return fits ? null : 'question';
}

async function overTcp(role: RoleContext, options: ExchangeOptions): Promise<DnsMessage> {
  const { server } = options;
  const query = makeQuery(options, 'tcp');
  let socket: StreamSocket | null = null;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    socket?.close();
  }, DNS_LIMITS.tcp);
  try {
    socket = await role.host.net.dial(server);
    if (late) throw new Error('too late');
    await socket.sendAll(framed(encodeMessage(query)));
    const cutter = new MessageCutter();
    for (;;) {
      const bytes = await socket.recv(0x4000);
      if (bytes.length === 0) throw Object.assign(new Error('the connection ended before the answer'), { code: 'ECONNRESET' });
      for (const whole of cutter.push(bytes)) {
        const message = decodeMessage(whole);
        const why = suspicion(message, query, server, server);
        if (why === null && !('error' in message)) return message;
        role.note({ topic: 'dns.ignored', why: why ?? 'malformed', from: formatEndpoint(server), name: shortName(options.question.name) });
      }
    }
  } catch (error) {
    throw late ? Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }) : error;
  } finally {
    clearTimeout(timer);
    socket?.close();
  }
}
