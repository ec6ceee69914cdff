// The tables of conversations and endpoints, counted over columns: who exchanged how much with whom. As `tshark -z conv,...` and `-z endpoints,...`, but
// that of a tunnel's two IP headers only the inner one counts.

import { never } from '../../base/assert';
import { addressText } from '../flows/flow';
import type { FlowTable } from '../flows/flowTable';
import type { LinkTable } from '../flows/linkTable';
import { KIND } from '../index/linkHeader';
import { PACKET_FLAG, type PacketTable } from '../packetTable';
import type { Conversation, EndpointRow } from '../session';
import { forChosen, originOf, timeIn, type Chosen } from './chosen';
import { GroupCounts } from './counts';
import { SLICE_ROWS, type Sliced } from './sliced';

export type ConversationKind = 'ethernet' | 'ip' | 'tcp' | 'udp';

/** What an indexer filled. */
export interface CaptureIndex {
  readonly table: PacketTable;
  readonly flows: FlowTable;
  readonly links: LinkTable;
}

/** In order of appearance; `a` sent the first packet. `flow` is 0 where a conversation is not one flow. */
export function conversations(index: CaptureIndex, kind: ConversationKind, chosen: Chosen): Sliced<Conversation[]> {
  switch (kind) {
    case 'tcp': case 'udp': return flowConversations(index, kind, chosen);
    case 'ip': return ipConversations(index, chosen);
    case 'ethernet': return linkConversations(index, chosen);
    default: return never(kind);
  }
}

function* flowConversations({ table, flows }: CaptureIndex, kind: 'tcp' | 'udp', chosen: Chosen): Sliced<Conversation[]> {
  const { columns } = flows;
  const counts = new GroupCounts(flows.count + 1);
  const origin = originOf(table);
  const wanted = KIND[kind];
  yield* forChosen(table, chosen, (chunk, row) => {
    const flow = chunk.flow[row] ?? 0;
    if (columns.kind[flow] === wanted && flow !== 0) counts.add(flow, ((chunk.flags[row] ?? 0) & PACKET_FLAG.reverse) === 0 ? 0 : 1, chunk.wire[row] ?? 0, timeIn(chunk, row, origin));
  });
  return yield* each(counts.order, (flow) => {
    const ports = columns.ports[flow] ?? 0;
    return { flow, kind, a: { address: addressText(columns, flow, 0), port: ports >>> 16 }, b: { address: addressText(columns, flow, 1), port: ports & 0xffff }, ...counts.of(flow) };
  });
}

function* each<T>(groups: readonly number[], of: (group: number) => T): Sliced<T[]> {
  const made: T[] = [];
  for (const group of groups) if (made.push(of(group)) % SLICE_ROWS === 0) yield;
  return made;
}

/** Pairs of texts, numbered from 1; a pair is the same in either order. */
class Pairs {
  readonly #numbers = new Map<string, number>();
  readonly ends: (readonly [string, string])[] = [['', '']];

  /** The pair's number, twice, plus 1 when its first end is `b`. */
  add(a: string, b: string): number {
    const ahead = this.#numbers.get(`${a} ${b}`);
    if (ahead !== undefined) return ahead * 2;
    const back = this.#numbers.get(`${b} ${a}`);
    if (back !== undefined) return back * 2 + 1;
    this.#numbers.set(`${a} ${b}`, this.ends.push([a, b]) - 1);
    return (this.ends.length - 1) * 2;
  }
}

function* ipConversations({ table, flows }: CaptureIndex, chosen: Chosen): Sliced<Conversation[]> {
  const pairs = new Pairs();
  const turned = new Uint32Array(flows.count + 1);
  for (let flow = 1; flow < turned.length; flow++) {
    turned[flow] = pairs.add(addressText(flows.columns, flow, 0), addressText(flows.columns, flow, 1));
    if (flow % SLICE_ROWS === 0) yield;
  }
  return yield* grouped(table, chosen, 'ip', pairs, (chunk, row) => {
    const pair = turned[chunk.flow[row] ?? 0] ?? 0;
    return ((chunk.flags[row] ?? 0) & PACKET_FLAG.reverse) === 0 ? pair : pair ^ 1;
  });
}

function* linkConversations({ table, links }: CaptureIndex, chosen: Chosen): Sliced<Conversation[]> {
  const pairs = new Pairs();
  const turned = new Uint32Array(links.count + 1);
  for (let number = 1; number <= links.count; number++) {
    const link = links.link(number);
    if (link !== null) turned[number] = pairs.add(link.source, link.destination);
  }
  return yield* grouped(table, chosen, 'ethernet', pairs, (chunk, row) => turned[chunk.link[row] ?? 0] ?? 0);
}

type Turned = (chunk: PacketTable['chunks'][number], row: number) => number;

function* grouped(table: PacketTable, chosen: Chosen, kind: string, pairs: Pairs, turned: Turned): Sliced<Conversation[]> {
  const counts = new GroupCounts(pairs.ends.length);
  const origin = originOf(table);
  yield* forChosen(table, chosen, (chunk, row) => {
    const pair = turned(chunk, row);
    if (pair > 1) counts.add(pair >> 1, pair & 1, chunk.wire[row] ?? 0, timeIn(chunk, row, origin));
  });
  return yield* each(counts.order, (pair) => {
    const [a, b] = pairs.ends[pair] ?? ['', ''];
    return { flow: 0, kind, a: { address: a, port: null }, b: { address: b, port: null }, ...counts.of(pair) };
  });
}

/** In order of appearance. `sent` and `received` are bytes; a packet to oneself counts both ways. */
export function* endpoints(index: CaptureIndex, kind: ConversationKind, chosen: Chosen): Sliced<EndpointRow[]> {
  const rows = new Map<string, { -readonly [K in keyof EndpointRow]: EndpointRow[K] }>();
  const count = ({ address, port }: Conversation['a'], packets: number, sent: number, received: number): void => {
    const key = `${address} ${port}`;
    const row = rows.get(key) ?? { address, port, packets: 0, bytes: 0, sent: 0, received: 0 };
    row.packets += packets;
    row.bytes += sent + received;
    row.sent += sent;
    row.received += received;
    rows.set(key, row);
  };
  for (const [at, { a, b, packets: [up, down], bytes: [sent, received] }] of (yield* conversations(index, kind, chosen)).entries()) {
    count(a, up + down, sent, received);
    count(b, up + down, received, sent);
    if (at % SLICE_ROWS === 0) yield;
  }
  return [...rows.values()];
}
