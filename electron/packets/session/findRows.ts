// Looks for the next packet of a view that has a text, some bytes, or that a filter fits: from a row on, to the end and round to where it began. In
// slices, so that it can be given up. The packets of a slice are asked in the order of the file, whatever order the view has, so that their flows are
// read onwards.

import { compileRegex, type Regex } from '../../../shared/filter/regex/regex';
import type { FindRequest } from '../../../shared/packets/session';
import { EngineError } from '../../runtime/engineError';
import type { Breath } from './breath';
import type { RowList } from './rowLists';
import { sortRows } from './sortRows';
import { toldOf, type Step } from './step';

export interface FindParts {
  /** Captured bytes of a packet. */
  bytes(packet: number): Uint8Array;
  /** The line of the list, then what each field of the packet says. */
  texts: Step<Iterable<string>>;
  /** Whether a filter fits; throws EngineError for one that is wrong. */
  filter(text: string): Step<boolean>;
}

/** Rows that are asked together: few at first, as what is looked for may be near, then twice as many each time. */
const ROWS = { first: 64, most: 1 << 18 } as const;

/** Row, -1: none. Rejects with Superseded, and with FIND_PATTERN when there is nothing to look for. */
export async function findRow(rows: RowList, request: FindRequest, parts: FindParts, breath: Breath): Promise<number> {
  const fits = fitOf(request, parts);
  const { count } = rows;
  const way = request.backwards ? -1 : 1;
  const begin = request.from < 0 ? (request.backwards ? 0 : -1) : Math.min(request.from, count - 1);
  const rowOf = (step: number): number => (((begin + way * step) % count) + count) % count;
  for (let from = 1, size: number = ROWS.first; from <= count; from += size, size = Math.min(size * 2, ROWS.most)) {
    const packets = Uint32Array.from({ length: Math.min(size, count + 1 - from) }, (_unused, at) => rows.at(rowOf(from + at)));
    const nearest = await nearestOf(packets, fits, breath);
    if (nearest >= 0) return rowOf(from + nearest);
  }
  return -1;
}

/** Place of the first packet that fits; -1: none does. */
async function nearestOf(packets: Uint32Array, fits: Step<boolean>, breath: Breath): Promise<number> {
  const places = await sortRows(Uint32Array.from(packets.keys()), Float64Array.from(packets), false, breath);
  let nearest = -1;
  for (const at of places) {
    if (nearest >= 0 && at > nearest) continue;
    const packet = packets[at] ?? 0;
    if (fits(packet) ?? await toldOf(fits, packet, breath)) nearest = at;
    if (breath.due) await breath.take();
  }
  return nearest;
}

function fitOf({ what, pattern, matchCase }: FindRequest, parts: FindParts): Step<boolean> {
  switch (what) {
    case 'text': return textFit(pattern, matchCase, parts);
    case 'hex': {
      const wanted = hexBytes(pattern);
      return (packet) => bufferOf(parts.bytes(packet)).includes(wanted);
    }
    case 'regex': return regexFit(pattern, matchCase, parts);
    case 'filter': return parts.filter(pattern);
    default: return what satisfies never;
  }
}

/** In the list's line, in a field, or in the packet's bytes as UTF-8; case is that of ASCII. */
function textFit(pattern: string, matchCase: boolean, parts: FindParts): Step<boolean> {
  if (pattern === '') throw new EngineError('FIND_PATTERN', 'there is nothing to look for', 'find');
  const raw = Buffer.from(pattern);
  if (matchCase) return (packet) => bufferOf(parts.bytes(packet)).includes(raw) || some(parts.texts(packet), (text) => text.includes(pattern));
  const low = pattern.toLowerCase();
  const lowRaw = lowered(raw);
  return (packet) => lowered(bufferOf(parts.bytes(packet))).includes(lowRaw) || some(parts.texts(packet), (text) => text.toLowerCase().includes(low));
}

/** As text, by the expressions of filters: `matches`. */
function regexFit(pattern: string, matchCase: boolean, parts: FindParts): Step<boolean> {
  if (pattern === '') throw new EngineError('FIND_PATTERN', 'there is nothing to look for', 'find');
  const regex = regexOf(`${matchCase ? '(?-i)' : '(?i)'}${Buffer.from(pattern).toString('latin1')}`);
  const fits = (text: string): boolean => regex.test(Buffer.from(text));
  return (packet) => regex.test(parts.bytes(packet)) || some(parts.texts(packet), fits);
}

function regexOf(source: string): Regex {
  try {
    return compileRegex(source);
  } catch (thrown) {
    throw new EngineError('FIND_PATTERN', thrown instanceof Error ? thrown.message : String(thrown), 'find');
  }
}

function some(texts: Iterable<string> | null, fits: (text: string) => boolean): boolean | null {
  if (texts === null) return null;
  for (const text of texts) if (fits(text)) return true;
  return false;
}

/** ASCII letters in lower case, in a copy; all else as it is. */
function lowered(bytes: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  for (const [at, byte] of copy.entries()) if (byte >= 0x41 && byte <= 0x5a) copy[at] = byte | 0x20;
  return copy;
}

function hexBytes(pattern: string): Buffer {
  const digits = pattern.replaceAll(/0x|[\s:.-]/giu, '');
  if (digits === '' || digits.length % 2 === 1 || /[^0-9a-f]/iu.test(digits)) throw new EngineError('FIND_PATTERN', `not bytes in hex: ${pattern.slice(0, 80)}`, 'find');
  return Buffer.from(digits, 'hex');
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
