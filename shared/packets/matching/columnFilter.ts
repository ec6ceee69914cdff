// A filter asked of columns: for each packet yes, no, or that its bytes must tell. A chunk at a time, in loops over numbers; what was answered is kept, and
// goes on where new packets come while a file is read.

import { never } from '../../base/assert';
import type { Filter } from '../../filter/filter';
import { filterFields } from '../../filter/parse';
import { holds } from '../../filter/values';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { KIND } from '../index/linkHeader';
import { CHUNK, UNSURE, type PacketChunk } from '../packetTable';
import { bitPlace, bitTable, carrierTable, TCP_TABLE } from './bitTable';
import type { CaptureColumns } from './captureColumns';
import { FlowVerdicts } from './flowVerdicts';
import { fillBits, fillFlows, joinFlows, onlyTcp } from './chunkLoops';
import type { FlowTalks } from './flowTalks';
import { planOf, type Carrier, type Plan } from './plan';
import { fillRow, type Limits } from './rowComparisons';
import { isFrameField } from './rowFields';
import { rowFlows, type RowFlows } from './rowFlows';
import { rowPatterns, type RowPatterns } from './rowPatterns';
import { combine, fillRows, IN_WORD, invert, packRows, rowBytes, VERDICT, verdictAt, WORD_BITS, type Verdicts, type VerdictWords } from './verdict';

/** Rows from..to-1, both multiples of sixteen; rows that are not there yet are filled with anything. */
type Fill = (chunk: PacketChunk, first: number, from: number, to: number, out: VerdictWords) => void;

export class ColumnFilter {
  readonly #fill: Fill;
  /** Flow tables, to be brought up to date before rows are answered. */
  readonly #flows: FlowVerdicts[] = [];
  readonly #chunks: { readonly verdicts: VerdictWords; known: number; analysed: boolean }[] = [];
  /** Columns to work in. */
  readonly #spare: VerdictWords[] = [];
  /** False: some of it is in the packets' bytes only. */
  readonly cheap: boolean;
  readonly #talks: FlowTalks | null;

  constructor(filter: Filter, private readonly columns: CaptureColumns) {
    const plan = planOf(filter);
    this.cheap = isCheap(plan);
    this.#talks = asksTalks(plan) ? columns.talks ?? null : null;
    const fill = this.#compile(plan);
    this.#fill = filterFields(filter).some((name) => MARKS.has(name)) ? this.#besideCounters(fill) : fill;
  }

  /** VERDICT of a packet, from 0. Throws RangeError for one that is not there. */
  verdict(packet: number): number {
    if (!(packet >= 0 && packet < this.columns.table.count)) throw new RangeError(`packet ${packet} of ${this.columns.table.count}`);
    return verdictAt(this.chunk(Math.floor(packet / CHUNK)), packet % CHUNK);
  }

  /** Gets ready to answer for the packets before `until`, at most `most` further ones: what would else be done when they are asked for. True: it is. */
  prepare(until: number, most: number): boolean {
    return this.#talks?.advance(until, most) ?? true;
  }

  /** VERDICT of each packet of a chunk, as far as there are some. */
  chunk(number: number): VerdictWords {
    const { table } = this.columns;
    const rows = Math.min(CHUNK, table.count - number * CHUNK);
    const analysed = this.columns.analysed();
    let kept = this.#chunks[number];
    if (kept === undefined) this.#chunks[number] = kept = { verdicts: new Int32Array(CHUNK >> WORD_BITS), known: 0, analysed };
    const chunk = table.chunks[number];
    if (chunk === undefined || (kept.known === rows && kept.analysed === analysed)) return kept.verdicts;
    for (const flows of this.#flows) flows.update();
    this.#talks?.advance(number * CHUNK + rows);
    const from = kept.analysed === analysed ? kept.known & ~IN_WORD : 0;
    this.#fill(chunk, number * CHUNK, from, (rows + IN_WORD) & ~IN_WORD, kept.verdicts);
    kept.known = rows;
    kept.analysed = analysed;
    return kept.verdicts;
  }

  #compile(plan: Plan): Fill {
    switch (plan.type) {
      case 'and': case 'or': case 'xor': {
        const { type } = plan;
        const left = this.#compile(plan.left);
        if (type !== 'xor' && plan.right.type === 'flow') {
          const flows = this.#flow(plan.right.filter);
          return (chunk, first, from, to, out) => {
            left(chunk, first, from, to, out);
            joinFlows(type, this.#rowFlows(chunk, first), flows.table, from, to, out);
          };
        }
        const right = this.#compile(plan.right);
        return (chunk, first, from, to, out) => {
          left(chunk, first, from, to, out);
          const other = this.#spare.pop() ?? new Int32Array(CHUNK >> WORD_BITS);
          right(chunk, first, from, to, other);
          combine(type, out.subarray(from >> WORD_BITS, to >> WORD_BITS), other.subarray(from >> WORD_BITS, to >> WORD_BITS));
          this.#spare.push(other);
        };
      }
      case 'not': {
        const inner = this.#compile(plan.inner);
        return (chunk, first, from, to, out) => {
          inner(chunk, first, from, to, out);
          invert(out.subarray(from >> WORD_BITS, to >> WORD_BITS));
        };
      }
      case 'everything': return (_chunk, _first, from, to, out) => fillRows(out, VERDICT.yes, from, to);
      case 'bits': return this.#bits(bitTable(plan.filter));
      case 'decode': return isInStream(plan.carrier) ? this.#carrier(carrierTable(plan.carrier)) : this.#bits(carrierTable(plan.carrier));
      case 'flow': {
        const flows = this.#flow(plan.filter);
        return (chunk, first, from, to, out) => fillFlows(this.#rowFlows(chunk, first), flows.table, from, to, out);
      }
      case 'row': {
        const { test } = plan;
        const limits: Limits = { below: verdict(holds(test.comparison, -1)), same: verdict(holds(test.comparison, 0)), above: verdict(holds(test.comparison, 1)) };
        const row = fillRow(test.field, test.value, limits, this.columns);
        if (isFrameField(test.field)) return row;
        return (chunk, first, from, to, out) => {
          row(chunk, first, from, to, out);
          onlyTcp(this.#patterns(chunk, first), from, out);
        };
      }
      case 'analysis': {
        const { mask } = plan;
        return (chunk, _first, from, to, out) => fillAnalysis(chunk, mask, this.columns.analysed(), from, to, out);
      }
      default: return never(plan);
    }
  }

  /** Three flags are one number where both ends agreed to count marks with them (RFC 9768 3.1.1), which only the dissection of those connections tells. */
  #besideCounters(fill: Fill): Fill {
    const { table } = this.columns;
    let [counting, looked] = [new Uint8Array(0), 0];
    return (chunk, first, from, to, out) => {
      if (counting.length <= this.columns.flows.count) {
        const larger = new Uint8Array(this.columns.flows.count * 2 + 1);
        larger.set(counting);
        counting = larger;
      }
      for (const until = Math.min(first + to, table.count); looked < until; looked++) {
        const at = table.chunks[Math.floor(looked / CHUNK)];
        const row = looked % CHUNK;
        if (at?.kind[row] === KIND.tcp && ((at.flags[row] ?? 0) & COUNTER) === COUNTER) counting[at.flow[row] ?? 0] = 1;
      }
      fill(chunk, first, from, to, out);
      for (let i = from; i < to; i++) if (counting[chunk.flow[i] ?? 0] === 1) fillRows(out, VERDICT.maybe, i, i + 1);
    };
  }

  #carrier(table: Verdicts): Fill {
    return ({ kind, flags }, first, from, to, out) => {
      const data = this.#talks?.data(Math.floor(first / CHUNK)) ?? NOTHING_SAID;
      for (let i = from; i < to; i++) {
        const bits = flags[i] ?? 0;
        const silent = kind[i] === KIND.tcp && (bits & UNSURE) === 0 && (((data[i >> 5] ?? 0) >>> (i & 31)) & 1) === 1;
        rowBytes[i] = silent ? VERDICT.no : table[bitPlace(kind[i] ?? 0, bits)] ?? VERDICT.maybe;
      }
      packRows(rowBytes, from, to, out);
    };
  }

  #bits(table: Verdicts): Fill {
    return (chunk, first, from, to, out) => fillBits(this.#patterns(chunk, first), table, from, to, out);
  }

  #patterns(chunk: PacketChunk, first: number): RowPatterns {
    return rowPatterns(chunk, this.columns.table.count - first);
  }

  #rowFlows(chunk: PacketChunk, first: number): RowFlows {
    return rowFlows(chunk, this.columns.table.count - first);
  }

  #flow(filter: Filter): FlowVerdicts {
    const flows = new FlowVerdicts(filter, this.columns.flows);
    this.#flows.push(flows);
    return flows;
  }
}

const leavesOf = (plan: Plan): readonly Plan[] => (plan.type === 'and' || plan.type === 'or' || plan.type === 'xor' ? [...leavesOf(plan.left), ...leavesOf(plan.right)] : plan.type === 'not' ? leavesOf(plan.inner) : [plan]);
/** What TCP carries cannot be in packets in which no message ends that anybody knows. */
const isInStream = (carrier: Carrier): boolean => carrier === 'tcpPayload' || carrier === 'transport';
const asksTalks = (plan: Plan): boolean => leavesOf(plan).some((leaf) => leaf.type === 'decode' && isInStream(leaf.carrier));
const verdict = (fits: boolean): number => (fits ? VERDICT.yes : VERDICT.no);
const isCheap = (plan: Plan): boolean => leavesOf(plan).every(({ type }) => type !== 'decode');

/** What asks for a counter of marks: a SYN with all three of them. */
const COUNTER = TCP_FLAGS.SYN | TCP_FLAGS.AE | TCP_FLAGS.CWR | TCP_FLAGS.ECE;
const MARKS: ReadonlySet<string> = new Set(['tcp.flags.ae', 'tcp.flags.cwr', 'tcp.flags.ece']);
const NOTHING_SAID = new Uint32Array(0);

function fillAnalysis({ kind, flags, analysis }: PacketChunk, mask: number, analysed: boolean, from: number, to: number, out: VerdictWords): void {
  for (let i = from; i < to; i++) {
    const there = TCP_TABLE[bitPlace(kind[i] ?? 0, flags[i] ?? 0)] ?? VERDICT.maybe;
    rowBytes[i] = there !== VERDICT.yes ? there : analysed ? (((analysis[i] ?? 0) & mask) === 0 ? VERDICT.no : VERDICT.yes) : VERDICT.maybe;
  }
  packRows(rowBytes, from, to, out);
}
