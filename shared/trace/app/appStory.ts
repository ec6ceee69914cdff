// What the bytes say above TCP and UDP: messages of DNS, HTTP/1, HTTP/2, TLS and BitTorrent, and what they make together: lookups,
// exchanges, sessions. The types that the application fold derives from a trace and its story, and that the views of the web labs read.
// Ids are stable and ascend in order of discovery; objects are replaced, not changed, when more becomes known.

import type { ConnId, EventSeq, HostIx, Micros, RoleIx, SockId } from '../../base/brand';
import type { StreamMessage } from '../../codec/bittorrent/stream';
import type { FieldNode } from '../../codec/field';
import type { Endpoint } from '../event';
import type { Note } from '../notes';
import type { NumberList } from '../story';

/** As Wireshark names them. 'bt-tracker' is a tracker over UDP; over HTTP it is an exchange. */
export type AppProtocol = 'dns' | 'http' | 'http2' | 'tls' | 'bittorrent' | 'bt-tracker';

/**
 * One message of an application: a DNS message, an HTTP/1 request or response, an HTTP/2 frame (or the preface), a TLS record, a message
 * between peers of BitTorrent (or the handshake), a datagram of a tracker ('query' and 'answer').
 */
export interface AppMessage {
  readonly id: number;
  readonly protocol: AppProtocol;
  readonly kind: 'query' | 'answer' | 'request' | 'response' | 'preface' | 'frame' | 'record' | 'handshake' | 'message';
  /** Which bytes it lies in: a datagram, the bytes of a TCP connection, or the plaintext of a TLS session above one. */
  readonly carrier: 'udp' | 'tcp' | 'tls';
  readonly conn: ConnId | null;
  /** From client to server, or back. For UDP: 'up' is towards the one that answers. */
  readonly dir: 'up' | 'down';
  readonly fromHost: HostIx;
  readonly toHost: HostIx;
  /** Null when that end is not ours. */
  readonly fromSock: SockId | null;
  readonly toSock: SockId | null;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** First byte and end in its direction's stream (of TCP or of the plaintext); of a datagram 0 and its size. */
  readonly start: number;
  readonly end: number;
  /** 'partial': the rest has not come, or never came; 'malformed': `why` says where it stops to be its protocol. */
  readonly state: 'complete' | 'partial' | 'malformed';
  readonly why: string;
  /** When its first and last bytes were given to the kernel, and when the first and the last were read at the other end. */
  readonly depart: Micros;
  readonly sent: Micros;
  readonly firstRead: Micros | null;
  readonly arrive: Micros | null;
  /** The facts of that: the send() of its first byte (a recv() when the sender is not ours), the recv() of its last byte. */
  readonly sentSeq: EventSeq;
  readonly arriveSeq: EventSeq | null;
  /** The segments that carried it, ascending; empty when its bytes are plaintext under TLS. */
  readonly segments: readonly number[];
  /** In the protocol's own words: 'GET /api/user', '200 OK', 'A www.example.test', 'HEADERS[1]', 'Client Hello', 'Have 7'. */
  readonly summary: string;
  /** True for what is wrong: a malformed message, an alert, 4xx and 5xx, NXDOMAIN, RST_STREAM. */
  readonly trouble: boolean;
}

export interface Header {
  readonly name: string;
  readonly value: string;
}

/** How the end of an HTTP body is found (RFC 9112 6.3, RFC 9113 8.1). */
export type BodyFraming = 'none' | 'content-length' | 'chunked' | 'until-close' | 'end-stream';

export interface HttpRequestHead {
  readonly method: string;
  readonly target: string;
  /** 'http' or 'https', authority and target together; '' when there is no host. */
  readonly url: string;
}

export interface HttpResponseHead {
  readonly status: number;
  readonly reason: string;
}

/** A request or a response, in whatever version, with the pieces that it was sent in. */
export interface HttpMessage<H> {
  readonly head: H;
  /** In order, as sent; pseudo-headers of HTTP/2 too. */
  readonly headers: readonly Header[];
  readonly trailers: readonly Header[];
  /** Its message (HTTP/1: one), or its frames in order. */
  readonly messages: readonly number[];
  /** -1: a report of another program that does not tell. */
  readonly headSize: number;
  /** Bytes of the body as sent, without the framing of chunks and frames. */
  readonly bodySize: number;
  readonly framing: BodyFraming;
  readonly complete: boolean;
  readonly depart: Micros;
  readonly sent: Micros;
  readonly firstRead: Micros | null;
  readonly arrive: Micros | null;
}

/** A span of time, in microseconds of the trace. */
export interface Span {
  readonly start: Micros;
  readonly end: Micros;
}

/** Where the time of an exchange went, as the client's program saw it (HAR's names). Null: it took no such step. */
export interface ExchangeTiming {
  /** Waiting for a free connection: from the moment that the client wanted it, where it said so. */
  readonly blocked: Span | null;
  readonly lookup: Span | null;
  readonly connect: Span | null;
  readonly tls: Span | null;
  readonly send: Span | null;
  readonly wait: Span | null;
  readonly receive: Span | null;
}

export interface HttpExchange {
  readonly id: number;
  /** 0: a report of another program that does not tell. */
  readonly conn: ConnId;
  /** Of HTTP/2; null in HTTP/1. */
  readonly stream: number | null;
  /** HTTP/3 only in what other programs report (har/harStory.ts). */
  readonly version: 'HTTP/1.0' | 'HTTP/1.1' | 'HTTP/2' | 'HTTP/3';
  readonly secure: boolean;
  /** Null when that end is not ours. */
  readonly clientRole: RoleIx | null;
  readonly serverRole: RoleIx | null;
  /** True when its client is a relay: the same exchange was seen before it. */
  readonly relayed: boolean;
  readonly request: HttpMessage<HttpRequestHead>;
  /** 100, 103 and their like (RFC 9110 15.2). */
  readonly interim: readonly HttpMessage<HttpResponseHead>[];
  readonly response: HttpMessage<HttpResponseHead> | null;
  readonly timing: ExchangeTiming;
  /** First of its connection. */
  readonly first: boolean;
  /** 'pushed' never happens: push is off. 'cut': the connection ended before the response did; 'reset': RST_STREAM or RST. */
  readonly outcome: 'sending' | 'waiting' | 'receiving' | 'complete' | 'cut' | 'reset';
}

/** A query and its answer, over UDP or TCP. */
export interface DnsExchange {
  readonly id: number;
  readonly query: number;
  readonly answer: number | null;
  readonly transport: 'udp' | 'tcp';
  /** The transaction id (RFC 1035 4.1.1). */
  readonly transaction: number;
  readonly name: string;
  /** 'A', 'MX'. */
  readonly type: string;
  readonly recursionDesired: boolean;
  readonly clientRole: RoleIx | null;
  readonly serverRole: RoleIx | null;
  /** 'NOERROR', 'NXDOMAIN'; null without an answer. */
  readonly rcode: string | null;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  /** What the answer is: records, a referral to name servers, nothing of that type, ... */
  readonly result: 'answer' | 'cname' | 'referral' | 'nodata' | 'nxdomain' | 'truncated' | 'error' | 'none';
  /** Records of the answer as text: 'www.example.test. 300 IN A 127.0.40.1', by section. */
  readonly records: readonly { readonly section: 'answer' | 'authority' | 'additional'; readonly text: string }[];
  readonly depart: Micros;
  readonly arrive: Micros | null;
  /** The lookup that it is a step of, as its client noted; null when it did not. */
  readonly lookup: number | null;
}

/** One resolver's work for one question, told by its notes (`dns.*`). */
export interface DnsLookup {
  readonly id: number;
  readonly role: RoleIx;
  /** The resolver's own number of it. */
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly start: Micros;
  readonly end: Micros | null;
  readonly rcode: string | null;
  readonly cached: boolean;
  /** Its queries, in order. */
  readonly exchanges: readonly number[];
  readonly notes: readonly { readonly seq: EventSeq; readonly t: Micros; readonly note: Note }[];
}

/** A handshake message or an alert of TLS, in the record that carries it. */
export interface TlsMessage {
  /** The record (AppMessage). */
  readonly record: number;
  readonly dir: 'up' | 'down';
  /** 'Client Hello', 'Encrypted Extensions', 'Alert (bad certificate)', 'Application Data', 'Encrypted Handshake Message'. */
  readonly name: string;
  /** True when its meaning is known only with the keys. */
  readonly encrypted: boolean;
  /** True when the keys of the trace opened it. */
  readonly opened: boolean;
  /** First byte and length in the record, or in the opened plaintext of it when it was encrypted. */
  readonly start: number;
  readonly length: number;
  readonly depart: Micros;
  readonly arrive: Micros | null;
}

export interface TlsSession {
  readonly id: number;
  readonly conn: ConnId;
  readonly clientRole: RoleIx | null;
  readonly serverRole: RoleIx | null;
  /** What the hellos agreed on: 'TLS 1.3', 'TLS_AES_128_GCM_SHA256'; '' while not known. */
  readonly version: string;
  readonly cipher: string;
  readonly alpn: string;
  readonly serverName: string;
  readonly messages: readonly TlsMessage[];
  /** When each side's program was told that it is secured. */
  readonly clientSecured: Micros | null;
  readonly serverSecured: Micros | null;
  /** The first failure that a program was told of. */
  readonly failure: { readonly seq: EventSeq; readonly code: string; readonly text: string; readonly role: RoleIx } | null;
  /** Bytes of plaintext given to TLS, each way. */
  readonly plaintextUp: number;
  readonly plaintextDown: number;
  /** The trace holds the keys. */
  readonly keys: boolean;
}

/** What a message between peers of BitTorrent says, as far as it is numbers: those that are not said are -1. */
export interface PeerWords {
  /** 'handshake', 'choke', 'bitfield', 'have', 'request', 'piece', ... */
  readonly type: StreamMessage['type'];
  readonly piece: number;
  /** First byte in the piece, and how many bytes. */
  readonly begin: number;
  readonly length: number;
}

/** One of our programs closed its end of a connection, for the first time. */
export interface ConnClosing {
  readonly conn: ConnId;
  readonly at: Micros;
  readonly seq: EventSeq;
}

/** Everything above the transport, derived from a story; grows with it. */
export interface AppStory {
  /** Grows with every change. */
  readonly version: number;
  /** It keeps no more messages (limits.ts): what came later is not dissected. */
  readonly full?: boolean;
  readonly messages: readonly AppMessage[];
  /** Ids of messages that were new or made anew, in that order; only grows. Who remembers how far they have read it knows what they missed. */
  readonly changes?: NumberList;
  /** Ends of connections that carry bytes, in order of discovery; only grows. */
  readonly closings?: readonly ConnClosing[];
  readonly exchanges: readonly HttpExchange[];
  readonly queries: readonly DnsExchange[];
  readonly lookups: readonly DnsLookup[];
  readonly sessions: readonly TlsSession[];
  /** Notes of all roles, in order. */
  readonly notes: readonly { readonly seq: EventSeq; readonly t: Micros; readonly role: RoleIx; readonly note: Note }[];
  message(id: number): AppMessage | null;
  /** Messages whose bytes a fact (send, recv) or a segment carries, ascending. */
  messagesOfFact(seq: number): readonly number[];
  messagesOfSegment(id: number): readonly number[];
  /** The message's bytes as far as the trace keeps them, in its own order; null when none are kept. */
  bytes(id: number): Uint8Array<ArrayBuffer> | null;
  /** The message's field tree, byte positions counted from its own first byte. With what earlier messages taught (HPACK, keys). */
  fields(id: number): FieldNode | null;
  /** What a TLS record holds, opened with the trace's keys; null without them or when it is not encrypted. */
  opened(id: number): { readonly bytes: Uint8Array<ArrayBuffer>; readonly fields: FieldNode } | null;
  /**
   * The body of a request or response as sent, framing taken off, up to the first byte that is not kept. `coding`: the content coding
   * that is still on it ('gzip'; RFC 9110 8.4.1), '' when there is none.
   */
  body(exchange: number, side: 'request' | 'response'): { readonly bytes: Uint8Array<ArrayBuffer>; readonly kept: number; readonly size: number; readonly coding?: string };
  /** Bytes of the response's body (as `body` gives them) that the client's program had read at time `t`. */
  bodyRead(exchange: number, t: Micros): number;
  /** The exchange or the query that a message belongs to, else null. */
  exchangeOf(message: number): HttpExchange | null;
  queryOf(message: number): DnsExchange | null;
  /** What a message between peers says, without its bytes: cheap enough to ask for each. Null for others, and while it is not known. */
  peerWords(message: number): PeerWords | null;
}
