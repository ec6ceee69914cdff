// Where a message is on its way: down one stack, along the wire, up the other; a function of the playhead alone. Pure.

import { landingOf } from '../../../shared/trace/landing';
import type { Segment, Story } from '../../../shared/trace/story';
import { ROWS } from './model';

/** What is needed of renderer/timeline/pacing.ts. */
export interface WayAxis {
  at(position: number): number;
  ofTime(t: number): number;
  positionAt(ms: number): number;
}

/** A way takes at most this long on screen, in ms. */
const MOST_MS = 900;

/** How far a message is at a position: below 0 not begun, 0 to 1 under way, above 1 arrived. */
export function progressAt(story: Story, axis: WayAxis, segment: Segment, position: number): number {
  const moment = story.momentOfSegment(segment.id);
  if (moment < 0) return 0;
  // After the last moment the axis ends: what was sent then has had its time.
  if (position >= story.moments.count) return 2;
  const { start, end } = spanOf(story, axis, segment, moment);
  return (axis.at(position) - start) / (end - start);
}

/** The position at which it is `part` of its way. */
export function positionOf(story: Story, axis: WayAxis, segment: Segment, part: number): number {
  const { start, end } = spanOf(story, axis, segment, story.momentOfSegment(segment.id));
  return Math.min(axis.positionAt(start + (end - start) * part), story.moments.count);
}

function spanOf(story: Story, axis: WayAxis, segment: Segment, moment: number): { readonly start: number; readonly end: number } {
  const start = axis.at(moment + 1);
  const landing = landingOf(story, segment, moment);
  const known = landing === null ? Number.POSITIVE_INFINITY : 'position' in landing ? axis.at(landing.position) : axis.ofTime(landing.t);
  return { start, end: Math.min(Math.max(known, start + 1), start + MOST_MS) };
}

export interface Stop {
  readonly side: 'sender' | 'receiver' | 'wire';
  /** Row of the stack; on the wire that of the link. */
  readonly row: number;
}

/** Stops of a way: `first` the row in which it begins (a segment without bytes is made by the kernel), `rows` those with a header. */
export function stopsOf(carries: boolean, unix: boolean): readonly Stop[] {
  if (unix) return [{ side: 'sender', row: 0 }, { side: 'receiver', row: 0 }];
  const rows = ROWS.map((_, row) => row).slice(carries ? 0 : 1);
  return [...rows.map((row): Stop => ({ side: 'sender', row })), { side: 'wire', row: ROWS.length - 1 }, ...rows.reverse().map((row): Stop => ({ side: 'receiver', row }))];
}

export interface Place {
  /** Index of the stop; -1 before the way begins. */
  readonly stop: number;
  /** 0 to 1: how far the header of this stop is put on, or taken off. */
  readonly done: number;
  readonly arrived: boolean;
}

/** `still`: reduced motion, whole steps only. */
export function placeAt(stops: readonly Stop[], progress: number, still: boolean): Place {
  if (progress < 0) return { stop: -1, done: 0, arrived: false };
  const last = stops.length - 1;
  if (progress >= 1) return { stop: last, done: 1, arrived: true };
  const way = progress * stops.length;
  const stop = Math.min(Math.floor(way), last);
  return { stop, done: still ? 1 : Math.min(1, (way - stop) * 1.6), arrived: false };
}

/** Whether the header of a row is on the message at this place. */
export function isOn(stops: readonly Stop[], place: Place, row: number): boolean {
  const here = stops[place.stop];
  if (here === undefined) return false;
  if (here.side === 'sender') return row <= here.row;
  if (here.side === 'wire') return true;
  return row < here.row || (row === here.row && place.done < 1);
}

/** The stop of a row on one side; -1 where there is none. */
export const stopIndex = (stops: readonly Stop[], side: Stop['side'], row: number): number => stops.findIndex((stop) => stop.side === side && stop.row === row);
