// Turns a server's answer into bytes and a client's bytes into a question: what every DNS server does before and after it knows
// anything. Malformed, unknown and unanswerable messages end here (RFC 1035 4.1.1, RFC 6891 6, 7).

import { decodeMessage, encodeMessage, encodeWithin, HEADER_LENGTH } from '../../../shared/codec/dns/message';
import { countEdns, ednsOf, ednsRecord, NO_FLAGS, type DnsHeader, type DnsMessage, type DnsQuestion, type DnsRecord } from '../../../shared/codec/dns/records';
import { OPCODE, RCODE } from '../../../shared/codec/dns/types';
import type { Endpoint } from '../../../shared/trace/event';
import { DNS_LIMITS } from './limits';

/** The answer to one message; null: none is sent. Must neither throw nor reject. */
export type Answerer = (bytes: Uint8Array, from: Endpoint, transport: Transport) => Uint8Array | null | Promise<Uint8Array | null>;

/** What a server says to one question. */
export interface Reply {
  readonly rcode: number;
  readonly aa: boolean;
  readonly ra: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}

export type Transport = 'udp' | 'tcp';

/** What the client's bytes are: nothing to answer, an answer at once, or a question to think about. */
export type Received =
  | { readonly kind: 'silence' }
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  | { readonly kind: 'question'; readonly query: DnsMessage; readonly question: DnsQuestion };

const SILENCE: Received = { kind: 'silence' };

/** Never throws, whatever the bytes. */
export function receive(bytes: Uint8Array, ra: boolean): Received {
  // Less than a header has nobody to answer; a response is never answered, or two servers would talk for ever (RFC 1035 4.1.1).
  if (bytes.length < HEADER_LENGTH || ((bytes[2] ?? 0) & 0x80) !== 0) return SILENCE;
  const message = decodeMessage(bytes);
  const header: DnsHeader | null = 'error' in message ? message.header : message;
  if (header === null) return SILENCE;
  const decoded = 'error' in message ? null : message;
  // NOTIMP before FORMERR: what other opcodes put into their sections is not ours to judge (RFC 3425, RFC 1996, RFC 2136).
  if (header.flags.opcode !== OPCODE.QUERY) return refuse(header, decoded, RCODE.NOTIMP, ra);
  const question = decoded?.questions[0];
  if (decoded === null || question === undefined || decoded.questions.length !== 1) return refuse(header, decoded, RCODE.FORMERR, ra);
  const opts = countEdns(decoded);
  if (opts > 1) return refuse(header, decoded, RCODE.FORMERR, ra); // RFC 6891 6.1.1
  const edns = ednsOf(decoded);
  if (edns !== null && decoded.additionals.some(({ data, name }) => data.type === 'OPT' && name !== '.')) return refuse(header, decoded, RCODE.FORMERR, ra); // 6.1.2
  if (edns !== null && edns.version > 0) return refuse(header, decoded, RCODE.BADVERS, ra); // 6.1.3
  return { kind: 'question', query: decoded, question };
}

/** An error that says no more than itself; the question comes back where it could be read. */
function refuse(header: DnsHeader, query: DnsMessage | null, rcode: number, ra: boolean): Received {
  const reply = { rcode, aa: false, ra, answers: [], authorities: [], additionals: [] };
  return { kind: 'answer', bytes: encodeMessage(messageOf(header, query, reply)) };
}

/** The reply to a question as bytes that the client can take: cut short over UDP (TC), whole over TCP. */
export function encodeReply(query: DnsMessage, reply: Reply, transport: Transport): Uint8Array {
  return encodeWithin(messageOf(query, query, reply), transport === 'tcp' ? 0xffff : udpLimit(query));
}

/** RFC 6891 6.2.3: what the client says it takes, but not less than 512 and not more than we send. */
export function udpLimit(query: DnsMessage): number {
  const edns = ednsOf(query);
  return edns === null ? DNS_LIMITS.plainUdp : Math.min(Math.max(edns.udpSize, DNS_LIMITS.plainUdp), DNS_LIMITS.udpSize);
}

function messageOf(header: DnsHeader, query: DnsMessage | null, reply: Reply): DnsMessage {
  const { opcode, rd, cd } = header.flags;
  // An OPT record is answered with one (RFC 6891 6.1.1); it holds the upper bits of the code.
  const edns = query === null || ednsOf(query) === null ? [] : [ednsRecord({ udpSize: DNS_LIMITS.udpSize, extendedRcode: reply.rcode >> 4 })];
  return {
    id: header.id,
    // RD comes back as it was (RFC 1035 4.1.1); CD too (RFC 4035 3.2.2).
    flags: { ...NO_FLAGS, qr: true, opcode, rd, cd, aa: reply.aa, ra: reply.ra, rcode: reply.rcode & 15 },
    // The question as it was spelled: some clients check that (draft-vixie-dnsext-dns0x20).
    questions: query?.questions ?? [],
    answers: reply.answers,
    authorities: reply.authorities,
    additionals: [...reply.additionals, ...edns],
  };
}
