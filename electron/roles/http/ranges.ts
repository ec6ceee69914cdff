// Parts of a resource: Range, If-Range, 206, 416, and multipart/byteranges for several (RFC 9110 14).

import { encode } from '../text';
import { sameTag, type Validators } from './conditions';
import { valueOf, withHeader, without } from './headers';
import { parseDate } from './httpDate';
import { textAnswer, type HttpAnswer, type HttpRequest } from './message';

/** Ranges in one request that are served; more are an attack on the server (RFC 9110 17.15), and the whole is sent. */
const MAX_RANGES = 16;
const BOUNDARY = 'looplab-byteranges-3d6b6a416f9b';

/** First byte and last, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** The ranges that lie in `size` bytes; empty when none does (416); null when the field is no bytes range and is to be ignored. */
export function parseRange(value: string, size: number): readonly ByteRange[] | null {
  const set = /^bytes=(.+)$/i.exec(value.trim())?.[1];
  if (set === undefined) return null;
  const specs = set.split(',').map((spec) => /^\s*(\d*)-(\d*)\s*$/.exec(spec));
  if (specs.length > MAX_RANGES) return null;
  const ranges: ByteRange[] = [];
  for (const spec of specs) {
    if (spec === null || (spec[1] === '' && spec[2] === '')) return null;
    const [, from = '', to = ''] = spec;
    // '-500': the last 500 bytes.
    const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
    const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
    if (from !== '' && to !== '' && Number(to) < first) return null;
    if (first <= last && first < size && !(from === '' && Number(to) === 0)) ranges.push({ first, last });
  }
  return ranges;
}

/** `whole` as the request's Range asks for it; `whole` itself when there is no Range or If-Range says that the copy is another. */
export function partOf(request: HttpRequest, whole: HttpAnswer, body: Uint8Array, validators: Validators): HttpAnswer {
  const offered: HttpAnswer = { ...whole, headers: withHeader(whole.headers, 'Accept-Ranges', 'bytes') };
  const asked = valueOf(request.headers, 'range');
  if (asked === null || !sameCopy(request, validators)) return offered;
  const ranges = parseRange(asked, body.length);
  if (ranges === null) return offered;
  if (ranges.length === 0) return textAnswer(416, `There are ${body.length} bytes.\n`, [['Content-Range', `bytes */${body.length}`]]);
  const [only] = ranges;
  const { trailers: _, framing: __, ...plain } = offered;
  if (ranges.length === 1 && only !== undefined) {
    const headers = withHeader(offered.headers, 'Content-Range', `bytes ${only.first}-${only.last}/${body.length}`);
    return { ...plain, status: 206, headers, body: [body.subarray(only.first, only.last + 1)] };
  }
  const type = valueOf(offered.headers, 'content-type') ?? 'application/octet-stream';
  const parts = ranges.flatMap(({ first, last }) => [
    encode(`--${BOUNDARY}\r\nContent-Type: ${type}\r\nContent-Range: bytes ${first}-${last}/${body.length}\r\n\r\n`),
    body.subarray(first, last + 1),
    encode('\r\n'),
  ]);
  const headers = withHeader(without(offered.headers, 'content-type'), 'Content-Type', `multipart/byteranges; boundary=${BOUNDARY}`);
  return { ...plain, status: 206, headers, body: [Buffer.concat([...parts, encode(`--${BOUNDARY}--\r\n`)])] };
}

/** If-Range (RFC 9110 13.1.5): a strong tag or a date that is exactly ours; otherwise the copy changed and its rest is of no use. */
function sameCopy(request: HttpRequest, { etag, lastModified }: Validators): boolean {
  const value = valueOf(request.headers, 'if-range');
  if (value === null) return true;
  if (value.startsWith('"') || value.startsWith('W/')) return etag !== null && sameTag(value, etag, true);
  return lastModified !== null && parseDate(value) !== null && parseDate(value) === parseDate(lastModified);
}
