// looplab follow: what both ends of a stream said, printed as `tshark -q -z follow` does. Bytes of TCP, UDP and opened TLS as they are; of HTTP
// heads and contents, with chunks, frames and content codings undone; of a WebSocket its messages, unmasked and inflated.

import { FOLLOW_LAYERS, type FollowedStream, type FollowLayer, type StreamPiece } from '../../shared/packets/session';
import { KIND } from '../../shared/packets/index/linkHeader';
import type { DecodeAs } from '../../shared/packets/decodeAs';
import type { PacketIndexer } from '../../shared/packets/index/packetIndexer';
import { flowPackets } from '../packets/session/flowPackets';
import { followFlow } from '../packets/session/followFlow';
import { namesWanted, readDecodeAs, readOptions } from './arguments';
import { FOLLOW_HELP } from './helpFiles';
import { namesOf, withCapture, type IndexedCapture } from './indexedCapture';
import { EXIT, UsageError, type Io } from './io';

const OPTIONS = { as: { type: 'string' }, keys: { type: 'string' }, 'decode-as': { type: 'string', short: 'd', multiple: true }, names: { type: 'string', short: 'N' }, help: { type: 'boolean', short: 'h' } } as const;
const FORMS = ['text', 'hex', 'raw'] as const;
type Form = (typeof FORMS)[number];
/** tshark's words for them. */
const SPELT: Readonly<Record<Form, string>> = { text: 'ascii', hex: 'hex', raw: 'raw' };
const RULE = '='.repeat(67);
const LINE = 16;
/** Pieces that are written at once. */
const WRITTEN = 256;

interface Wanted {
  /** Null: what tells most of what the programs said. */
  readonly layer: FollowLayer | null;
  readonly carrier: 'tcp' | 'udp';
  readonly stream: number;
  readonly substream: number | null;
  readonly form: Form;
}

export async function follow(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  if (values.help === true) {
    await io.out(FOLLOW_HELP);
    return EXIT.reached;
  }
  const [path, ...what] = positionals;
  // Its number alone: a stream of TCP, as it tells most.
  const [layer, at, extra] = /^\d/.test(what[0] ?? '') ? [undefined, ...what] : what;
  if (path === undefined) throw new UsageError('which file?');
  if (extra !== undefined) throw new UsageError(`${JSON.stringify(extra)} is one too many`);
  const wanted = wantedOf(layer, at, values.as);
  const decodeAs = readDecodeAs(values['decode-as'] ?? []);
  const names = namesWanted(values.names);
  return withCapture(path, values.keys, io, (capture) => print(capture, { ...wanted, decodeAs }, namesOf(capture, names), io));
}

/** Throws UsageError. */
function wantedOf(name: string | undefined, at: string | undefined, as: string | undefined): Wanted {
  const layer = FOLLOW_LAYERS.find((one) => one === name) ?? null;
  if (layer === null && (name !== undefined || at === undefined)) throw new UsageError(`what to follow is one of ${FOLLOW_LAYERS.join(', ')}${name === undefined ? '' : `, not ${JSON.stringify(name)}`}`);
  const [, stream, substream] = /^(\d{1,9})(?:,(\d{1,10}))?$/.exec(at ?? '') ?? [];
  if (stream === undefined) throw new UsageError(`which stream? Its number is ${layer === 'udp' ? 'udp' : 'tcp'}.stream, from 0; of http2 its own may follow: 0,3`);
  if (substream !== undefined && layer !== 'http2') throw new UsageError(`${layer ?? 'what tells most'} has no streams within: only http2 has`);
  const form = FORMS.find((one) => one === (as ?? 'text'));
  if (form === undefined) throw new UsageError(`--as is one of ${FORMS.join(', ')}, not ${JSON.stringify(as)}`);
  return { layer, carrier: layer === 'udp' ? 'udp' : 'tcp', stream: Number(stream), substream: substream === undefined ? null : Number(substream), form };
}

async function print({ index, keys, bytes }: IndexedCapture, { layer: wanted, carrier, stream, substream, form, decodeAs }: Wanted & { readonly decodeAs: DecodeAs }, named: (address: string) => string, io: Io): Promise<void> {
  const flow = flowOf(index, carrier, stream);
  if (flow === null) throw new UsageError(`there is no ${carrier} stream ${stream} in it`, `It has ${streamsOf(index, carrier)}.\n`);
  const breath = { get due() { return io.signal.aborted; }, take: () => Promise.reject(new Error('interrupted')) };
  const followed = await followFlow(flow, wanted, substream, { index, keys, decodeAs, packets: flowPackets(index, flow), bytes, time: () => 0, named }, breath);
  const { layer } = followed;
  // As tshark counts its nodes: the first is who is heard first.
  const first = layer === 'tcp' ? 'up' : (followed.pieces[0]?.dir ?? 'up');
  const ends = first === 'up' ? [followed.a, followed.b] : [followed.b, followed.a];
  const inner = followed.substream === null ? '' : ` and http2.streamid eq ${followed.substream}`;
  await io.out(`\n${RULE}\nFollow: ${layer},${SPELT[form]}\nFilter: ${carrier}.stream eq ${stream}${inner}\nNode 0: ${ends[0] ?? ''}\nNode 1: ${ends[1] ?? ''}\n`);
  const offsets = { up: 0, down: 0 };
  for (let at = 0; at < followed.pieces.length; at += WRITTEN) {
    await io.out(followed.pieces.slice(at, at + WRITTEN).map((piece) => {
      const from = offsets[piece.dir];
      offsets[piece.dir] += piece.bytes.length;
      return pieceText(piece, from, form, piece.dir === first ? '' : '\t');
    }).join(''));
  }
  await io.out(`${RULE}\n`);
  for (const note of notesOf(followed)) io.err(`looplab: ${note}\n`);
}

function pieceText({ bytes, gap }: StreamPiece, from: number, form: Form, tab: string): string {
  const missing = gap > 0 ? `${tab}[${gap} bytes missing in capture file]\n` : '';
  if (form === 'raw') return `${missing}${tab}${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}\n`;
  if (form === 'text') return `${missing}${tab}${bytes.length}\n${asciiText(bytes)}\n`;
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE) {
    const part = bytes.subarray(at, at + LINE);
    const hex = Array.from(part, (byte) => byte.toString(16).padStart(2, '0'));
    const signs = Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    const halves = [hex.slice(0, 8).join(' '), hex.slice(8).join(' ')].filter((half) => half !== '').join('  ');
    // Blanks at a line's end are not printed.
    lines.push(`${`${tab}${(from + at).toString(16).toUpperCase().padStart(8, '0')}  ${halves.padEnd(48)}  ${signs.slice(0, 8)}${signs.length > 8 ? ` ${signs.slice(8)}` : ''}`.trimEnd()}\n`);
  }
  return missing + lines.join('');
}

/** What is no sign of ASCII is a dot; line ends stay. */
function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d ? String.fromCharCode(byte) : '.';
  return text;
}

function notesOf({ layer, pieces, cut, conflicts, substreams, substream }: FollowedStream): string[] {
  const told = { unknown: 'nothing here undoes it, it is printed as it was sent', damaged: 'it is damaged, printed is what comes before the damage', large: 'it grows beyond the bound and is cut there', decoded: '' };
  const bodies = pieces.flatMap(({ packet, coded }) => (coded === undefined || coded.outcome === 'decoded' ? [] : [`packet ${packet + 1}: ${layer === 'websocket' ? 'a message' : 'a body'} in ${JSON.stringify(coded.coding)}: ${told[coded.outcome]}`]));
  return [
    ...bodies, ...(conflicts.length > 0 ? [`${conflicts.length} pieces came again with other bytes; the first ones are printed`] : []), ...(cut ? ['the stream goes on; this is its beginning'] : []),
    ...(substreams.length > 1 || (substream !== null && !substreams.includes(substream)) ? [`streams within: ${substreams.join(', ')}`] : []),
  ];
}

/** The flow with this number of its transport; null: there is none. */
function flowOf({ flows }: PacketIndexer, kind: 'tcp' | 'udp', stream: number): number | null {
  for (let flow = 1; flow <= flows.count; flow++) if (flows.columns.kind[flow] === KIND[kind] && flows.columns.stream[flow] === stream) return flow;
  return null;
}

function streamsOf({ flows }: PacketIndexer, kind: 'tcp' | 'udp'): string {
  let last = -1;
  for (let flow = 1; flow <= flows.count; flow++) if (flows.columns.kind[flow] === KIND[kind]) last = Math.max(last, flows.columns.stream[flow] ?? 0);
  return last < 0 ? `no ${kind} streams` : `${kind} streams 0 to ${last}`;
}
