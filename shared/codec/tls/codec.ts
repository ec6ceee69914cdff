// TLS (RFC 8446, RFC 5246): one record. Knows no keys and no record before it: what is sealed stays bytes, and what follows a record is
// one more. stream.ts joins records, decrypt/ opens them.

import { concatBytes, readUint } from '../../base/bytes';
import { incomplete, malformed, type Codec, type Context } from '../codec';
import { fieldsOfRecord } from './fields';
import { TLS_LIMITS } from './limits';
import { encodeRecord, readRecord, RECORD_HEAD, recordFault, type TlsRecord } from './record';

/** A quarter of what is left for each record: the first ones are shown well, and all together stay below the whole. */
const roomOf = (context: Context): number => Math.floor((context.room ?? TLS_LIMITS.treeItems) / 4);

export const codec: Codec<TlsRecord> = {
  protocol: 'tls',
  title: 'TLS',
  layer: 'application',
  claims: ['tcp.port:443', 'tcp.port:8443'],
  decode(bytes, context) {
    const fault = recordFault(bytes);
    // The middle of a record is no fault of the record: what does not begin one is not of this protocol.
    if (fault !== null) return malformed(fault.at === 1 ? 0 : fault.at, fault.why);
    if (bytes.length < RECORD_HEAD) return incomplete(RECORD_HEAD);
    const length = RECORD_HEAD + readUint(bytes, 3, 2);
    if (bytes.length < length) return incomplete(length);
    const room = (context.room ?? TLS_LIMITS.treeItems) - roomOf(context);
    return {
      status: 'complete', value: readRecord(bytes), length, payload: { start: length, end: bytes.length, missing: context.missing ?? 0 },
      next: ['app:tls'], inside: { transport: 'tcp', room }, quotes: false,
    };
  },
  encode: (value, payload) => concatBytes(encodeRecord(value), payload),
  fields: (bytes, context, base) => fieldsOfRecord(bytes, { base, room: roomOf(context) }),
};
