// What the kernel's socket table said, by socket: of ours, and of those that no program of ours has (TIME_WAIT after close(), a foreign
// program's end). Samples are observed evidence beside the story's own states: no moments, no facts of a role, no segments.

import { micros, sockId, type EventSeq, type SockId } from '../base/brand';
import { U32List, upperBound, type NumberList } from '../base/lists';
import type { EndpointTable } from './foldHosts';
import type { SocketTable } from './foldSockets';
import type { TraceStore } from './store';
import type { KernelSocket, SocketState, Table } from './story';
import type { Endpoint } from './event';

/** One sample. Queues in bytes, of a listening socket `receive` in connections; null where the table does not tell. */
export interface KernelSample {
  readonly seq: EventSeq;
  /** Microseconds. */
  readonly t: number;
  /** As the kernel names it: 'FIN_WAIT1'; 'GONE' when it has no such socket any more. */
  readonly name: string;
  /** The same as RFC 9293 names it; null when it is gone, or is a datagram socket's. */
  readonly state: SocketState | null;
  readonly send: number | null;
  readonly receive: number | null;
  readonly timer: 'retransmission' | 'keepalive' | 'timeWait' | 'windowProbe' | null;
  /** Microseconds until the timer fires, from `t`. */
  readonly left: number;
}

const STATES: ReadonlyMap<string, SocketState> = new Map([
  ['ESTABLISHED', 'ESTABLISHED'], ['SYN_SENT', 'SYN_SENT'], ['SYN_RECV', 'SYN_RECEIVED'], ['FIN_WAIT1', 'FIN_WAIT_1'], ['FIN_WAIT2', 'FIN_WAIT_2'], ['TIME_WAIT', 'TIME_WAIT'],
  ['CLOSE', 'CLOSED'], ['CLOSE_WAIT', 'CLOSE_WAIT'], ['LAST_ACK', 'LAST_ACK'], ['LISTEN', 'LISTEN'], ['CLOSING', 'CLOSING'],
]);
const TIMERS = [null, 'retransmission', 'keepalive', 'timeWait', 'windowProbe'] as const;
const GONE = 'GONE';

interface Row {
  sock: number;
  readonly local: number;
  readonly remote: number;
  readonly samples: U32List;
  gone: boolean;
}

export class SampleTable {
  private readonly rows: Row[] = [];
  /** The last row of each pair of endpoints. */
  private readonly byEnds = new Map<number, Row>();
  private readonly bySocket = new Map<number, Row>();

  constructor(private readonly trace: TraceStore, private readonly ends: EndpointTable, private readonly sockets: SocketTable) {}

  /** socket.sampled */
  add(seq: number): void {
    const { columns, row: at } = this.trace.locate(seq);
    const sock = columns.sock[at] as number;
    const local = this.ends.ofIndex(columns.local[at] as number);
    const remote = this.ends.ofIndex(columns.remote[at] as number);
    const row = this.rowOf(sock, local, remote);
    row.samples.push(seq);
    row.gone = this.trace.string(columns.text[at] as number) === GONE;
    if (sock === 0 || row.sock === sock) return;
    row.sock = sock;
    this.bySocket.set(sock, row);
  }

  /** A pair of endpoints may come again: once the old one is gone, or has become another socket's, it is a new row. */
  private rowOf(sock: number, local: number, remote: number): Row {
    // Both ids stay below 2^26, so the product is exact.
    const key = local * 0x400_0000 + remote;
    const known = this.byEnds.get(key);
    if (known !== undefined && !known.gone && (sock === 0 || known.sock === 0 || known.sock === sock)) return known;
    const row: Row = { sock: 0, local, remote, samples: new U32List(), gone: false };
    this.byEnds.set(key, row);
    this.rows.push(row);
    return row;
  }

  of(sock: SockId): NumberList {
    return this.bySocket.get(sock)?.samples ?? NONE;
  }

  get table(): Table<KernelSocket> {
    const { rows, ends, sockets } = this;
    const endpoint = (end: number): Endpoint | null => (end === 0 ? null : ends.get(end));
    return {
      get count() {
        return rows.length;
      },
      at: (index) => {
        const row = rows[index];
        if (row === undefined) throw new RangeError(`no row ${index} of the kernel's table, the story has ${rows.length}`);
        return { sock: row.sock === 0 || sockets.get(row.sock) === null ? null : sockId(row.sock), local: endpoint(row.local), remote: endpoint(row.remote), samples: row.samples };
      },
    };
  }
}

const NONE = new U32List();

/** What a `socket.sampled` fact says. */
export function kernelSample(trace: TraceStore, seq: number): KernelSample {
  const fact = trace.at(seq);
  const told = (queue: number): number | null => (queue < 0 ? null : queue);
  return {
    seq: fact.seq, t: fact.t, name: fact.text, state: STATES.get(fact.text) ?? null, send: told(fact.a), receive: told(fact.b),
    timer: TIMERS[fact.size] ?? null, left: micros(fact.offset * 1000),
  };
}

/** The last sample that had been taken at `t` (microseconds); null before the first. */
export function lastSample(trace: TraceStore, samples: NumberList, t: number): KernelSample | null {
  const at = upperBound({ length: samples.length, at: (index) => timeOf(trace, samples.at(index)) }, t) - 1;
  return at < 0 ? null : kernelSample(trace, samples.at(at));
}

const timeOf = (trace: TraceStore, seq: number): number => {
  const { columns, row } = trace.locate(seq);
  return columns.t[row] as number;
};
