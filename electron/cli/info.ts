// looplab info: what is in capture files, as capinfos tells it: formats, counts, times, interfaces, comments, damage. As text or as JSON.

import { linkTypeName } from '../../shared/codec/linkTypes';
import { visibleText } from '../../shared/codec/text';
import type { CaptureFacts } from '../../shared/packets/captureFacts';
import { between, CaptureMeasure, epochText, momentText } from '../../shared/packets/file/captureMeasure';
import { runHeadOf } from '../../shared/trace/runFile/runHeadOf';
import { PacketFile } from '../packets/packetFile';
import { errorCode } from '../runtime/engineError';
import { readOptions } from './arguments';
import { INFO_HELP } from './helpFiles';
import { EXIT, UsageError, type Io } from './io';

const OPTIONS = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
/** Comments and interfaces that the text shows. */
const SHOWN = 100;

interface Described {
  readonly path: string;
  readonly size: number;
  readonly facts: CaptureFacts;
  readonly measure: CaptureMeasure;
}

export async function info(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  if (values.help === true) {
    await io.out(INFO_HELP);
    return EXIT.reached;
  }
  if (positionals.length === 0) throw new UsageError('which file?');
  let whole = true;
  for (const [index, path] of positionals.entries()) {
    try {
      const described = await describe(path, io.signal);
      whole &&= described.facts.damage === null;
      await io.out(values.json === true ? `${JSON.stringify(jsonOf(described))}\n` : `${index > 0 ? '\n' : ''}${textOf(described)}`);
    } catch (thrown) {
      if (io.signal.aborted) return EXIT.interrupted;
      whole = false;
      io.err(`looplab: ${thrown instanceof Error ? thrown.message : String(thrown)} (${errorCode(thrown)})\n`);
    }
  }
  return whole ? EXIT.reached : EXIT.failed;
}

async function describe(path: string, signal: AbortSignal): Promise<Described> {
  const file = await PacketFile.open(path);
  try {
    const measure = new CaptureMeasure();
    const facts = await file.read(measure, { signal });
    return { path, size: file.size, facts, measure };
  } finally {
    await file.close();
  }
}

const durationOf = ({ first, last }: CaptureMeasure): bigint => (first === null || last === null ? 0n : between(first, last));
const secondsText = (nanos: bigint): string => `${nanos / 1_000_000_000n}.${String(nanos % 1_000_000_000n).padStart(9, '0')}`;
const linkTypesOf = (facts: CaptureFacts): number[] => [...new Set(facts.interfaces.map(({ linkType }) => linkType))];
const linesOf = (text: string): number => text.split('\n').filter((line) => line.trim() !== '').length;
const hex = (number: number): string => `0x${number.toString(16).padStart(8, '0')}`;

/** One line for each fact that there is. */
function textOf({ path, size, facts, measure }: Described): string {
  const nanos = durationOf(measure);
  const rate = (amount: number): string => (Number(nanos) === 0 ? '' : String(Math.round((amount / Number(nanos)) * 1e9)));
  const rows: (readonly [string, string])[] = [
    ['File name', path],
    ['File type', [facts.format, `${facts.byteOrder}-endian`, ...(facts.gzip ? ['compressed with gzip'] : [])].join(', ')],
    ['File size', `${size} B`],
    ['Encapsulation', linkTypesOf(facts).map((type) => linkTypeName(type).title).join(', ')],
    ['Packets', String(measure.packets)],
    ['Data size', measure.cut === 0 ? `${measure.wire} B` : `${measure.wire} B, of which ${measure.kept} B are in the file: ${several(measure.cut, 'packet')} cut`],
    ['First packet', measure.first === null ? '' : momentText(measure.first)],
    ['Last packet', measure.last === null ? '' : momentText(measure.last)],
    ['Duration', measure.first === null ? '' : `${secondsText(nanos)} s`],
    ['Time order', measure.packets === 0 ? '' : measure.ordered ? 'strict' : 'some packets are earlier than the one before'],
    ['Average rate', Number(nanos) === 0 ? '' : `${rate(measure.packets)} packets/s, ${rate(measure.wire)} B/s`],
    ['Average size', measure.packets === 0 ? '' : `${(measure.wire / measure.packets).toFixed(2)} B`],
    ['Run of Looplab', runText(facts)],
    ['Written by', [facts.application, facts.os, facts.hardware].filter((text) => text !== '').join(', ')],
    ...facts.comments.slice(0, SHOWN).map((comment) => ['Comment', comment] as const),
    ['Packet comments', numberOf(facts.packetComments.size)],
    ['Names', numberOf(facts.names.size)],
    ['TLS keys', facts.keyLog === '' ? '' : several(linesOf(facts.keyLog), 'line')],
    ['Custom blocks', facts.custom.length === 0 ? '' : `${facts.custom.length}, of enterprise ${[...new Set(facts.custom.map(({ pen }) => pen))].slice(0, SHOWN).join(', ')}`],
    ...[...facts.unknownBlocks].slice(0, SHOWN).map(([type, blocks]) => ['Unknown blocks', `${blocks} of type ${hex(type)}`] as const),
    ['Left out', facts.leftOut.join('; ')],
    ...facts.interfaces.slice(0, SHOWN).map((_, index) => [`Interface ${index}`, interfaceText(facts, measure, index)] as const),
    ['Damage', facts.damage === null ? '' : `at byte ${facts.damage.offset}: ${facts.damage.why}`],
  ];
  return rows.filter(([, text]) => text !== '').map(([name, text]) => `${`${name}:`.padEnd(18)}${visibleText(text)}\n`).join('');
}

/** A run can be opened as what it is: 'looplab ladder'. */
function runText(facts: CaptureFacts): string {
  const run = runHeadOf(facts);
  return run === null ? '' : [run.lab === '' ? 'of no lab' : `of lab ${run.lab}`, `packets ${run.packets}`, run.keys ? 'with TLS keys' : 'without TLS keys'].join(', ');
}

const numberOf = (number: number): string => (number === 0 ? '' : String(number));
const several = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function interfaceText(facts: CaptureFacts, measure: CaptureMeasure, index: number): string {
  const one = facts.interfaces[index];
  if (one === undefined) return '';
  const dropped = facts.drops.get(index);
  return [
    ...(one.name === '' ? [] : [one.name]), ...(one.description === '' ? [] : [one.description]), linkTypeName(one.linkType).title, one.snapLength === 0 ? 'no snap length' : `at most ${one.snapLength} B a packet`,
    `${one.resolution} parts of a second`, ...(one.filter === '' ? [] : [`filter ${one.filter}`]), ...(one.os === '' ? [] : [one.os]), several(measure.byInterface[index] ?? 0, 'packet'), ...(dropped === undefined ? [] : [`${dropped} dropped`]),
  ].join(', ');
}

function jsonOf({ path, size, facts, measure }: Described): object {
  return {
    file: path, format: facts.format, byte_order: facts.byteOrder, gzip: facts.gzip, file_bytes: size, link_types: linkTypesOf(facts).map((type) => linkTypeName(type).name), packets: measure.packets,
    wire_bytes: measure.wire, kept_bytes: measure.kept, cut_packets: measure.cut, first: measure.first === null ? null : epochText(measure.first), last: measure.last === null ? null : epochText(measure.last),
    duration: measure.first === null ? null : secondsText(durationOf(measure)), strict_order: measure.ordered,
    interfaces: facts.interfaces.map((one, index) => ({ ...one, linkType: linkTypeName(one.linkType).name, packets: measure.byInterface[index] ?? 0, dropped: facts.drops.get(index) ?? null })),
    comments: facts.comments, application: facts.application, os: facts.os, hardware: facts.hardware, packet_comments: facts.packetComments.size, names: facts.names.size, key_log_lines: linesOf(facts.keyLog),
    custom_blocks: facts.custom.map(({ pen, data }) => ({ pen, bytes: data.length })), blocks: Object.fromEntries([...facts.blocks].map(([type, blocks]) => [hex(type), blocks])),
    unknown_blocks: Object.fromEntries([...facts.unknownBlocks].map(([type, blocks]) => [hex(type), blocks])), left_out: facts.leftOut, run: runHeadOf(facts), damage: facts.damage === null ? null : { offset: facts.damage.offset, why: facts.damage.why },
  };
}
