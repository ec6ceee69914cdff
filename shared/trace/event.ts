// The event model: what one recorded fact is, and how we know it. First stage of the way of the data: taps write facts,
// everything else reads them. Meaning (connections, segments, states) is derived in fold.ts and infer.ts, not stored here.

import type { EventSeq, Micros, RoleIx, SockId } from '../base/brand';

/** How we know something (product.md, "The promise: evidence"). */
export type Evidence = 'captured' | 'observed' | 'inferred' | 'model';

/** Codes of the evidence column. */
export const EVIDENCE_CODE = { captured: 1, observed: 2, inferred: 3, model: 4 } as const satisfies Record<Evidence, number>;

/** Evidence with its grounds: what is inferred names the rule that it follows from and the facts that the rule used. */
export type Provenance =
  /** The kernel gave its packet, fact `packet`; `rule` and `from` say why it was sent, where calls tell. */
  | { readonly evidence: 'captured'; readonly packet: EventSeq; readonly rule: InferenceRule | null; readonly from: readonly EventSeq[] }
  | { readonly evidence: 'observed' }
  | { readonly evidence: 'inferred'; readonly rule: InferenceRule; readonly from: readonly EventSeq[] }
  | { readonly evidence: 'model' };

/** The rule that says why it was sent, of what is inferred and of what was captured; null: a call of ours tells. */
export const ruleOf = (provenance: Provenance): InferenceRule | null => (provenance.evidence === 'inferred' || provenance.evidence === 'captured' ? provenance.rule : null);
/** The facts that it follows from. */
export const groundsOf = (provenance: Provenance): readonly EventSeq[] => (provenance.evidence === 'inferred' || provenance.evidence === 'captured' ? provenance.from : []);

/** The named rules of infer.ts. Each has a sentence in the message catalogues (`rules.<name>`, `.` and `-` as `_`). */
export type InferenceRule =
  | 'tcp.handshake.connected' //      connect() succeeded or accept() returned: SYN, SYN-ACK, ACK went over the wire (RFC 9293 3.5)
  | 'tcp.syn.unanswered' //           connect() ended without an answer: SYN went, and nothing came back that the program was told of (RFC 9293 3.8.3)
  | 'tcp.refused' //                  connect() failed with ECONNREFUSED: SYN went, RST came back (RFC 9293 3.5.2)
  | 'tcp.fin.shutdown' //             shutdown(SHUT_WR) sends FIN after the queued bytes (RFC 9293 3.6)
  | 'tcp.fin.close' //                close() with nothing unread sends FIN (RFC 9293 3.6)
  | 'tcp.fin.end-of-stream' //        recv() returned 0: the peer's FIN had come (RFC 9293 3.6)
  | 'tcp.rst.close-unread' //         close() with unread bytes sends RST instead of FIN (RFC 2525 2.17)
  | 'tcp.rst.data-after-close' //     bytes for a socket that was closed are answered with RST (RFC 9293 3.10.7.1)
  | 'tcp.rst.reset' //                a call failed with ECONNRESET: the peer's RST had come (RFC 9293 3.5.3)
  | 'tcp.rst.linger' //               close() with SO_LINGER 0 sends RST (RFC 9293 3.10.5, ABORT)
  | 'tcp.rst.listener-closed' //      close() of a listening socket resets what waits in its accept queue (RFC 9293 3.10.4)
  | 'udp.unreachable' //              ECONNREFUSED on a connected UDP socket: ICMP port unreachable came (RFC 1122 4.1.3.3)
  | 'udp.lost' //                     a datagram that no tapped socket of its address received until the end of the run
  | 'peer.sent' //                    a peer that is not ours must have sent what our socket received
  | 'peer.received' //                a peer that is not ours was sent what our socket sent
  | 'socket.reuseaddr' //             libuv sets SO_REUSEADDR before bind() of a TCP socket on POSIX systems
  | 'tcp.state' //                    a TCP state that follows from the calls and segments (RFC 9293 3.3.2)
  | 'headers.reconstructed'; //       header bytes encoded by our codecs from what is known of the segment

/**
 * The kinds of facts: `noun.pastVerb`, with the code of the kind column. Codes are part of the run file: never reuse one.
 * Columns that a kind gives a meaning to (`a`, `b` are signed 32-bit, `text` a string of the dictionary):
 *
 * | kind | call | sock | a | b | other |
 * |---|---|---|---|---|---|
 * | lab.started | | | | | text: JSON {lab, params, startedAt, platform, services: [{protocol, port, wellKnown}]} |
 * | lab.ended | | | | | text: 'reached' 'stopped' or 'failed'; err |
 * | host.added | | | host index | | text: JSON {id, name, address, program}, and fallback: true where 127.0.0.1 stands in for its address |
 * | role.started | | | host index | | role; text: JSON {id, name, kind: 'client' 'server' or 'relay'} |
 * | role.ended | | | | | role; text: 'done' 'killed' or 'failed'; err |
 * | role.printed | print() | | | | text: what the program showed its user |
 * | action.taken | | | | | text: JSON {action, args} |
 * | socket.opened | socket() | new | fd or -1 | 1 stream, 2 datagram | text: 'AF_INET', 'AF_INET6' or 'AF_UNIX'; err |
 * | option.set | setsockopt() | x | | | text: 'SO_KEEPALIVE=1'; err |
 * | socket.bound | bind() | x | | | local; err |
 * | socket.listened | listen() | x | backlog | | local; err |
 * | connect.started | connect() is called | x | | | remote |
 * | connect.ended | connect() returns | x | | | local, remote; err |
 * | accept.started | accept() is called, waits | listening | | | |
 * | connection.accepted | accept() returns | listening | new socket's id | its fd or -1 | local, remote |
 * | bytes.sent | send() | x | result: bytes that the kernel took at once, or -1 | 1 if non-blocking: it returned at once with that result | offset, size, payload; err |
 * | send.ended | send() that had to wait is done | x | bytes still taken | | offset: end of what is now taken; err |
 * | recv.started | recv(a) is called, waits | x | buffer size | | |
 * | bytes.received | recv() returns | x | buffer size | | offset, size, payload |
 * | stream.ended | recv() returns 0 | x | buffer size | | offset: bytes of the stream |
 * | stream.shutdown | shutdown() | x | 0 RD, 1 WR, 2 RDWR | | offset: bytes sent; err |
 * | socket.closed | close() | x | 1 if SO_LINGER 0 (abort) | | |
 * | call.failed | any call, later than its start | x | | | text: 'recv' 'send' 'accept' ...; err: errno, or CONNECTION_LIMIT when we turned a client away |
 * | recvfrom.started | recvfrom(a) is called, waits | x | buffer size | | |
 * | datagram.sent | sendto() | x | result or -1 | 1 if the socket is connected | local, remote, size, payload; err |
 * | datagram.received | recvfrom() returns | x | buffer size | | local, remote (the source), size, payload |
 * | role.noted | | | | | text: JSON of a Note (notes.ts): what a program decided or found, as it says itself |
 * | fault.applied | | of the relay, on the side where it came in | ms that it was held, else 0 | 1 towards the server, 2 towards the client | text: a FaultKind (lab/faults.ts); size: bytes concerned |
 * | tls.secured | handshake done | x | 1 if it resumed a session | | text: JSON {version, cipher, alpn, serverName, authorized} as node:tls names them |
 * | tls.failed | | x | | | err: code of node:tls or OpenSSL ('CERT_HAS_EXPIRED'); text: its message |
 * | plaintext.sent | SSL_write() | x | bytes accepted | | offset and size in the plaintext's own stream, payload |
 * | plaintext.received | SSL_read() | x | | | offset and size in the plaintext's own stream, payload |
 * | key.logged | | x | | | text: one line of an NSS key log (SSLKEYLOGFILE); only where the user asked to keep keys |
 * | select.started | select() is called, waits | | timeout in ms, -1: none | | text: JSON SelectSets: ids of the sockets that it asks about |
 * | select.returned | select() returns | | sockets that are ready | | text: JSON SelectSets: ids of those that are |
 * | socket.sampled | | x, or 0: a socket that no program of ours has | send queue, bytes; of a listening socket 0; -1: the table does not tell | receive queue, bytes; of a listening socket: connections that wait for accept() | local, remote; text: the kernel's name of the state ('TIME_WAIT'), 'GONE' once the table has it no more; offset: ms until its timer fires, 0: none; size: which timer, 1 retransmission, 2 keep-alive, 3 TIME_WAIT, 4 probe of a zero window |
 * | packet.captured | | | link type | interface | size on the wire, payload: the frame |
 * | capture.changed | | | 1: from now on packets are recorded, 0: no longer | | size: packets that were missed; text: the program that captures; err: why it ended by itself |
 */
export const KIND_CODE = {
  'lab.started': 1,
  'lab.ended': 2,
  'host.added': 3,
  'role.started': 4,
  'role.ended': 5,
  'role.printed': 6,
  'action.taken': 7,
  'role.noted': 8,
  'fault.applied': 9,
  'socket.opened': 16,
  'option.set': 17,
  'socket.bound': 18,
  'socket.listened': 19,
  'connect.started': 20,
  'connect.ended': 21,
  'accept.started': 22,
  'connection.accepted': 23,
  'bytes.sent': 24,
  'send.ended': 25,
  'recv.started': 26,
  'bytes.received': 27,
  'stream.ended': 28,
  'stream.shutdown': 29,
  'socket.closed': 30,
  'call.failed': 31,
  'recvfrom.started': 32,
  'datagram.sent': 33,
  'datagram.received': 34,
  'tls.secured': 40,
  'tls.failed': 41,
  'plaintext.sent': 42,
  'plaintext.received': 43,
  'key.logged': 44,
  'select.started': 37,
  'select.returned': 38,
  'packet.captured': 48,
  'socket.sampled': 49,
  'capture.changed': 50,
} as const;

export type EventKind = keyof typeof KIND_CODE;

/**
 * Sockets by their ids in the trace. Readable: recv() (or accept()) would not block, for bytes, an end or an error are there; writable: send()
 * would take at least a byte.
 */
export interface SelectSets {
  readonly read: readonly number[];
  readonly write: readonly number[];
}

/** An IP address (text, no brackets) and a port, as the socket API gives them. Of AF_UNIX: the path ('' when it has none), port 0. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** One fact, as an object. Made on demand by TraceStore.at(); never kept in bulk. */
export interface Fact {
  readonly seq: EventSeq;
  readonly t: Micros;
  readonly kind: EventKind;
  /** Facts are captured or observed; inferred things are not stored (infer.ts derives them). */
  readonly evidence: 'captured' | 'observed';
  readonly role: RoleIx;
  readonly sock: SockId;
  readonly a: number;
  readonly b: number;
  /** errno name ('ECONNRESET'), or '' when the call succeeded. */
  readonly err: string;
  readonly local: Endpoint | null;
  readonly remote: Endpoint | null;
  /** Bytes of this direction of the stream before this chunk. */
  readonly offset: number;
  /** Bytes that the call carried. */
  readonly size: number;
  /** Bytes of them that the trace keeps (see limits.ts); the payload is read by TraceStore.payload(seq). */
  readonly kept: number;
  readonly text: string;
}
