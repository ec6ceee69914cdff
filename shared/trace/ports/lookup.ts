// Demultiplexing: which door of a host a segment goes to, by the values that the kernel compares (RFC 9293 3.10: a connection is named by
// both ends; RFC 768: the destination port alone). A connected socket goes before one that listens or is open to all.

import type { Segment } from '../story';
import { isAny, type Door } from './doors';

/** How each value of a door compares with the segment's; null: the door asks for none. */
export interface Comparison {
  readonly transport: boolean;
  readonly localAddress: boolean;
  readonly localPort: boolean;
  readonly remoteAddress: boolean | null;
  readonly remotePort: boolean | null;
}

export type Rule =
  /** All four values fit. */
  | 'tuple'
  /** No connected socket fits: the listening one of that port. */
  | 'listener'
  /** UDP: destination address and port fit. */
  | 'bound'
  /** UDP, a socket that called connect(): all four fit. */
  | 'peer'
  | 'nobody';

export interface Lookup {
  /** Index of the door; -1: none. */
  readonly door: number;
  readonly rule: Rule;
  readonly compared: readonly Comparison[];
}

export function lookup(segment: Pick<Segment, 'transport' | 'from' | 'to'>, doors: readonly Door[]): Lookup {
  const compared = doors.map((door) => compare(segment, door));
  const find = (fits: (door: Door, values: Comparison) => boolean): number => doors.findIndex((door, at) => fits(door, compared[at] ?? NOTHING));
  const here = ({ transport, localAddress, localPort }: Comparison): boolean => transport && localAddress && localPort;
  const whole = (values: Comparison): boolean => here(values) && values.remoteAddress === true && values.remotePort === true;
  const exact = find((_, values) => whole(values));
  if (exact >= 0) return { door: exact, rule: segment.transport === 'udp' ? 'peer' : 'tuple', compared };
  const open = (door: Door, values: Comparison): boolean => here(values) && door.remote === null;
  // Bound to the very address goes before bound to all of them.
  const named = find((door, values) => open(door, values) && !isAny(door.local.address));
  const door = named >= 0 ? named : find(open);
  return { door, rule: door < 0 ? 'nobody' : segment.transport === 'udp' ? 'bound' : 'listener', compared };
}

const NOTHING: Comparison = { transport: false, localAddress: false, localPort: false, remoteAddress: null, remotePort: null };

function compare({ transport, from, to }: Pick<Segment, 'transport' | 'from' | 'to'>, door: Door): Comparison {
  return {
    transport: door.transport === transport,
    localAddress: isAny(door.local.address) || door.local.address === to.address,
    localPort: door.local.port === to.port,
    remoteAddress: door.remote === null ? null : door.remote.address === from.address,
    remotePort: door.remote === null ? null : door.remote.port === from.port,
  };
}
