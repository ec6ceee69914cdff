// Tests of addresses, ports and streams: asked of each flow once, in both directions, so that its packets cost a look each. Grows with the flows.

import { holds, order } from '../../filter/values';
import { matches } from '../../filter/evaluate';
import type { FieldOccurrence, FieldSource, Filter, FilterValue, Operand } from '../../filter/filter';
import { addressBytes } from '../flows/flow';
import type { FlowColumns } from '../flows/flowColumns';
import type { FlowTable } from '../flows/flowTable';
import { PACKET_KINDS } from '../packetTable';
import { isSure } from './bitTable';
import { leafVerdict, verdictOf, type Leaf } from './leaves';
import { VERDICT, type Verdicts } from './verdict';

/** Whether a test holds for the packets of a flow; `reverse` 1: those of its second end. */
type FlowTest = (flow: number, reverse: 0 | 1) => boolean;
const TCP = PACKET_KINDS.indexOf('tcp');
const UDP = PACKET_KINDS.indexOf('udp');

export class FlowVerdicts {
  /** By flow << 1 | reverse. */
  table: Verdicts = new Uint8Array(0);
  /** Of packets without a flow, by kind. */
  readonly without: Verdicts;
  #known = 0;
  readonly #tests = new Map<Leaf, FlowTest>();

  constructor(private readonly filter: Filter, private readonly flows: FlowTable) {
    const nothing: FieldSource = { occurrences: () => [], carried: () => [], layers: () => 0 };
    this.without = Uint8Array.from(PACKET_KINDS, (kind) => verdictOf(filter, (leaf) => leafVerdict(leaf, matches(leaf, nothing), isSure(kind))));
  }

  /** Asks the flows that came since. */
  update(): void {
    const { count, columns } = this.flows;
    if (this.#known === count) return;
    if (this.table.length < (count + 1) * 2) {
      const wider = new Uint8Array(Math.max((count + 1) * 2, this.table.length * 2));
      wider.set(this.table);
      this.table = wider;
    }
    const single = this.#single();
    for (let flow = this.#known + 1; flow <= count; flow++) {
      const kind = columns.kind[flow] ?? 0;
      const sure = kind === TCP || kind === UDP;
      if (single !== null && sure) {
        this.table[flow << 1] = single(flow, 0) ? VERDICT.yes : VERDICT.no;
        this.table[(flow << 1) | 1] = single(flow, 1) ? VERDICT.yes : VERDICT.no;
        continue;
      }
      for (const reverse of [0, 1] as const) this.table[(flow << 1) | reverse] = verdictOf(this.filter, (leaf) => leafVerdict(leaf, this.#test(leaf)(flow, reverse), sure));
    }
    this.#known = count;
  }

  /** The filter as one test; null: it is several. */
  #single(): FlowTest | null {
    const { type } = this.filter;
    return type === 'and' || type === 'or' || type === 'xor' || type === 'not' ? null : this.#test(this.filter as Leaf);
  }

  #test(leaf: Leaf): FlowTest {
    const known = this.#tests.get(leaf) ?? fastTest(leaf, this.flows.columns) ?? slowTest(leaf, this.flows.columns);
    this.#tests.set(leaf, known);
    return known;
  }
}

const slowTest = (leaf: Leaf, columns: FlowColumns): FlowTest => (flow, reverse) => matches(leaf, flowSource(columns, flow, reverse));

/** The fields of a flow's packets, by name: what sources.occurrences() of a dissected one would give. */
function flowSource(columns: FlowColumns, flow: number, reverse: 0 | 1): FieldSource {
  const kind = PACKET_KINDS[columns.kind[flow] ?? 0];
  const network = columns.version[flow] === 4 ? 'ip' : 'ipv6';
  const values = (name: string): FilterValue[] => {
    const [protocol = '', field = ''] = name.split('.');
    if (protocol === network) {
      const address = (side: 0 | 1): Uint8Array => addressBytes(columns, flow, side === reverse ? 0 : 1);
      if (field === '' || field === 'version') return [field === '' ? 1 : columns.version[flow] ?? 0];
      return field === 'src' ? [address(0)] : field === 'dst' ? [address(1)] : [address(0), address(1)];
    }
    if (protocol !== kind) return [];
    const ports = columns.ports[flow] ?? 0;
    const [source, destination] = reverse === 0 ? [ports >>> 16, ports & 0xffff] : [ports & 0xffff, ports >>> 16];
    if (field === 'stream') return [columns.stream[flow] ?? 0];
    return field === 'srcport' ? [source] : field === 'dstport' ? [destination] : [source, destination];
  };
  const occurrences = (name: string): readonly FieldOccurrence[] => values(name).map((value) => ({ value, bytes: value instanceof Uint8Array ? value : new Uint8Array(0), layer: 1 }));
  return { occurrences, carried: occurrences, layers: () => 1 };
}

/** Fields that are a number of the flow's columns: ports, streams, IPv4 addresses. Two for .port and .addr. */
function numbersOf(operand: Operand, columns: FlowColumns): { readonly kind: number; readonly version: number; readonly ends: readonly ('source' | 'destination' | 'stream')[]; readonly address: boolean } | null {
  if (operand.type !== 'field' || operand.layers !== null) return null;
  const [protocol = '', field = ''] = operand.field.name.split('.');
  const ends = field === 'stream' ? ['stream' as const] : field.startsWith('src') ? ['source' as const] : field.startsWith('dst') ? ['destination' as const] : field === 'port' || field === 'addr' ? ['source' as const, 'destination' as const] : null;
  if (ends === null || columns.room < 0) return null;
  if (protocol === 'tcp' || protocol === 'udp') return { kind: protocol === 'tcp' ? TCP : UDP, version: 0, ends, address: false };
  return protocol === 'ip' ? { kind: -1, version: 4, ends, address: true } : null;
}

/** Comparisons of one such field with constants, without an object; null: it is none. */
function fastTest(leaf: Leaf, columns: FlowColumns): FlowTest | null {
  if (leaf.type !== 'compare' && leaf.type !== 'in') return null;
  const field = numbersOf(leaf.type === 'compare' ? leaf.left : leaf.operand, columns);
  if (field === null) return null;
  const fits = leaf.type === 'compare' ? constantTest(leaf.right, field.address, (ordered) => holds(leaf.comparison, ordered)) : setTest(leaf, field.address);
  if (fits === null || (leaf.type === 'in' && leaf.quantifier === 'all')) return null;
  const any = leaf.quantifier === 'any';
  const { kind, version, ends, address } = field;
  return (flow, reverse) => {
    if (version === 0 ? columns.kind[flow] !== kind : columns.version[flow] !== version) return false;
    for (const end of ends) {
      const side = (end === 'source') === (reverse === 0) ? 0 : 1;
      const ports = columns.ports[flow] ?? 0;
      const value = end === 'stream' ? columns.stream[flow] ?? 0 : address ? columns.addresses[flow * 8 + side * 4] ?? 0 : side === 0 ? ports >>> 16 : ports & 0xffff;
      if (fits(value) === any) return any;
    }
    return !any;
  };
}

type NumberTest = (value: number) => boolean;

function constantTest(operand: Operand, address: boolean, fits: (ordered: number) => boolean): NumberTest | null {
  if (operand.type !== 'value') return null;
  const { value, prefix } = operand;
  if (!address) return typeof value === 'number' || typeof value === 'bigint' ? (number) => fits(order(number, value)) : null;
  if (!(value instanceof Uint8Array) || value.length !== 4) return null;
  const mask = prefix === null ? 0xffff_ffff : prefix === 0 ? 0 : (0xffff_ffff << (32 - prefix)) >>> 0;
  const wanted = (new DataView(value.buffer, value.byteOffset).getUint32(0) & mask) >>> 0;
  return (number) => {
    const masked = (number & mask) >>> 0;
    return fits(masked < wanted ? -1 : masked > wanted ? 1 : 0);
  };
}

function setTest(leaf: Extract<Leaf, { type: 'in' }>, address: boolean): NumberTest | null {
  const tests: NumberTest[] = [];
  for (const { low, high } of leaf.items) {
    const least = constantTest(low, address, (ordered) => (high === null ? ordered === 0 : ordered >= 0));
    const most = high === null ? null : constantTest(high, address, (ordered) => ordered <= 0);
    if (least === null || (high !== null && most === null)) return null;
    tests.push(most === null ? least : (value) => least(value) && most(value));
  }
  return (value) => tests.some((test) => test(value));
}
