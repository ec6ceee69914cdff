// What is on the wires around a position: each segment's flight in display milliseconds. Built when the playhead passes a moment;
// between two moments only the clock runs. A flight ends when the receiver is known to have the bytes, and lasts a bounded time.

import { ruleOf } from '../../../shared/trace/event';
import { landingOf } from '../../../shared/trace/landing';
import type { Segment, Story } from '../../../shared/trace/story';

/** What the stage needs of renderer/timeline/pacing.ts: positions and trace times (µs) to display milliseconds. */
export interface Axis {
  at(position: number): number;
  ofTime(t: number): number;
}

export interface Flight {
  readonly segment: Segment;
  /** Display milliseconds. */
  readonly start: number;
  readonly end: number;
  /** 'refused': the socket was closed, or nobody listened; 'lost': never seen to arrive. */
  readonly outcome: 'lands' | 'refused' | 'lost';
}

/** A flight takes at most this long on screen. */
export const FLIGHT_MS = 700;
/** What was refused or lost stays visible at the door for this long. */
export const LINGER_MS = 600;
/** Moments looked at before the position, and capsules at most: the stage never draws more than it can show. */
const LOOK_BACK = 2000;
const MOST = 400;

/** Flights that may be in the air between the moments `position` and `position + 1` (position: whole). Oldest first. */
export function flightsAround(story: Story, axis: Axis, position: number): Flight[] {
  const flights: Flight[] = [];
  const from = axis.at(position) - FLIGHT_MS - LINGER_MS;
  const first = Math.max(0, position - LOOK_BACK);
  for (let index = Math.min(position, story.moments.count) - 1; index >= first && flights.length < MOST; index--) {
    if (axis.at(index + 1) < from) break;
    const moment = story.moments.at(index);
    if (moment.segment !== null) flights.push(flightOf(story, axis, story.segments.at(moment.segment), index));
  }
  return flights.reverse();
}

/** The flight of a segment whose moment is `index`. */
export function flightOf(story: Story, axis: Axis, segment: Segment, index: number): Flight {
  const start = axis.at(index + 1);
  const landing = landingOf(story, segment, index);
  const known = landing === null ? Number.POSITIVE_INFINITY : 'position' in landing ? axis.at(landing.position) : axis.ofTime(landing.t);
  const end = Math.min(Math.max(known, start + 1), start + FLIGHT_MS);
  return { segment, start, end, outcome: outcomeOf(story, segment) };
}

function outcomeOf(story: Story, segment: Segment): Flight['outcome'] {
  const rule = ruleOf(segment.provenance);
  if (rule === 'tcp.refused' && segment.kind === 'syn') return 'refused';
  if (rule === 'tcp.syn.unanswered') return 'lost';
  if (segment.kind === 'datagram') return segment.fate === 'lost' ? 'lost' : 'lands';
  if (segment.kind !== 'data') return 'lands';
  const to = segment.toSock === null ? null : story.socket(segment.toSock);
  return to !== null && to.closedAt !== null && to.closedAt <= segment.depart ? 'refused' : 'lands';
}

/** How far a flight is at display time `now`: below 0 not begun, 0 to 1 under way, above 1 landed. */
export const progressOf = (flight: Flight, now: number): number => (now - flight.start) / (flight.end - flight.start);

/** True while the flight is to be drawn. */
export const isVisible = (flight: Flight, now: number): boolean =>
  now >= flight.start && (now < flight.end || (flight.outcome !== 'lands' && now < flight.end + LINGER_MS));

/** Bytes that are still on their way to a socket at `now`. */
export function bytesOnTheWay(flights: readonly Flight[], now: number, sock: number): number {
  let bytes = 0;
  for (const flight of flights) if (flight.segment.toSock === sock && flight.segment.size > 0 && now >= flight.start && now < flight.end) bytes += flight.segment.size;
  return bytes;
}
