// WebSocket frames (RFC 6455 5.2) as a layer of a stream: what a connection speaks after HTTP's 101. Clients mask what they send (5.3); here
// the value is unmasked. A message may be cut into frames; each is read by itself. What they say together, and inflated (RFC 7692): who reads the stream.

import { concatBytes, writeUint } from '../../base/bytes';
import { incomplete, malformed, type Codec, type Context } from '../codec';
import { websocketFields } from './fields';
import { CONTROL, headOf, LONG, maskedWith, OPCODE, SHORT } from './frame';

/** Bytes of one frame; more is not put together here. */
const MOST = 2 ** 31;

export interface WebsocketFrame {
  /** The last of its message. */
  readonly fin: boolean;
  /** Three bits; the first one says that the message is compressed (RFC 7692 6). */
  readonly rsv: number;
  readonly opcode: number;
  /** Four bytes; null: not masked. */
  readonly mask: Uint8Array | null;
  /** Unmasked. */
  readonly data: Uint8Array;
}

/** The kind of message that a continuation goes on with: 'text' or 'binary'; undefined: none is open. */
function modeAfter(opcode: number, fin: boolean, { mode }: Context): string | undefined {
  if (opcode >= CONTROL) return mode;
  if (fin) return undefined;
  return opcode === OPCODE.text ? 'text' : opcode === OPCODE.binary ? 'binary' : mode;
}

export const codec: Codec<WebsocketFrame> = {
  protocol: 'websocket',
  title: 'WebSocket',
  layer: 'application',
  claims: [],
  decode(bytes, context) {
    const head = headOf(bytes);
    if ('need' in head) return incomplete(head.need);
    const end = head.length + head.payload;
    if (end > MOST) return malformed(2, `a frame of ${head.payload} bytes`);
    if (bytes.length < end) return incomplete(end);
    const [first = 0] = bytes;
    const fin = (first & 0x80) !== 0;
    const opcode = first & 0x0f;
    const mode = modeAfter(opcode, fin, context);
    return {
      status: 'complete', length: end, payload: { start: end, end: bytes.length, missing: context.missing ?? 0 }, next: ['app:websocket'],
      value: { fin, rsv: (first >> 4) & 7, opcode, mask: head.mask?.slice() ?? null, data: maskedWith(bytes.subarray(head.length, end), head.mask) },
      inside: { transport: 'tcp', ...(context.dir === undefined ? {} : { dir: context.dir }), ...(mode === undefined ? {} : { mode }) }, quotes: false,
    };
  },
  encode({ fin, rsv, opcode, mask, data }, payload) {
    const extended = data.length < SHORT ? 0 : data.length <= 0xffff ? 2 : 8;
    const head = new Uint8Array(2 + extended);
    if (rsv > 7 || opcode > 15) throw new RangeError(`no frame has opcode ${opcode} and reserved bits ${rsv}`);
    head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
    head[1] = (mask === null ? 0 : 0x80) | (extended === 0 ? data.length : extended === 2 ? SHORT : LONG);
    if (extended === 2) writeUint(head, 2, 2, data.length);
    if (extended === 8) writeUint(head, 4, 6, data.length);
    return concatBytes(head, mask ?? new Uint8Array(0), maskedWith(data, mask), payload);
  },
  fields: (bytes, context, base) => websocketFields(bytes, context, base),
};
