// The content codings of a body undone (RFC 9110 8.4.1), for the tree of one message: gzip and deflate, and others (Brotli, RFC 7932) by who brings
// them. Bounded; what is damaged or cut gives what comes before.

import { byteAt, NO_BYTES } from '../../base/bytes';
import { inflate, type Inflated } from '../inflate';
import { CODEC_LIMITS } from '../limits';
import { headerTokens, type HttpHead } from './head';

export interface Undone {
  readonly bytes: Uint8Array;
  /** 'unknown': a coding that is none here, or too many. */
  readonly outcome: Inflated['outcome'] | 'unknown';
}

/** Undoes codings by their names, at most `most` bytes of it: of those that need a library of the system. Never throws. */
export type Codings = ReadonlyMap<string, (bytes: Uint8Array, most: number) => Inflated>;

/** Codings that are undone one after the other at most. */
const MOST_CODINGS = 4;

const UNDO: Codings = new Map([['gzip', gunzipped], ['x-gzip', gunzipped], ['deflate', unzipped]]);

/** The codings of a message in the order in which they were applied, without those that change nothing. */
export const codingsOf = ({ headers }: HttpHead): readonly string[] => headerTokens(headers, 'content-encoding').filter((name) => name !== 'identity');

/** The content without its codings; nothing of it where not even a beginning could be read. */
export function undoCodings(content: Uint8Array, codings: readonly string[], brought: Codings = NONE): Undone {
  const steps = codings.flatMap((name) => UNDO.get(name) ?? brought.get(name) ?? []);
  if (codings.length > MOST_CODINGS || steps.length < codings.length) return { bytes: NO_BYTES, outcome: 'unknown' };
  let left: Inflated = { bytes: content, outcome: 'decoded' };
  for (const undo of steps.toReversed()) {
    left = undo(left.bytes, CODEC_LIMITS.httpDecoded);
    if (left.outcome !== 'decoded') break;
  }
  return left;
}

const NONE: Codings = new Map();
const NOTHING: Inflated = { bytes: NO_BYTES, outcome: 'damaged' };
const plain = (bytes: Uint8Array): Inflated => inflate(bytes, CODEC_LIMITS.httpDecoded);

/** RFC 1952 2.3: a header with what its flags announce, then DEFLATE. */
const FLAG = { checksum: 2, extra: 4, name: 8, comment: 16 } as const;
const GZIP_HEADER = 10;

function gunzipped(bytes: Uint8Array): Inflated {
  if (bytes.length < GZIP_HEADER || bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) return NOTHING;
  const flags = byteAt(bytes, 3);
  let at = GZIP_HEADER;
  if ((flags & FLAG.extra) !== 0) at += 2 + (bytes[at] ?? 0) + ((bytes[at + 1] ?? 0) << 8);
  for (const flag of [FLAG.name, FLAG.comment]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return NOTHING;
    at = end + 1;
  }
  if ((flags & FLAG.checksum) !== 0) at += 2;
  return plain(bytes.subarray(at));
}

/** RFC 9110 8.4.1.2: 'deflate' is the format of zlib (RFC 1950 2.2), but some send it bare. */
function unzipped(bytes: Uint8Array): Inflated {
  const [method = 0, flags = 0] = bytes;
  return plain((method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0 ? bytes.subarray(2) : bytes);
}
