// BitTorrent between peers (BEP 3, 6, 10) as a layer of a frame: one message, or the handshake, where the next may follow. A segment that
// begins within a block is not taken for messages: what does not begin as one is data.

import { concatBytes, readUint } from '../../base/bytes';
import { incomplete, malformed, type Codec, type Context } from '../codec';
import { fieldsOfMessage } from './fields';
import { decodeHandshake, encodeHandshake, looksLikeHandshake, type Handshake } from './handshake';
import { BITTORRENT_LIMITS } from './limits';
import { decodeMessage, encodeMessage, LENGTH, type PeerMessage } from './message';

/** A quarter of what is left for each message: the first ones are shown well, and all together stay below the whole. */
const roomOf = (context: Context): number => Math.floor((context.room ?? BITTORRENT_LIMITS.treeItems) / 4);

export const codec: Codec<Handshake | PeerMessage> = {
  protocol: 'bittorrent',
  title: 'BitTorrent',
  layer: 'application',
  // BEP 3: a peer takes the first free port from 6881 to 6889.
  claims: ['tcp.port:6881', 'tcp.port:6882', 'tcp.port:6883', 'tcp.port:6884', 'tcp.port:6885', 'tcp.port:6886', 'tcp.port:6887', 'tcp.port:6888', 'tcp.port:6889'],
  decode(bytes, context) {
    if (bytes.length === 0) return incomplete(LENGTH);
    const decoded = looksLikeHandshake(bytes) ? decodeHandshake(bytes) : decodeMessage(bytes);
    if ('status' in decoded) return decoded;
    const length = decoded.type === 'handshake' ? 68 : LENGTH + readUint(bytes, 0, LENGTH);
    // Two keep-alives at once are no peer's (BEP 3: one in two minutes), but the zeros of a block.
    if (decoded.type === 'keepAlive' && bytes.length >= 2 * LENGTH && readUint(bytes, LENGTH, LENGTH) === 0) return malformed(0, 'a keep-alive behind a keep-alive');
    const room = (context.room ?? BITTORRENT_LIMITS.treeItems) - roomOf(context);
    return { status: 'complete', value: decoded, length, payload: { start: length, end: bytes.length, missing: context.missing ?? 0 }, next: ['app:bittorrent'], inside: { transport: 'tcp', room }, quotes: false };
  },
  encode: (value, payload) => concatBytes(value.type === 'handshake' ? encodeHandshake(value) : encodeMessage(value), payload),
  fields: (bytes, context, base) => fieldsOfMessage(bytes, base, roomOf(context)),
};
