// looplab decode: the packets of a capture file, as lines, as fields like `tshark -T fields -e`, or as JSON. The file is gone through once for
// its index and once packet by packet; nothing but the index grows with it.

import { FIELD_TYPES } from '../../shared/codec/schema';
import type { Filter } from '../../shared/filter/filter';
import { filterFields, parseFilter } from '../../shared/filter/parse';
import { createDissector } from '../../shared/packets/dissection/dissector';
import { PacketFields } from '../../shared/packets/dissection/packetFields';
import type { DecodeAs } from '../../shared/packets/decodeAs';
import type { DissectedPacket, PacketDissector } from '../../shared/packets/dissector';
import { endsOf, packetLine } from '../../shared/packets/text/packetLine';
import { Asking } from '../packets/session/asking';
import { analyse } from '../packets/session/fillColumns';
import type { PacketTest } from '../packets/session/viewFilter';
import { namesWanted, readDecodeAs, readOptions, theFile, type NamesWanted } from './arguments';
import { columnNamed, columnNames, type ColumnFacts } from './columnFields';
import { DECODE_HELP } from './help';
import { namesOf, withCapture, type IndexedCapture } from './indexedCapture';
import { EXIT, UsageError, type Io } from './io';

const OPTIONS = { fields: { type: 'string' }, filter: { type: 'string' }, keys: { type: 'string' }, 'decode-as': { type: 'string', short: 'd', multiple: true }, 'two-pass': { type: 'boolean', short: '2' }, names: { type: 'string', short: 'N' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
/** Characters that are written at once. */
const WRITTEN = 65_536;
/** Packets between two looks at whether anybody waits for more. */
const BREATH = 1024;
/** Fields that a suggestion names. */
const SIMILAR = 8;

/** What is printed of a packet, without its line end. */
type Print = (dissector: PacketDissector, number: number, length: number, named: (address: string) => string) => string;

interface Wanted {
  readonly print: Print;
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

async function printAll(capture: IndexedCapture, { print, filter, decodeAs, lookAhead, names }: Wanted, io: Io): Promise<void> {
  const { index: { table, flows }, facts, keyLog, bytes } = capture;
  const dissector = createDissector({ table, flows, facts, packets: { bytes }, keyLog, decodeAs, lookAhead });
  const nameOf = namesOf(capture, names);
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
    text += `${print(dissector, number, chunk.wire[row] ?? 0, nameOf)}\n`;
    dissector.displayed(number);
    if (text.length < WRITTEN) continue;
    await io.out(text);
    text = '';
    if (io.signal.aborted) return;
  }
  if (text !== '') await io.out(text);
}

/** As the screen asks: columns first, bytes where they stand, and a dissection of the rest. */
async function testOf(filter: Filter, { index, file, facts, bytes }: IndexedCapture, dissector: PacketDissector, decodeAs: DecodeAs): Promise<PacketTest> {
  const analysed = filterFields(filter).some((name) => name.startsWith('tcp.analysis'));
  if (analysed) await analyse(index);
  return new Asking({ index, facts: () => facts, file: () => file, bytes, dissector: () => dissector, analysed: () => analysed, said: () => decodeAs.size > 0 }).testOf(filter);
}

/** Throws UsageError that shows where the expression goes wrong. */
function filterOf(text: string): Filter | null {
  const parsed = parseFilter(text);
  if ('ok' in parsed) return parsed.ok;
  const { message, at, length } = parsed.error;
  throw new UsageError(message, `  ${text}\n  ${' '.repeat(at)}${'^'.repeat(Math.max(1, length))}\n`);
}

function printer(names: readonly string[] | null, json: boolean): Print {
  if (names !== null) {
    const texts = textsOf(names);
    if (json) return (...of) => JSON.stringify(Object.fromEntries(texts(...of).flatMap((values, i) => (values.length === 0 ? [] : [[names[i] ?? '', values]]))));
    return (...of) => texts(...of).map((values) => values.join(',')).join('\t');
  }
  if (json) return (dissector, number, length, named) => JSON.stringify(packetJson(dissector.dissect(number), length, named));
  return (dissector, number, length, named) => {
    const packet = dissector.dissect(number);
    return packetLine(packet, timeOf(packet), length, named);
  };
}

/** The values of each of these fields and columns. */
function textsOf(names: readonly string[]): (...of: Parameters<Print>) => readonly (readonly string[])[] {
  const columns = names.map(columnNamed);
  const wanted = new Set(names);
  // What a column says is made of all that the packet says; fields alone are not.
  if (columns.every((column) => column === null)) return (dissector, number) => {
    const fields = new PacketFields(dissector.layers(number, true), wanted);
    return names.map((name) => fields.texts(name));
  };
  return (dissector, number, length, named) => {
    const packet = dissector.dissect(number);
    const fields = new PacketFields(packet, wanted);
    const facts: ColumnFacts = { time: timeOf(packet), length, named };
    return names.map((name, i) => {
      const text = columns[i]?.(packet, facts);
      return text === undefined ? fields.texts(name) : text === '' ? [] : [text];
    });
  };
}

const namedValues = (fields: PacketFields, names: Iterable<string>): object => Object.fromEntries([...names].map((name) => [name, fields.texts(name)]).filter(([, texts]) => texts?.length !== 0));

const timeOf = (packet: DissectedPacket): string => new PacketFields({ ...packet, layers: packet.layers.slice(0, 1) }).texts('frame.time_relative')[0] ?? '';

function packetJson(packet: DissectedPacket, length: number, named: (address: string) => string): object {
  const { number, protocol, info, trouble } = packet;
  const layers = packet.layers.map((layer) => {
    const fields = new PacketFields({ ...packet, layers: [layer] });
    return { protocol: layer.protocol, fields: namedValues(fields, fields.names) };
  });
  return { number: number + 1, time: timeOf(packet), ...endsOf(packet, named), protocol, length, info, trouble, layers };
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
