// Nominal types: an id or a time of one sort cannot be passed where another is meant. Types only, no run-time cost.

declare const brand: unique symbol;

export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Microseconds since the origin of the trace, with a fraction (the clock has nanoseconds). */
export type Micros = Brand<number, 'Micros'>;
export const micros = (value: number): Micros => value as Micros;

/** Position of a fact in its trace: 0, 1, 2 ... in the order in which the recorder saw it. */
export type EventSeq = Brand<number, 'EventSeq'>;
export const eventSeq = (value: number): EventSeq => value as EventSeq;

/** One descriptor's life in a trace. Given by the recorder at creation, never reused; 0 is "no socket". */
export type SockId = Brand<number, 'SockId'>;
export const sockId = (value: number): SockId => value as SockId;

/** One 4-tuple's life in a trace, numbered from 1 by the fold. */
export type ConnId = Brand<number, 'ConnId'>;
export const connId = (value: number): ConnId => value as ConnId;

/** Index of a role in the trace's role list; 0 is "no role". */
export type RoleIx = Brand<number, 'RoleIx'>;
export const roleIx = (value: number): RoleIx => value as RoleIx;

/** Index of a host in the trace's host list; 0 is "no host". */
export type HostIx = Brand<number, 'HostIx'>;
export const hostIx = (value: number): HostIx => value as HostIx;
