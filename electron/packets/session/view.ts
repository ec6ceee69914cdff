// A filtered, sorted list of packets, made in slices while the file may still be read: rows in the order of the file are there as they are found, an
// order of its own is there once all of it is known.

import { endpointOrder } from './endpointOrder';
import type { ViewRequest, ViewState } from '../../../shared/packets/session';
import type { FilterError } from '../../../shared/filter/filter';
import { EngineError } from '../../runtime/engineError';
import { Breath } from './breath';
import { allRows, FoundRows, orderedRows, type RowList } from './rowLists';
import { VERDICT, verdictAt, WORD_BITS, wordOf } from '../../../shared/packets/matching/verdict';
import { CHUNK } from '../../../shared/packets/packetTable';
import { sortRows, textKeys } from './sortRows';
import { toldOf, type Step } from './step';
import type { FilterAsked, FilterTest } from './viewFilter';

/** Packets that may be put in the order of a text that only their dissection tells. */
const MOST_DISSECTED = 400_000;
/** Packets of which the columns tell between two looks at the clock, and of which their bytes do. */
const LOOK = 16_384;
const LOOK_BYTES = 32;
/** Packets of which one look can say that none fits. */
const WORD = 1 << WORD_BITS;
const ALL_NO = wordOf(VERDICT.no);

export interface ViewParts {
  /** Packets so far. */
  count(): number;
  /** Resolves when there are more, or when there will be none; false: none. */
  more(): Promise<boolean>;
  /** Whether a packet fits; null for an empty filter. Columns tell at once, dissections take their time. */
  filter(text: string): FilterTest;
  time(packet: number): number;
  length(packet: number): number;
  ends(packet: number): { readonly source: string; readonly destination: string };
  /** Protocol and line of the list, for who asks packets in rising order. */
  texts(): Step<{ readonly protocol: string; readonly info: string }>;
  /** Letters of the keys that are known: with more, the same bytes may say more. */
  keys(): number;
  /** The file is being read. */
  reading(): boolean;
  /** Something of the state has changed. */
  tell(): void;
}

export class View {
  #rows: RowList = new FoundRows();
  #done = false;
  #looked = 0;
  #error: FilterError | null = null;
  /** Replaced, or cancelled: it stays as it is. */
  #stopped = false;

  constructor(readonly number: number, private readonly request: ViewRequest, private readonly parts: ViewParts) {}

  get rows(): RowList {
    return this.#rows;
  }

  get state(): ViewState {
    const count = this.parts.count();
    return { view: this.number, request: this.request, count: this.#rows.count, done: this.#done, share: this.#done ? 1 : count === 0 ? 0 : Math.min(this.#looked / count, 1), error: this.#error };
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Until it is complete. Rejects with Superseded after `stop`, and with SORT_TOO_MANY. */
  async run(): Promise<ViewState> {
    const made = this.parts.filter(this.request.filter);
    if ('error' in made) this.#error = made.error;
    else await this.#fill(made.asked);
    this.#done = true;
    this.parts.tell();
    return this.state;
  }

  async #fill(asked: FilterAsked | null): Promise<void> {
    const { column, descending } = this.request.sort;
    const breath = new Breath(() => !this.#stopped);
    const inOrder = column === 'number' && !descending;
    const found = new FoundRows();
    if (inOrder) this.#rows = asked === null ? allRows(() => this.parts.count()) : found;
    if (asked !== null) await this.#find(asked, found, breath);
    else await this.#wait(breath);
    if (!inOrder) this.#rows = await this.#sorted(asked === null ? allRows(() => this.parts.count()) : found, breath);
  }

  async #find(asked: FilterAsked, found: FoundRows, breath: Breath): Promise<void> {
    const { parts } = this;
    let [keys, early] = [parts.keys(), asked.later && parts.reading()];
    for (let packet = 0; ;) {
      const count = parts.count();
      if (packet >= count) {
        parts.tell();
        if (await parts.more()) {
          await breath.take();
          continue;
        }
        if (keys === parts.keys() && !early) return;
        // The rest of the file tells of packets that were asked before it was read.
        [keys, early] = [parts.keys(), false];
        found.clear();
        packet = 0;
        continue;
      }
      const end = Math.min(packet + LOOK - (packet % LOOK), count);
      while (!asked.columns.prepare(end, LOOK)) if (breath.due) await breath.take();
      await this.#block(asked, packet, end, found, breath);
      packet = end;
      if (breath.due) await this.#rest(breath);
    }
  }

  /** Packets of one chunk. */
  async #block({ columns, byBytes }: FilterAsked, from: number, to: number, found: FoundRows, breath: Breath): Promise<void> {
    const first = from - (from % CHUNK);
    const verdicts = columns.chunk(first / CHUNK);
    for (let packet = from; packet < to; packet++) {
      if (packet % WORD === 0 && packet + WORD <= to && verdicts[(packet - first) >> WORD_BITS] === ALL_NO) {
        packet += WORD - 1;
        continue;
      }
      const verdict = verdictAt(verdicts, packet - first);
      if (verdict === VERDICT.yes || (verdict === VERDICT.maybe && (byBytes(packet) ?? await this.#told(byBytes, packet, breath)))) found.add(packet);
      if (verdict !== VERDICT.maybe || packet % LOOK_BYTES !== 0 || !breath.due) continue;
      this.#looked = packet + 1;
      await this.#rest(breath);
    }
    this.#looked = to;
  }

  /** Of a packet far into its flow, all of which is read first. */
  async #told(byBytes: Step<boolean>, packet: number, breath: Breath): Promise<boolean> {
    this.#looked = packet;
    return toldOf(byBytes, packet, breath);
  }

  async #rest(breath: Breath): Promise<void> {
    this.parts.tell();
    await breath.take();
  }

  async #wait(breath: Breath): Promise<void> {
    while (await this.parts.more()) await breath.take();
    this.#looked = this.parts.count();
  }

  async #sorted(rows: RowList, breath: Breath): Promise<RowList> {
    const { descending } = this.request.sort;
    const packets = Uint32Array.from({ length: rows.count }, (_unused, row) => rows.at(row));
    return orderedRows(await sortRows(packets, await this.#keys(packets, breath), descending, breath));
  }

  async #keys(packets: Uint32Array, breath: Breath): Promise<Float64Array> {
    const { parts } = this;
    const { column } = this.request.sort;
    switch (column) {
      case 'number': return Float64Array.from(packets);
      case 'time': return Float64Array.from(packets, (packet) => parts.time(packet));
      case 'length': return Float64Array.from(packets, (packet) => parts.length(packet));
      case 'source': case 'destination': return textKeys(packets, (packet) => parts.ends(packet)[column], endpointOrder, breath);
      case 'protocol': case 'info': {
        if (packets.length > MOST_DISSECTED) throw new EngineError('SORT_TOO_MANY', `at most ${MOST_DISSECTED} packets are sorted by what is in them`, column);
        const texts = parts.texts();
        return textKeys(packets, (packet) => texts(packet)?.[column] ?? null, (a, b) => (a < b ? -1 : 1), breath);
      }
      default: return column satisfies never;
    }
  }
}
