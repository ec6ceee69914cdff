// What a codec is: decode, encode, fields of one protocol. Bytes of a frame come in, values and trees with byte ranges go out.
// A codec knows nothing of traces or screens. Each lives in a folder of its own, as `<protocol>/codec.ts` exporting `codec`.

import type { FieldNode } from './field';

export type Layer = 'link' | 'internet' | 'transport' | 'application';

/** What a header says about what follows it, and what a codec answers to: `ethertype:2048`, `ip.proto:6`, `tcp.port:80`. */
/** `app:http2` names the codec itself: what follows a message of a stream is one more, or a protocol that was agreed on before. */
export type Claim = `${'linktype' | 'ethertype' | 'ip.proto' | 'tcp.port' | 'udp.port'}:${number}` | `app:${string}`;

/** The addresses that TCP, UDP and ICMPv6 take into their checksums (RFC 9293 3.1, RFC 768, RFC 8200 8.1). */
export interface NetworkContext {
  readonly source: string;
  readonly destination: string;
}

/** What the layers beneath know. */
export interface Context {
  readonly network?: NetworkContext;
  /** Bytes of this header and payload that were on the wire and are not in `bytes` (a short capture). Left out: not known. */
  readonly missing?: number;
  /** What carries an application's message: DNS has a length before each message over TCP (RFC 1035 4.2.2). */
  readonly transport?: 'tcp' | 'udp';
  /** Which way a stream's bytes go: up from who connected. Left out: not known. */
  readonly dir?: 'up' | 'down';
  /** What the message before said about the next one in its direction, in the codec's own word ('mail': lines of a mail follow). */
  readonly mode?: string;
  /** Fields that the messages of a stream which are left in this frame may still show, so that a frame full of small ones stays small. */
  readonly room?: number;
  /** True inside a fragment of a packet: lengths and checksums speak of bytes that are elsewhere. */
  readonly fragment?: boolean;
  /** True inside a packet that an ICMP error quotes: it ends where the quotation ends. */
  readonly quoted?: boolean;
}

export interface Complete<V> {
  readonly status: 'complete';
  readonly value: V;
  /** Bytes of the header. */
  readonly length: number;
  /** Where the payload lies in the given bytes, and how many bytes of it are not there. What follows `end` is not this packet's. */
  readonly payload: { readonly start: number; readonly end: number; readonly missing: number };
  /** Who may decode the payload, best first; none: nobody, it is data. */
  readonly next: readonly Claim[];
  /** What the codec of the payload must know. */
  readonly inside: Context;
  /** True when the payload is a copy of another packet's beginning (ICMP errors). */
  readonly quotes: boolean;
}

/** The header goes on past the bytes; at least `need` bytes from its start must be there. */
export interface Incomplete {
  readonly status: 'incomplete';
  readonly need: number;
}

/** These bytes cannot be this protocol: the fault lies `at` bytes from the start. `why` is English, for developers. */
export interface Malformed {
  readonly status: 'malformed';
  readonly at: number;
  readonly why: string;
}

export type Decoded<V> = Complete<V> | Incomplete | Malformed;

/** V: what decode gives. E: what encode takes (lengths and checksums may be left out: then they are made right). */
export interface Codec<V, E = V> {
  /** Wireshark's name of the protocol: 'eth', 'ip', 'tcp'. */
  readonly protocol: string;
  /** As people say it: 'Ethernet', 'IPv4'. */
  readonly title: string;
  readonly layer: Layer;
  readonly claims: readonly Claim[];
  /** Never throws, whatever the bytes. */
  decode(bytes: Uint8Array, context: Context): Decoded<V>;
  /** Header and payload as bytes. Throws RangeError or TypeError for a value that has no bytes (a bad address, 300 B of options). */
  encode(value: E, payload: Uint8Array, context: Context): Uint8Array<ArrayBuffer>;
  /** The header's tree, as far as the bytes go; `base` is added to every start. Never throws. */
  fields(bytes: Uint8Array, context: Context, base: number): FieldNode;
  /** True for a datagram that can hardly be anything else: then no port need say so. Never throws. */
  recognizes?(bytes: Uint8Array): boolean;
}

/** Bytes of a packet that says it is `total` long, and which are not among the `here` that we have. */
export function missingBytes(total: number, here: number, context: Context): number {
  const lacking = Math.max(0, total - here);
  return context.missing === undefined ? lacking : Math.min(lacking, context.missing);
}

export const incomplete = (need: number): Incomplete => ({ status: 'incomplete', need });
export const malformed = (at: number, why: string): Malformed => ({ status: 'malformed', at, why });
