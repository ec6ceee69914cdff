// A tracker over UDP (BEP 15) as a layer of a frame: one datagram. 6969 is the port that trackers are given; a lab's may stand for it.

import { concatBytes } from '../../base/bytes';
import type { Family } from '../bittorrent/peers';
import { malformed, type Codec, type Context } from '../codec';
import { fieldsOfTracker } from './fields';
import { decodeTracker, encodeTracker, type TrackerMessage } from './message';

const family = ({ network }: Context): Family => (network?.source.includes(':') === true ? 'ipv6' : 'ipv4');

export const codec: Codec<TrackerMessage> = {
  protocol: 'bt-tracker',
  title: 'BitTorrent Tracker',
  layer: 'application',
  claims: ['udp.port:6969'],
  decode(bytes, context) {
    const decoded = decodeTracker(bytes, { family: family(context) });
    // A datagram is there as a whole unless the capture cut it: then nothing more will come.
    if ('status' in decoded) return decoded.status === 'incomplete' && context.missing === 0 ? malformed(0, `${bytes.length} bytes are too few`) : decoded;
    return { status: 'complete', value: decoded, length: bytes.length, payload: { start: bytes.length, end: bytes.length, missing: context.missing ?? 0 }, next: [], inside: {}, quotes: false };
  },
  encode: (value, payload) => concatBytes(encodeTracker(value), payload),
  fields: (bytes, context, base) => fieldsOfTracker(bytes, { family: family(context) }, base),
};
