// Times of packets as fields: seconds as a number for filters, and their exact text with nanoseconds as tshark prints it.

import { generated, type FieldNode } from '../../codec/field';
import type { PacketTable } from '../packetTable';

/** Seconds since 1970 and nanoseconds. */
export type Moment = readonly [seconds: number, nanos: number];

export function momentOf(table: PacketTable, number: number): Moment {
  const { chunk, row } = table.locate(number);
  return [chunk.seconds[row] ?? 0, chunk.nanos[row] ?? 0];
}

/** From one to the other, in nanoseconds as far as a double holds them: exact up to 104 days. */
export const between = (from: Moment, to: Moment): number => (to[0] - from[0]) * 1e9 + (to[1] - from[1]);

/** '-0.000123000': seconds with nine digits. */
export function spanText(from: Moment, to: Moment): string {
  let seconds = to[0] - from[0];
  let nanos = to[1] - from[1];
  const negative = seconds < 0 || (seconds === 0 && nanos < 0);
  if (negative) {
    seconds = -seconds;
    nanos = -nanos;
  }
  if (nanos < 0) {
    seconds--;
    nanos += 1e9;
  }
  return `${negative ? '-' : ''}${seconds}.${String(nanos).padStart(9, '0')}`;
}

/** A field of so many seconds and nanoseconds. */
export const lastingField = (name: string, span: Moment): FieldNode => spanField(name, NONE, span);
const NONE: Moment = [0, 0];

/** A field of a span of time. */
export function spanField(name: string, from: Moment, to: Moment, start = 0, length = 0): FieldNode {
  return generated(name, between(from, to) / 1e9, spanText(from, to), start, length);
}

/** A field of so many nanoseconds. */
export function nanosField(name: string, nanos: number): FieldNode {
  return generated(name, nanos / 1e9, spanText(NONE, [Math.trunc(nanos / 1e9), nanos % 1e9]), 0, 0);
}
