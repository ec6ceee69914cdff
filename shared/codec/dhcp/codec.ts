// DHCP (RFC 2131) as a layer of a frame: one datagram, one message. How a host without an address gets one, and what else it must know.

import { concatBytes } from '../../base/bytes';
import { malformed, type Codec } from '../codec';
import { dhcpFields } from './fields';
import { decodeDhcp, encodeDhcp, type DhcpInput, type DhcpMessage } from './message';

export const codec: Codec<DhcpMessage, DhcpInput> = {
  protocol: 'dhcp',
  title: 'DHCP',
  layer: 'application',
  claims: ['udp.port:67', 'udp.port:68'],
  decode(bytes, context) {
    const decoded = decodeDhcp(bytes);
    // A datagram is there as a whole unless the capture cut it: then nothing more will come.
    if ('status' in decoded) return decoded.status === 'incomplete' && context.missing === 0 ? malformed(0, `ends at ${bytes.length} bytes, within something`) : decoded;
    return { status: 'complete', value: decoded, length: bytes.length, payload: { start: bytes.length, end: bytes.length, missing: context.missing ?? 0 }, next: [], inside: {}, quotes: false };
  },
  encode: (value, payload) => concatBytes(encodeDhcp(value), payload),
  fields: (bytes, _context, base) => dhcpFields(bytes, base),
};
