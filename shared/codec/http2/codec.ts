// HTTP/2 (RFC 9113): one frame, or the preface of a client. Reached by name (`app:http2`), for no port is its own. Header blocks stay
// bytes: a single frame does not know the tables that earlier ones built; stream.ts does.

import { concatBytes, equalBytes, readUint } from '../../base/bytes';
import { incomplete, malformed, type Codec, type Context, type Decoded } from '../codec';
import { decodeFrame, encodeFrame, FRAME_HEAD, PREFACE, type Http2Frame } from './frame';
import { fieldsOfFrame } from './fields';
import { HTTP2_LIMITS } from './limits';

export type Http2Message = { readonly type: 'PREFACE' } | Http2Frame;

/** A quarter of what is left for each frame: the first ones are shown well, and all together stay below the whole. */
const roomOf = (context: Context): number => Math.floor((context.room ?? HTTP2_LIMITS.treeItems) / 4);

export const codec: Codec<Http2Message> = {
  protocol: 'http2',
  title: 'HTTP/2',
  layer: 'application',
  claims: [],
  decode(bytes, context) {
    const magic = bytes.subarray(0, PREFACE.length);
    if (magic.length > 3 && equalBytes(magic, PREFACE.subarray(0, magic.length))) {
      return magic.length < PREFACE.length ? incomplete(PREFACE.length) : whole({ type: 'PREFACE' }, magic.length, bytes, context);
    }
    if (bytes.length < FRAME_HEAD) return incomplete(FRAME_HEAD);
    const length = FRAME_HEAD + readUint(bytes, 0, 3);
    if (bytes.length < length) return incomplete(length);
    const decoded = decodeFrame(bytes.subarray(0, length));
    return 'fault' in decoded ? malformed(decoded.fault.at, `${decoded.fault.error}: ${decoded.fault.why}`) : whole(decoded.frame, length, bytes, context);
  },
  encode(value, payload) {
    return concatBytes(value.type === 'PREFACE' ? PREFACE : encodeFrame(value), payload);
  },
  fields: (bytes, context, base) => fieldsOfFrame(bytes, null, base, roomOf(context)),
};

function whole(value: Http2Message, length: number, bytes: Uint8Array, context: Context): Decoded<Http2Message> {
  const room = (context.room ?? HTTP2_LIMITS.treeItems) - roomOf(context);
  return { status: 'complete', value, length, payload: { start: length, end: bytes.length, missing: context.missing ?? 0 }, next: ['app:http2'], inside: { transport: 'tcp', room }, quotes: false };
}
