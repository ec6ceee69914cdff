// DNS messages (RFC 1035 4) as a layer of a frame: a datagram, or one message of a TCP stream behind its length (RFC 1035 4.2.2), where
// the next may follow. mDNS has the same form (mdns/). Servers take message.ts, which builds no trees.

import { concatBytes, readUint, writeUint } from '../../base/bytes';
import { incomplete, malformed, type Codec } from '../codec';
import { decodePrefix, encodeMessage } from './message';
import { looksLikeMessage } from './recognize';
import { dnsFields } from './fields';
import type { DnsMessage } from './records';

/** Bytes of the length before a message over TCP. */
export const LENGTH_PREFIX = 2;

export const codec: Codec<DnsMessage> = {
  protocol: 'dns',
  title: 'DNS',
  layer: 'application',
  claims: ['udp.port:53', 'tcp.port:53'],
  decode(bytes, context) {
    const stream = context.transport === 'tcp';
    const start = stream ? LENGTH_PREFIX : 0;
    if (bytes.length < start) return incomplete(start);
    const whole = stream ? start + readUint(bytes, 0, 2) : bytes.length;
    if (bytes.length < whole) return incomplete(whole);
    const read = decodePrefix(bytes.subarray(start, whole));
    if ('error' in read) {
      // A datagram is there as a whole unless the capture cut it: then nothing more will come.
      const more = !stream && read.need > 0 && context.missing !== 0;
      return more ? incomplete(read.need) : malformed(start + read.at, read.error);
    }
    // What is behind the message within its length is told in the tree: some that ask for a zone send two bytes more, and are answered.
    const end = stream ? whole : start + read.end;
    return {
      status: 'complete', value: read.message, length: end, payload: { start: end, end: bytes.length, missing: context.missing ?? 0 },
      next: stream ? ['app:dns'] : [], inside: stream ? { transport: 'tcp' } : {}, quotes: false,
    };
  },
  encode: (value, payload, context) => concatBytes(context.transport === 'tcp' ? framed(encodeMessage(value)) : encodeMessage(value), payload),
  fields: (bytes, context, base) => dnsFields(bytes, context.transport === 'tcp', base),
  recognizes: looksLikeMessage,
};

/** The message behind its length, as TCP carries it (RFC 1035 4.2.2). */
export function framed(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = new Uint8Array(LENGTH_PREFIX);
  writeUint(length, 0, 2, message.length);
  return concatBytes(length, message);
}
