// Finds the packets of a run that display filters fit, for conditions (evaluate.ts): each packet is looked at once, by the columns where they tell,
// else by its dissection. Loaded when a lesson asks; a filter that is none finds nothing (shared/lab/checkMatchers.ts tells its author).

import { matches } from '../../filter/evaluate';
import { fieldSourceOf } from '../../filter/fieldSource';
import type { Filter, FieldSource } from '../../filter/filter';
import { parseFilter } from '../../filter/parse';
import { createDissector } from '../../packets/dissection/dissector';
import { ColumnFilter } from '../../packets/matching/columnFilter';
import { VERDICT } from '../../packets/matching/verdict';
import { whoMatches } from '../evaluateRoles';
import type { Matcher } from '../match';
import type { TraceStore } from '../store';
import type { Story } from '../story';
import { RunPackets } from './runPackets';

/** Packets that are dissected at one asking, some 20 µs to 100 µs each. */
const DISSECTED_AT_ONCE = 250;

export interface PacketFound {
  /** Index of the moment that sent it. */
  readonly moment: number;
  /** Bytes of payload of its transport. */
  readonly size: number;
  /** The kernel gave it; false: rebuilt from what the calls told. */
  readonly captured: boolean;
}

interface Sought {
  readonly filter: Filter | null;
  readonly columns: ColumnFilter | null;
  /** Packets below were looked at. */
  next: number;
  readonly fitting: number[];
}

export class PacketFinder {
  readonly #packets: RunPackets;
  readonly #dissector;
  readonly #sought = new Map<string, Sought>();
  #pending = false;

  /** `filters`: those that will be asked for; others may be too. */
  constructor(private readonly story: Story, trace: TraceStore, filters: readonly string[] = []) {
    this.#packets = new RunPackets(story, trace);
    this.#dissector = createDissector(this.#packets);
    for (const filter of filters) this.#begin(filter);
  }

  /** All packets of the run were looked at: they can be counted. */
  get whole(): boolean {
    return !this.#pending && !this.#packets.full;
  }

  /** Looks at packets that came since, at so many of them that a page may ask between two frames. False: some are left for the next time. */
  advance(): boolean {
    this.#packets.advance();
    this.#look(this.#packets.table.count);
    return !this.#pending;
  }

  /** The packets that fit so far, in the order of the picture. */
  finds({ filter = '', captured, role, to }: Matcher): readonly PacketFound[] {
    const sought = this.#sought.get(filter) ?? this.#begin(filter);
    this.advance();
    const { story } = this;
    const packets = this.#packets;
    const found: PacketFound[] = [];
    for (const number of sought.fitting) {
      const id = packets.segmentOf(number);
      if (id < 0 || (captured !== undefined && captured !== packets.isCaptured(number))) continue;
      const segment = story.segments.at(id);
      const moment = story.momentOfSegment(id);
      if (moment >= 0 && whoMatches(role, segment.fromSock, story) && whoMatches(to, segment.toSock, story)) found.push({ moment, size: packets.size(number), captured: packets.isCaptured(number) });
    }
    return found.sort((one, other) => one.moment - other.moment);
  }

  #begin(text: string): Sought {
    const parsed = parseFilter(text);
    const filter = 'error' in parsed ? null : parsed.ok;
    const sought: Sought = {
      filter, columns: filter === null ? null : new ColumnFilter(filter, { table: this.#packets.table, flows: this.#packets.flows, analysed: () => false }),
      // What is no filter has nothing to look at.
      next: 'error' in parsed ? Infinity : 0, fitting: [],
    };
    this.#sought.set(text, sought);
    return sought;
  }

  /** All filters go over the packets together, so that each is dissected once. */
  #look(count: number): void {
    const all = [...this.#sought.values()];
    let left = DISSECTED_AT_ONCE;
    let number = all.reduce((least, { next }) => Math.min(least, next), count);
    for (; number < count && left > 0; number++) {
      let source: FieldSource | null = null;
      for (const sought of all) {
        if (sought.next !== number) continue;
        sought.next++;
        const verdict = sought.columns?.verdict(number) ?? VERDICT.yes;
        if (verdict === VERDICT.maybe && source === null) {
          const { layers, sources } = this.#dissector.dissect(number);
          source = fieldSourceOf(layers, sources.map(({ bytes }) => bytes));
          left--;
        }
        if (verdict === VERDICT.yes || (verdict === VERDICT.maybe && source !== null && matches(sought.filter, source))) sought.fitting.push(number);
      }
    }
    this.#pending = number < count;
  }
}
