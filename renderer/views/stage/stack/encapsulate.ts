// The way of one message through the stacks: which headers it has at which stop, and where it is, as a function of its progress
// (0 has not left, 1 has arrived). Pure; header sizes come from reconstructed bytes.

import { dissect } from '../../../../shared/codec/dissect';
import type { Layer } from '../../../../shared/codec/codec';
import { reconstruct } from '../../../../shared/trace/headers';
import type { TraceStore } from '../../../../shared/trace/store';
import type { Story } from '../../../../shared/trace/story';

/** Layers from the top; the stacks have one row for each. */
export const LAYERS = ['application', 'transport', 'internet', 'link'] as const satisfies readonly Layer[];

export interface Header {
  readonly layer: Layer;
  /** 'TCP', 'IPv4', 'Ethernet'. */
  readonly title: string;
  readonly bytes: number;
}

/** The headers of a segment, innermost first; null when its addresses are not known. */
export function headersOf(story: Story, trace: TraceStore, segment: number): readonly Header[] | null {
  const frame = reconstruct(story, trace, segment);
  if (frame === null) return null;
  return dissect(frame.bytes)
    .filter((layer) => !layer.quoted && layer.layer !== 'application')
    .map((layer) => ({ layer: layer.layer, title: layer.title, bytes: layer.length }))
    .reverse();
}

export type Side = 'sender' | 'receiver';

export interface Stop {
  readonly side: Side;
  /** Row of the stack: 0 application to 3 link, 4 the wire. */
  readonly row: number;
  /** Headers that it comes with, and that it leaves with. */
  readonly comes: number;
  readonly leaves: number;
}

/** The stops of a message: down one side, along the wire, up the other. What carries no bytes never meets the application. */
export function stopsOf(headers: readonly Header[], carriesBytes: boolean): readonly Stop[] {
  const rowOf = (layer: Layer): number => LAYERS.indexOf(layer as (typeof LAYERS)[number]);
  const down: Stop[] = carriesBytes ? [{ side: 'sender', row: 0, comes: 0, leaves: 0 }] : [];
  // Two headers of one layer (ICMP in IP) are put on in one row.
  headers.forEach((header, index) => {
    const last = down.at(-1);
    if (last !== undefined && last.row === rowOf(header.layer) && last.leaves > 0) down[down.length - 1] = { ...last, leaves: index + 1 };
    else down.push({ side: 'sender', row: rowOf(header.layer), comes: index, leaves: index + 1 });
  });
  const all = headers.length;
  const wire = (side: Side): Stop => ({ side, row: LAYERS.length, comes: all, leaves: all });
  const up = down.map((stop): Stop => ({ side: 'receiver', row: stop.row, comes: stop.leaves, leaves: stop.comes })).reverse();
  return [...down, wire('sender'), wire('receiver'), ...up];
}

export interface Place {
  /** Column: 0 the sender's, 1 the receiver's; between them on the wire. */
  readonly column: number;
  /** Row, with a fraction between two. */
  readonly row: number;
  /** Headers to draw, innermost first; the outermost is `grown` (0 to 1) of its width. */
  readonly headers: number;
  readonly grown: number;
  /** Index of the stop that it is at or has left last. */
  readonly stop: number;
}

/** Part of each leg that the message rests at its stop, where headers are put on and taken off. */
const REST = 0.45;

/** Where a message is. `still`: reduced motion, only at stops. */
export function placeAt(stops: readonly Stop[], progress: number, still: boolean): Place {
  const last = stops.length - 1;
  const way = Math.min(Math.max(progress, 0), 1) * last;
  const index = still ? Math.min(Math.round(way), last) : Math.min(Math.floor(way), last);
  const here = stops[index] as Stop;
  const next = stops[Math.min(index + 1, last)] as Stop;
  const part = still || index === last ? 1 : way - index;
  const rest = here.row === LAYERS.length ? 0 : REST;
  const done = rest === 0 ? 1 : Math.min(1, part / rest);
  const moved = still || index === last ? 0 : Math.max(0, (part - rest) / (1 - rest));
  const eased = moved * moved * (3 - 2 * moved);
  const column = (stop: Stop): number => (stop.side === 'sender' ? 0 : 1);
  const growing = here.leaves > here.comes;
  const shedding = here.leaves < here.comes;
  return {
    column: column(here) + (column(next) - column(here)) * eased,
    row: here.row + (next.row - here.row) * eased,
    headers: growing ? here.leaves : shedding && done >= 1 ? here.leaves : here.comes,
    grown: growing ? done : shedding && done < 1 ? 1 - done : 1,
    stop: index,
  };
}
