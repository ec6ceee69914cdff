// HTTP/1 as a layer of a frame (RFC 9112): the message that begins with the bytes, head, body and trailers; the next may follow. A port only
// hints at it, so what does not begin as a message is refused at its first byte. Streams are read by reader.ts.

import { concatBytes } from '../../base/bytes';
import { incomplete, malformed, type Codec } from '../codec';
import { latin1 } from './chars';
import { encodeHttp } from './encode';
import { kindOf, messageTree } from './fields';
import { readMessage, valueOf, type HttpMessageValue } from './message';

/** Methods of RFC 9110 9.3 and RFC 5789: in a frame, unfinished lines that begin with another word are taken for the middle of a body. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

export const codec: Codec<HttpMessageValue> = {
  protocol: 'http',
  title: 'HTTP',
  layer: 'application',
  claims: ['tcp.port:80', 'tcp.port:8000', 'tcp.port:8080'],
  decode(bytes, context) {
    const kind = kindOf(bytes);
    const layout = readMessage(bytes, { kind });
    const { head } = layout;
    if (head === null && !beginsAsMessage(bytes)) return malformed(0, 'no message begins so');
    if (layout.state === 'malformed') return malformed(layout.at, layout.why);
    if (layout.state === 'incomplete' || head === null) return incomplete(layout.framing?.kind === 'content-length' ? (head?.end ?? 0) + layout.framing.length : bytes.length + 1);
    const tunnel = layout.framing?.kind === 'tunnel';
    return {
      status: 'complete', value: valueOf(bytes, { ...layout, head }), length: layout.end, payload: { start: layout.end, end: bytes.length, missing: context.missing ?? 0 },
      next: tunnel ? [] : ['app:http'], inside: { transport: 'tcp' }, quotes: false,
    };
  },
  encode: (value, payload) => concatBytes(encodeHttp(value), payload),
  fields: (bytes, _context, base) => messageTree(bytes, readMessage(bytes, { kind: kindOf(bytes) }), base),
};

/** True when the start line is one, or may become one. */
function beginsAsMessage(bytes: Uint8Array): boolean {
  const text = latin1(bytes, 0, Math.min(bytes.length, 8192)).replace(/^[\r\n]+/, '');
  const end = text.indexOf('\n');
  const line = end < 0 ? text : text.slice(0, end);
  if ('HTTP/1.'.startsWith(line.slice(0, 7))) return true;
  if (end >= 0) return / HTTP\/\d\.\d\r?$/.test(line);
  const method = line.split(' ', 1)[0] ?? '';
  return METHODS.some((name) => (method.length < line.length ? name === method : name.startsWith(method)));
}
