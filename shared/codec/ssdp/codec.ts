// SSDP (UPnP Device Architecture 2.0, 1): who offers what on a link, in messages of HTTP/1 in datagrams of their own ("HTTPU"). A message ends
// where its head does: the datagram is all of it.

import { malformed, type Codec } from '../codec';
import { codec as http } from '../http/codec';
import type { HttpMessageValue } from '../http/message';

/** What such a message begins with (UDA 2.0 1.2, 1.3). */
const BEGINNINGS = ['NOTIFY ', 'M-SEARCH ', 'HTTP/1.'].map((text) => Uint8Array.from(text, (sign) => sign.charCodeAt(0)));

export const codec: Codec<HttpMessageValue> = {
  ...http,
  protocol: 'ssdp',
  title: 'SSDP',
  claims: ['udp.port:1900'],
  decode(bytes, context) {
    if (!BEGINNINGS.some((begin) => begin.every((byte, at) => bytes[at] === byte))) return malformed(0, 'no message of SSDP begins so');
    const decoded = http.decode(bytes, context);
    if (decoded.status === 'incomplete') return malformed(bytes.length, 'the datagram ends within the message');
    return decoded.status === 'complete' ? { ...decoded, next: [], inside: {}, payload: { ...decoded.payload, start: bytes.length, end: bytes.length } } : decoded;
  },
  fields: (bytes, context, base) => ({ ...http.fields(bytes, context, base), name: 'ssdp', display: 'SSDP' }),
};
