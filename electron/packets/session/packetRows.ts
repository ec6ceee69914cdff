// What the list says of a packet: ends and length from the columns, protocol, line, trouble and the rule that paints it from its dissection. Keeps what
// it made lately, because rows are asked for again and again while somebody scrolls.

import { walkFields, type FieldNode } from '../../../shared/codec/field';
import type { Filter } from '../../../shared/filter/filter';
import { matches } from '../../../shared/filter/evaluate';
import { parseFilter } from '../../../shared/filter/parse';
import { FIELD_TYPES } from '../../../shared/codec/schema';
import { fieldSourceOf } from '../../../shared/filter/fieldSource';
import { textOfValue } from '../../../shared/filter/fieldText';
import type { DissectedPacket } from '../../../shared/packets/dissector';
import { addressText } from '../../../shared/packets/flows/flow';
import type { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import { PACKET_FLAG } from '../../../shared/packets/packetTable';
import type { PacketRow } from '../../../shared/packets/session';
import type { Readers } from './readers';

/** Rows that are kept; letters of one line and of one further column. */
const LIMITS = { rows: 8_192, info: 400, column: 400 } as const;

export type PacketEnds = Pick<PacketRow, 'source' | 'destination'>;

export class PacketRows {
  readonly #kept = new Map<number, { readonly row: PacketRow; readonly columns: string }>();
  #rules: readonly (Filter | null)[] = [];

  /** `shown`: as Readers.shown. */
  constructor(private readonly index: PacketIndexer, private readonly shown: Readers['shown'], private readonly named: (address: string) => string = (address) => address) {}

  /** What was made may be wrong from now on: the analysis has run. */
  forget(): void {
    this.#kept.clear();
  }

  /** Filters of which each row says the first that fits: its packet is dissected anyway. Those that are wrong or empty fit none. */
  ruleBy(filters: readonly string[]): null {
    this.#rules = filters.map((text) => {
      const parsed = parseFilter(text);
      return 'ok' in parsed ? parsed.ok : null;
    });
    this.forget();
    return null;
  }

  /** At once; it may say more when it is asked for again. */
  row(number: number, columns: readonly string[]): PacketRow {
    const kept = this.kept(number, columns);
    if (kept !== null) return kept;
    const { packet, early } = this.shown(number, `${number} ${columns.join()}`, (whole) => void this.made(whole, columns));
    return early ? this.#rowOf(packet, columns) : this.made(packet, columns);
  }

  kept(number: number, columns: readonly string[]): PacketRow | null {
    const kept = this.#kept.get(number);
    return kept?.columns === columns.join() ? kept.row : null;
  }

  /** Of a packet that is at hand. */
  made(packet: DissectedPacket, columns: readonly string[]): PacketRow {
    const row = this.kept(packet.number, columns) ?? this.#rowOf(packet, columns);
    if (this.#kept.size >= LIMITS.rows) this.#kept.clear();
    this.#kept.set(packet.number, { row, columns: columns.join() });
    return row;
  }

  #rowOf(packet: DissectedPacket, columns: readonly string[]): PacketRow {
    const { number } = packet;
    const { chunk, row } = this.index.table.locate(number);
    return {
      number, time: this.time(number), ...this.#called(this.ends(number, packet)), protocol: packet.protocol, length: chunk.wire[row] ?? 0, info: cut(packet.info, LIMITS.info), trouble: packet.trouble,
      flow: chunk.flow[row] ?? 0, rule: this.#ruleOf(packet), columns: columns.map((name) => fieldText(packet, name)),
    };
  }

  /** The line of a packet and what each of its fields says. Null: of none. */
  said(packet: DissectedPacket | null): Iterable<string> | null {
    return packet === null ? null : saidBy(packet, this.made(packet, []));
  }

  #ruleOf({ layers, sources }: DissectedPacket): number {
    if (this.#rules.length === 0) return -1;
    const fields = fieldSourceOf(layers, sources.map(({ bytes }) => bytes));
    return this.#rules.findIndex((rule) => rule !== null && matches(rule, fields));
  }

  #called({ source, destination }: PacketEnds): PacketEnds {
    return { source: this.named(source), destination: this.named(destination) };
  }

  /** ns since the capture's first packet. */
  time(number: number): number {
    const { chunk, row } = this.index.table.locate(number);
    const { chunk: begin, row: first } = this.index.table.locate(0);
    return ((chunk.seconds[row] ?? 0) - (begin.seconds[first] ?? 0)) * 1e9 + ((chunk.nanos[row] ?? 0) - (begin.nanos[first] ?? 0));
  }

  /** Of the innermost addresses that the headers give: IP's, else Ethernet's, else what the dissection finds (ARP's are Ethernet's). */
  ends(number: number, packet: DissectedPacket | null = null): PacketEnds {
    const { chunk, row } = this.index.table.locate(number);
    const flow = chunk.flow[row] ?? 0;
    if (flow !== 0) {
      const back = ((chunk.flags[row] ?? 0) & PACKET_FLAG.reverse) !== 0;
      const { columns } = this.index.flows;
      return { source: addressText(columns, flow, back ? 1 : 0), destination: addressText(columns, flow, back ? 0 : 1) };
    }
    const link = this.index.links.link(chunk.link[row] ?? 0);
    if (link !== null) return link;
    return packet === null ? { source: '', destination: '' } : { source: fieldText(packet, 'eth.src'), destination: fieldText(packet, 'eth.dst') };
  }
}

function* saidBy({ layers }: DissectedPacket, { protocol, source, destination, info }: PacketRow): Generator<string> {
  yield `${source} ${destination} ${protocol} ${info}`;
  for (const { tree } of layers) for (const { node } of walkFields(tree)) yield node.display;
}

/** All values of a field in a packet, as people read them. '' when it is not there. */
export function fieldText(packet: DissectedPacket, name: string): string {
  const found: string[] = [];
  const visit = (node: FieldNode): void => {
    if (node.name === name) found.push(node.display);
    node.children.forEach(visit);
  };
  for (const { tree } of packet.layers) visit(tree);
  // Names that stand for two fields are in no tree.
  const kind = FIELD_TYPES.get(name)?.kind;
  if (found.length === 0 && kind !== undefined) {
    const source = fieldSourceOf(packet.layers, packet.sources.map(({ bytes }) => bytes));
    found.push(...source.occurrences(name).map(({ value }) => (kind === 'protocol' ? '✓' : textOfValue(value, kind))));
  }
  return cut(found.join(','), LIMITS.column);
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);
