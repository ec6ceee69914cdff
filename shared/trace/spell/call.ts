// One call of the socket API with its arguments, before any language: what python.ts, c.ts and typeScript.ts spell. Made of the facts of
// event.ts; what is no call of a program (notes, faults, TLS, captured packets) has no spelling.

import type { Endpoint, Fact } from '../event';
import { selectSets } from '../selectSets';
import { literalOf, type Literal } from './literal';
import { DECLARED, REPLY } from './roleCalls';
import type { SocketNames } from './names';

/** An address in a call: given in full, declared before, or where the last datagram came from. */
export interface Address {
  readonly at: Endpoint;
  readonly how: 'full' | 'declared' | 'reply';
}

/** `v`: the variable of its socket. */
export type Call =
  | { readonly name: 'socket'; readonly v: string; readonly family: string; readonly datagram: boolean; readonly listener: boolean }
  | { readonly name: 'setsockopt'; readonly v: string; readonly option: string; readonly value: number; readonly datagram: boolean }
  | { readonly name: 'bind'; readonly v: string; readonly at: Endpoint; readonly datagram: boolean; readonly listener: boolean }
  | { readonly name: 'listen'; readonly v: string; readonly backlog: number }
  /** `into`: the variable of the new socket. */
  | { readonly name: 'accept'; readonly v: string; readonly into: string }
  | { readonly name: 'connect'; readonly v: string; readonly to: Address }
  /** `waits`: the kernel did not take all at once. `atOnce`: non-blocking, it returned what it took. */
  | { readonly name: 'send'; readonly v: string; readonly data: Literal; readonly size: number; readonly waits: boolean; readonly atOnce: boolean; readonly datagram: boolean }
  /** `size`: of the buffer; 0: not known. `ended`: it returned the end of the stream. */
  | { readonly name: 'recv'; readonly v: string; readonly size: number; readonly ended: boolean }
  | { readonly name: 'recvfrom'; readonly v: string; readonly size: number }
  | { readonly name: 'sendto'; readonly v: string; readonly data: Literal; readonly size: number; readonly to: Address }
  | { readonly name: 'shutdown'; readonly v: string; readonly how: 'RD' | 'WR' | 'RDWR' }
  /** `abort`: with SO_LINGER 0. */
  | { readonly name: 'close'; readonly v: string; readonly abort: boolean; readonly listener: boolean; readonly datagram: boolean }
  /** `timeout` in ms, -1: none. */
  | { readonly name: 'select'; readonly read: readonly string[]; readonly write: readonly string[]; readonly timeout: number }
  | { readonly name: 'print'; readonly text: string }
  | { readonly name: 'exit'; readonly how: 'done' | 'killed' | 'failed' };

const NOWHERE: Endpoint = { address: '0.0.0.0', port: 0 };
const HOW = ['RD', 'WR', 'RDWR'] as const;
const NO_DATA: Literal = { text: '…', kind: 'ascii' };

/** The call that begins with `fact` and, as far as it is known, returned with `returned`. Null: it is no call. */
export function callOf(fact: Fact, returned: Fact | null, payload: (seq: number) => Uint8Array, names: SocketNames, flags: number): Call | null {
  const v = names.of(fact.sock);
  const datagram = names.isDatagram(fact.sock);
  const literal = (): Literal => (fact.size > 0 && fact.kept === 0 ? NO_DATA : literalOf(payload(fact.seq), fact.size));
  const to: Address = { at: fact.remote ?? NOWHERE, how: (flags & REPLY) !== 0 ? 'reply' : (flags & DECLARED) !== 0 ? 'declared' : 'full' };
  switch (fact.kind) {
    case 'socket.opened': return { name: 'socket', v, family: fact.text, datagram: fact.b === 2, listener: names.isListener(fact.sock) };
    case 'option.set': return optionCall(v, fact.text, datagram);
    case 'socket.bound': return { name: 'bind', v, at: fact.local ?? NOWHERE, datagram, listener: names.isListener(fact.sock) };
    case 'socket.listened': return { name: 'listen', v, backlog: fact.a };
    case 'connect.started': case 'connect.ended': return { name: 'connect', v, to };
    case 'accept.started': case 'connection.accepted': {
      const accepted = fact.kind === 'connection.accepted' ? fact : returned;
      return { name: 'accept', v, into: accepted?.kind === 'connection.accepted' && accepted.err === '' ? names.of(accepted.a) : 'conn' };
    }
    case 'bytes.sent': return { name: 'send', v, data: literal(), size: fact.size, waits: fact.b !== 1 && fact.err === '' && fact.a < fact.size, atOnce: fact.b === 1, datagram: false };
    case 'send.ended': return { name: 'send', v, data: NO_DATA, size: fact.a, waits: true, atOnce: false, datagram: false };
    case 'recv.started': case 'bytes.received': return { name: 'recv', v, size: fact.a, ended: returned?.kind === 'stream.ended' };
    case 'stream.ended': return { name: 'recv', v, size: fact.a, ended: true };
    case 'recvfrom.started': case 'datagram.received': return { name: 'recvfrom', v, size: fact.a };
    case 'datagram.sent':
      return fact.b === 1 ? { name: 'send', v, data: literal(), size: fact.size, waits: false, atOnce: false, datagram: true } : { name: 'sendto', v, data: literal(), size: fact.size, to };
    case 'stream.shutdown': return { name: 'shutdown', v, how: HOW[fact.a] ?? 'WR' };
    case 'socket.closed': return { name: 'close', v, abort: fact.a === 1, listener: names.isListener(fact.sock), datagram };
    case 'call.failed': return failedCall(fact.text, v, to);
    case 'select.started': case 'select.returned': {
      const { read, write } = selectSets(fact.text);
      return { name: 'select', read: read.map((sock) => names.of(sock)), write: write.map((sock) => names.of(sock)), timeout: fact.kind === 'select.started' ? fact.a : -1 };
    }
    case 'role.printed': return { name: 'print', text: fact.text };
    case 'role.ended': return { name: 'exit', how: fact.text === 'killed' || fact.text === 'failed' ? fact.text : 'done' };
    case 'lab.started': case 'lab.ended': case 'host.added': case 'role.started': case 'role.noted': case 'action.taken': case 'fault.applied':
    case 'tls.secured': case 'tls.failed': case 'plaintext.sent': case 'plaintext.received': case 'key.logged': case 'packet.captured':
    case 'socket.sampled': case 'capture.changed':
      return null;
    default: return unknown(fact.kind);
  }
}

const unknown = (kind: never): null => kind;

/** setsockopt() from its text: 'SO_KEEPALIVE=1'. */
export function optionCall(v: string, text: string, datagram: boolean): Call {
  const [option = '', value = '1'] = text.split('=');
  return { name: 'setsockopt', v, option, value: Number(value), datagram };
}

/** A call of which only the failure was seen, later than its start. */
function failedCall(name: string, v: string, to: Address): Call {
  switch (name) {
    case 'accept': return { name: 'accept', v, into: 'conn' };
    case 'connect': return { name: 'connect', v, to };
    case 'send': return { name: 'send', v, data: NO_DATA, size: 0, waits: false, atOnce: false, datagram: false };
    case 'sendto': return { name: 'sendto', v, data: NO_DATA, size: 0, to };
    case 'recvfrom': return { name: 'recvfrom', v, size: 0 };
    case 'shutdown': return { name: 'shutdown', v, how: 'WR' };
    case 'close': return { name: 'close', v, abort: false, listener: false, datagram: false };
    // 'recv', and whatever a later platform reports on a socket.
    default: return { name: 'recv', v, size: 0, ended: false };
  }
}
