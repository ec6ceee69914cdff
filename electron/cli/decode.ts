// looplab decode: the packets of a capture file, as lines, as fields like `tshark -T fields -e`, or as JSON. The file is gone through once for
// its index and once packet by packet; nothing but the index grows with it.

import { FIELD_TYPES } from '../../shared/codec/schema';
import type { Filter } from '../../shared/filter/filter';
import { filterFields, parseFilter } from '../../shared/filter/parse';
import { createDissector } from '../../shared/packets/dissection/dissector';
import type { DecodeAs } from '../../shared/packets/decodeAs';
import { CODINGS } from '../packets/contentCoding';
import { Asking } from '../packets/session/asking';
import { analyse } from '../packets/session/fillColumns';
import type { PacketTest } from '../packets/session/viewFilter';
import { namesWanted, readDecodeAs, readOptions, theFile, type NamesWanted } from './arguments';
import { columnNamed, columnNames } from './columnFields';
import { DECODE_HELP } from './help';
import { namesOf, withCapture, type IndexedCapture } from './indexedCapture';
import { EXIT, UsageError, type Io } from './io';
import { printer, type Opened, type Print } from './packetPrint';

const OPTIONS = { fields: { type: 'string' }, filter: { type: 'string' }, keys: { type: 'string' }, 'decode-as': { type: 'string', short: 'd', multiple: true }, 'two-pass': { type: 'boolean', short: '2' }, names: { type: 'string', short: 'N' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
/** Characters that are written at once. */
const WRITTEN = 65_536;
/** Packets between two looks at whether anybody waits for more. */
const BREATH = 1024;
/** Fields that a suggestion names. */
const SIMILAR = 8;

interface Wanted {
  readonly print: (opened: Opened) => Print;
  /** Null: all. */
  readonly filter: Filter | null;
  readonly decodeAs: DecodeAs;
  /** Later packets may tell of earlier ones. */
  readonly lookAhead: boolean;
  /** Null: addresses. */
  readonly names: NamesWanted | null;
}

export async function decode(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  if (values.help === true) {
    await io.out(DECODE_HELP);
    return EXIT.reached;
  }
  const path = theFile(positionals);
  const print = printer(values.fields === undefined ? null : fieldNames(values.fields), values.json === true);
  const filter = filterOf(values.filter ?? '');
  const decodeAs = readDecodeAs(values['decode-as'] ?? []);
  const names = namesWanted(values.names);
  return withCapture(path, values.keys, io, (capture) => printAll(capture, { print, filter, decodeAs, lookAhead: values['two-pass'] === true, names }, io));
}

async function printAll(capture: IndexedCapture, { print: printOf, filter, decodeAs, lookAhead, names }: Wanted, io: Io): Promise<void> {
  const { index: { table, flows }, facts, keyLog, bytes } = capture;
  const dissector = createDissector({ table, flows, facts, packets: { bytes }, keyLog, decodeAs, lookAhead, wholeFlows: true, farAnswers: 'all', codings: CODINGS });
  const print = printOf({ capture, dissector, named: namesOf(capture, names) });
  const fits = filter === null ? null : await testOf(filter, capture, dissector, decodeAs);
  let text = '';
  for (let number = 0; number < table.count; number++) {
    if (fits !== null && !fits(number)) {
      if (number % BREATH !== 0) continue;
      await new Promise((resolve) => setImmediate(resolve));
      if (io.signal.aborted) return;
      continue;
    }
    const { chunk, row } = table.locate(number);
    text += `${print.line(number, chunk.wire[row] ?? 0)}\n`;
    dissector.displayed(number);
    print.displayed?.(number);
    if (text.length < WRITTEN) continue;
    await io.out(text);
    text = '';
    if (io.signal.aborted) return;
  }
  if (text !== '') await io.out(text);
}

/** As the screen asks: columns first, bytes where they stand, and a dissection of the rest. */
async function testOf(filter: Filter, { index, file, facts, bytes }: IndexedCapture, dissector: Opened['dissector'], decodeAs: DecodeAs): Promise<PacketTest> {
  const analysed = filterFields(filter).some((name) => name.startsWith('tcp.analysis'));
  if (analysed) await analyse(index);
  return new Asking({ index, facts: () => facts, file: () => file, bytes, analysed: () => analysed, said: () => decodeAs.size > 0 }).asked(filter, () => () => dissector).test;
}

/** Throws UsageError that shows where the expression goes wrong. */
function filterOf(text: string): Filter | null {
  const parsed = parseFilter(text);
  if ('ok' in parsed) return parsed.ok;
  const { message, at, length } = parsed.error;
  throw new UsageError(message, `  ${text}\n  ${' '.repeat(at)}${'^'.repeat(Math.max(1, length))}\n`);
}

/** Wireshark's names, checked. Throws UsageError that names similar ones. */
function fieldNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '');
  if (names.length === 0) throw new UsageError('--fields needs names: --fields ip.src,ip.dst');
  for (const name of names) {
    if (FIELD_TYPES.has(name) || columnNamed(name) !== null) continue;
    const parts = name.split('.');
    const similar = [...columnNames(name), ...[...FIELD_TYPES.keys()].filter((known) => known.startsWith(`${parts[0] ?? ''}.`) && parts.slice(1).some((part) => part !== '' && known.includes(part)))].slice(0, SIMILAR);
    throw new UsageError(`there is no field ${JSON.stringify(name)}`, similar.length === 0 ? '' : `Similar: ${similar.join(', ')}\n`);
  }
  return names;
}
