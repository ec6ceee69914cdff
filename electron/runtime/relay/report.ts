// How relays tell what they did: a fault of `fault.applied`, to bytes that came in by a socket.

import type { FaultKind } from '../../../shared/lab/faults';
import type { DatagramSocket, StreamSocket } from '../../roles/host';

/** 'up': towards the server. */
export type Direction = 'up' | 'down';

/** `held`: ms for which they were held, else 0. `size`: bytes concerned. */
export type ReportFault = (socket: StreamSocket | DatagramSocket, fault: FaultKind, held: number, direction: Direction, size: number) => void;
