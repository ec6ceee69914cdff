// What befell a flow, as rows in order of time: the text that says what the chart shows. Pure; the words are the view's.

import { flowAt, type Flow } from '../../../shared/trace/window/flow';

export interface FlowEvent {
  readonly t: number;
  /** The fact to choose; null: a sample, which is no step of the picture. */
  readonly seq: number | null;
  readonly what: 'first' | 'stalled' | 'refused' | 'asks' | 'goesOn' | 'room' | 'closed' | 'opened' | 'reads' | 'allRead' | 'zeroWindow' | 'windowUpdate';
  /** ms that it took, of what ended. */
  readonly lasted: number | null;
  readonly taken: number;
  readonly read: number;
  readonly send: number | null;
  readonly receive: number | null;
}

const BEGUN = { send: 'stalled', refused: 'refused', select: 'asks' } as const;
const ENDED = { send: 'goesOn', refused: 'room', select: 'room' } as const;

/** At most so many rows: the longest stalls. */
const STALLS = 100;

export function eventsOf(flow: Flow): FlowEvent[] {
  const rows: Pick<FlowEvent, 't' | 'seq' | 'what' | 'lasted'>[] = [];
  const add = (t: number | undefined | null, what: FlowEvent['what'], seq: number | null = null, lasted: number | null = null): void => {
    if (t !== undefined && t !== null) rows.push({ t, what, seq, lasted });
  };
  add(flow.given[0]?.t, 'first');
  add(flow.firstRead, 'reads');
  const length = (stall: Flow['stalls'][number]): number => (stall.to ?? Infinity) - stall.from;
  for (const stall of [...flow.stalls].sort((one, other) => length(other) - length(one)).slice(0, STALLS)) {
    add(stall.from, BEGUN[stall.kind], stall.seq);
    add(stall.to, ENDED[stall.kind], null, stall.to === null ? null : (stall.to - stall.from) / 1000);
  }
  for (const { from, to } of flow.closed) {
    add(from, 'closed');
    add(to, 'opened', null, to === null ? null : (to - from) / 1000);
  }
  let shut: number | null = null;
  for (const { t, bytes, seq } of flow.windows) {
    if (bytes === 0) add((shut = t), 'zeroWindow', seq);
    else if (shut !== null) {
      add(t, 'windowUpdate', seq, (t - shut) / 1000);
      shut = null;
    }
  }
  const end = flow.read.at(-1);
  if (end !== undefined && end.bytes >= (flow.given.at(-1)?.bytes ?? Infinity)) add(end.t, 'allRead');
  return rows.sort((one, other) => one.t - other.t).map((row) => {
    const { taken, read, queues } = flowAt(flow, row.t);
    return { ...row, taken, read, send: queues?.send ?? null, receive: queues?.receive ?? null };
  });
}
