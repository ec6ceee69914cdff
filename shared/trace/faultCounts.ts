// What the relays of a run did until the playhead: counts of fault.applied by relay and kind. Reads each fact once; asked again and again
// while the playhead moves. Derives nothing: each count is so many facts.

import { KIND_CODE } from './event';
import type { TraceStore } from './store';
import type { RoleModel, Story } from './story';

export interface FaultCount {
  readonly fault: string;
  /** Times that it was done, and bytes that it was done to. */
  readonly times: number;
  readonly bytes: number;
}

interface Series {
  /** Facts, ascending, and the bytes of all up to each. */
  readonly seqs: number[];
  readonly bytes: number[];
}

/** Grows with its trace. */
export class FaultCounter {
  private readonly relays = new Map<number, { read: number; readonly byFault: Map<string, Series> }>();

  constructor(private readonly trace: TraceStore, private readonly story: Story) {}

  /** Of the relay of that id, when `position` moments have happened; in the order in which its faults first came. */
  at(id: string, position: number): FaultCount[] {
    const role = this.story.roles.find((one) => one.id === id && one.kind === 'relay');
    if (role === undefined) return [];
    return [...this.read(role)].flatMap(([fault, series]) => {
      const times = this.happened(series.seqs, position);
      return times === 0 ? [] : [{ fault, times, bytes: series.bytes[times - 1] ?? 0 }];
    });
  }

  private read(role: RoleModel): ReadonlyMap<string, Series> {
    const known = this.relays.get(role.index) ?? { read: 0, byFault: new Map<string, Series>() };
    this.relays.set(role.index, known);
    for (; known.read < role.facts.length; known.read++) {
      const seq = role.facts.at(known.read);
      const { columns, row } = this.trace.locate(seq);
      if (columns.kind[row] !== KIND_CODE['fault.applied']) continue;
      const fault = this.trace.string(columns.text[row] ?? 0);
      const series = known.byFault.get(fault) ?? { seqs: [], bytes: [] };
      known.byFault.set(fault, series);
      series.bytes.push((series.bytes.at(-1) ?? 0) + (columns.size[row] ?? 0));
      series.seqs.push(seq);
    }
    return known.byFault;
  }

  /** How many of them have happened. */
  private happened(seqs: readonly number[], position: number): number {
    let low = 0;
    let high = seqs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.story.momentOfFact(seqs[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
