// QUIC, as far as it may be read without keys (RFC 8999; lengths of versions 1 and 2: RFC 9000 17.2, RFC 9369): forms, versions, connection
// ids, and where one packet of a datagram ends and the next begins. What is encrypted stays bytes.

import { concatBytes, writeUint } from '../../base/bytes';
import { incomplete, malformed, type Codec } from '../codec';
import { quicFields } from './fields';
import { FIXED, LONG, longHeader } from './header';

export type QuicPacket =
  | { readonly form: 'long'; readonly first: number; readonly version: number; readonly destination: Uint8Array; readonly source: Uint8Array; /** All that follows the ids. */ readonly rest: Uint8Array }
  /** The id that follows has a length that only its owner knows. */
  | { readonly form: 'short'; readonly first: number; readonly rest: Uint8Array };

export const codec: Codec<QuicPacket> = {
  protocol: 'quic',
  title: 'QUIC',
  layer: 'application',
  claims: ['udp.port:443'],
  decode(bytes, context) {
    const [first] = bytes;
    if (first === undefined) return incomplete(1);
    const done = (value: QuicPacket, end: number) => ({
      status: 'complete' as const, value, length: end, payload: { start: end, end: bytes.length, missing: context.missing ?? 0 }, next: ['app:quic'] as const, inside: { transport: 'udp' as const }, quotes: false,
    });
    if ((first & LONG) === 0) return (first & FIXED) === 0 ? malformed(0, 'neither form of a header begins so') : done({ form: 'short', first, rest: bytes.slice(1) }, bytes.length);
    const head = longHeader(bytes);
    if ('status' in head) return head.status === 'incomplete' && context.missing === 0 ? malformed(0, 'a packet that ends within its header') : head;
    return done({ form: 'long', first, version: head.version, destination: bytes.slice(...head.destination), source: bytes.slice(...head.source), rest: bytes.slice(head.source[1], head.end) }, head.end);
  },
  encode(value, payload) {
    if (value.form === 'short') return concatBytes(Uint8Array.of(value.first), value.rest, payload);
    const version = new Uint8Array(4);
    writeUint(version, 0, 4, value.version);
    const id = (bytes: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(bytes.length), bytes);
    if (Math.max(value.destination.length, value.source.length) > 255) throw new RangeError('an id has at most 255 bytes');
    return concatBytes(Uint8Array.of(value.first), version, id(value.destination), id(value.source), value.rest, payload);
  },
  fields: (bytes, _context, base) => quicFields(bytes, base),
};
