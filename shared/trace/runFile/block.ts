// One custom block of a run file as bytes, and back (format.ts has the layout). The body is written by who makes it, in place, so that facts are
// copied once; reading checks every byte that is not the body's own.

import { crc32 } from '../../base/crc32';
import { RUN_AT, RUN_BLOCK, RUN_KIND, RUN_LIMITS, RUN_MAGIC, type RunBlockKind } from './format';

/** Type and length before a block's body, its length again behind. */
const FRAME = { before: 8, after: 4 } as const;
/** Where the body of ours begins in the whole block: a multiple of 8, so that columns in it are aligned. */
export const BODY_AT = FRAME.before + RUN_AT.body;

const KIND_OF = new Map<number, RunBlockKind>(Object.entries(RUN_KIND).map(([name, code]) => [code, name as RunBlockKind]));

/** A whole block whose body has `length` bytes, which `fill` writes. Throws RangeError when it is more than a block may have. */
export function runBlock(kind: RunBlockKind, length: number, fill: (body: Uint8Array<ArrayBuffer>) => void): Uint8Array<ArrayBuffer> {
  const whole = BODY_AT + ((length + 3) & ~3) + FRAME.after;
  if (whole > RUN_LIMITS.block) throw new RangeError(`a block of ${whole} B is more than ${RUN_LIMITS.block}`);
  const block = new Uint8Array(whole);
  const view = new DataView(block.buffer);
  view.setUint32(0, RUN_BLOCK.type, true);
  view.setUint32(4, whole, true);
  view.setUint32(FRAME.before, RUN_BLOCK.pen, true);
  block.set(RUN_MAGIC, FRAME.before + 4);
  view.setUint8(FRAME.before + RUN_AT.version, RUN_BLOCK.version);
  view.setUint8(FRAME.before + RUN_AT.kind, RUN_KIND[kind]);
  view.setUint32(FRAME.before + RUN_AT.length, length, true);
  view.setUint32(whole - FRAME.after, whole, true);
  fill(block.subarray(BODY_AT, BODY_AT + length));
  view.setUint32(FRAME.before + RUN_AT.crc, crc32(block, FRAME.before + RUN_AT.version, BODY_AT + length), true);
  return block;
}

export const jsonBlock = (kind: RunBlockKind, json: Uint8Array): Uint8Array<ArrayBuffer> => runBlock(kind, json.length, (body) => body.set(json));

export type ReadBlock = { readonly kind: RunBlockKind; readonly body: Uint8Array } | { readonly why: string };

/** Takes one of our blocks apart, from its PEN on (format.ts, isOurs). */
export function readRunBlock(bytes: Uint8Array): ReadBlock {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(RUN_AT.version);
  if (version !== RUN_BLOCK.version) return { why: `a block of format ${version}, and format ${RUN_BLOCK.version} is known here` };
  const length = view.getUint32(RUN_AT.length, true);
  const end = RUN_AT.body + length;
  if (end > bytes.length || bytes.length - end > 3) return { why: `a block says that it has ${length} B, and ${bytes.length - RUN_AT.body} are there` };
  if (crc32(bytes, RUN_AT.version, end) !== view.getUint32(RUN_AT.crc, true)) return { why: 'the checksum of a block is wrong' };
  if (bytes.subarray(end).some((byte) => byte !== 0) || view.getUint16(18, true) !== 0) return { why: 'a block has bytes where none may be' };
  const kind = KIND_OF.get(view.getUint8(RUN_AT.kind));
  return kind === undefined ? { why: `a block of kind ${view.getUint8(RUN_AT.kind)}, which is not known` } : { kind, body: bytes.subarray(RUN_AT.body, end) };
}
