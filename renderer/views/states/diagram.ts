// The TCP state diagram of RFC 9293 3.3.2, Figure 5, as data: states, transitions, what causes each and what TCP does then. The words
// are the figure's own and the same in every language. Where each stands on the screen is in layout.ts.

import type { SocketState } from '../../../shared/trace/story';

/** States of the figure, which draws CLOSED twice: where a connection begins, and ('END') where it has ended. */
export type TcpState = Exclude<SocketState, 'BOUND' | 'OPEN'>;
export type NodeId = TcpState | 'END';

export interface TcpNode {
  readonly id: NodeId;
  readonly state: TcpState;
  /** Where RFC 9293 says what it is. */
  readonly section: string;
}

/** Every meaning is in 3.3.2; the second section is where the state's own rules are. */
export const NODES: readonly TcpNode[] = [
  { id: 'CLOSED', state: 'CLOSED', section: '3.3.2, 3.10.7.1' },
  { id: 'LISTEN', state: 'LISTEN', section: '3.3.2, 3.10.7.2' },
  { id: 'SYN_SENT', state: 'SYN_SENT', section: '3.3.2, 3.10.7.3' },
  { id: 'SYN_RECEIVED', state: 'SYN_RECEIVED', section: '3.3.2, 3.5' },
  { id: 'ESTABLISHED', state: 'ESTABLISHED', section: '3.3.2, 3.8' },
  { id: 'FIN_WAIT_1', state: 'FIN_WAIT_1', section: '3.3.2, 3.6' },
  { id: 'FIN_WAIT_2', state: 'FIN_WAIT_2', section: '3.3.2, 3.6' },
  { id: 'CLOSING', state: 'CLOSING', section: '3.3.2, 3.6' },
  { id: 'TIME_WAIT', state: 'TIME_WAIT', section: '3.3.2, 3.6.1' },
  { id: 'CLOSE_WAIT', state: 'CLOSE_WAIT', section: '3.3.2, 3.6' },
  { id: 'LAST_ACK', state: 'LAST_ACK', section: '3.3.2, 3.6' },
  { id: 'END', state: 'CLOSED', section: '3.3.2, 3.6' },
];

/** What makes it happen, by which its cause is found in the story. */
export type Trigger = 'call' | 'syn' | 'syn-ack' | 'ack' | 'ack-of-fin' | 'fin' | 'rst' | 'timeout';

export interface Transition {
  readonly id: string;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly trigger: Trigger;
  /** In the figure's words; '' for the action where it has an 'x'. */
  readonly event: string;
  readonly action: string;
  /** False: not drawn in the figure, but said below it or in the text; shown once it has happened. */
  readonly drawn: boolean;
}

const edge = (from: NodeId, to: NodeId, trigger: Trigger, event: string, action: string, drawn = true): Transition => ({ id: `${from}-${to}${drawn ? '' : `-${trigger}`}`, from, to, trigger, event, action, drawn });

export const TRANSITIONS: readonly Transition[] = [
  edge('CLOSED', 'LISTEN', 'call', 'passive OPEN', 'create TCB'),
  edge('LISTEN', 'CLOSED', 'call', 'CLOSE', 'delete TCB'),
  edge('CLOSED', 'SYN_SENT', 'call', 'active OPEN', 'create TCB, snd SYN'),
  edge('SYN_SENT', 'CLOSED', 'call', 'CLOSE', 'delete TCB'),
  edge('LISTEN', 'SYN_RECEIVED', 'syn', 'rcv SYN', 'snd SYN,ACK'),
  edge('SYN_RECEIVED', 'LISTEN', 'rst', 'rcv RST', ''),
  edge('LISTEN', 'SYN_SENT', 'call', 'SEND', 'snd SYN'),
  edge('SYN_SENT', 'SYN_RECEIVED', 'syn', 'rcv SYN', 'snd SYN,ACK'),
  edge('SYN_SENT', 'ESTABLISHED', 'syn-ack', 'rcv SYN,ACK', 'snd ACK'),
  edge('SYN_RECEIVED', 'ESTABLISHED', 'ack', 'rcv ACK of SYN', ''),
  edge('SYN_RECEIVED', 'FIN_WAIT_1', 'call', 'CLOSE', 'snd FIN'),
  edge('ESTABLISHED', 'FIN_WAIT_1', 'call', 'CLOSE', 'snd FIN'),
  edge('ESTABLISHED', 'CLOSE_WAIT', 'fin', 'rcv FIN', 'snd ACK'),
  edge('FIN_WAIT_1', 'FIN_WAIT_2', 'ack-of-fin', 'rcv ACK of FIN', ''),
  edge('FIN_WAIT_1', 'CLOSING', 'fin', 'rcv FIN', 'snd ACK'),
  edge('FIN_WAIT_2', 'TIME_WAIT', 'fin', 'rcv FIN', 'snd ACK'),
  edge('CLOSING', 'TIME_WAIT', 'ack-of-fin', 'rcv ACK of FIN', ''),
  edge('CLOSE_WAIT', 'LAST_ACK', 'call', 'CLOSE', 'snd FIN'),
  edge('LAST_ACK', 'END', 'ack-of-fin', 'rcv ACK of FIN', ''),
  edge('TIME_WAIT', 'END', 'timeout', 'Timeout=2MSL', 'delete TCB'),
  // Note 2 of the figure: a FIN that also acknowledges ours.
  edge('FIN_WAIT_1', 'TIME_WAIT', 'fin', 'rcv FIN, ACK of FIN', 'snd ACK', false),
  // A RST received or sent ends it from every state (RFC 9293 3.5.3, 3.10.4, 3.10.7.4).
  ...(['SYN_SENT', 'SYN_RECEIVED', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSING', 'TIME_WAIT', 'CLOSE_WAIT', 'LAST_ACK'] as const).map((from) => edge(from, 'END', 'rst', 'RST', '', false)),
];

const BY_ID = new Map(TRANSITIONS.map((one) => [one.id, one]));

/** The transition of that id; null when there is none. */
export const transition = (id: string): Transition | null => BY_ID.get(id) ?? null;

/** As the RFC writes a state: 'FIN-WAIT-1'. */
export const stateName = (state: TcpState): string => state.replaceAll('_', '-');

/** The node that shows a state; a connection that has been more than CLOSED ends at the second one. */
export const nodeOf = (state: SocketState, begun: boolean): NodeId => (state === 'BOUND' || state === 'OPEN' ? 'CLOSED' : state === 'CLOSED' && begun ? 'END' : state);

/** The transition from one node to another; with `reset`, that of a RST. Null when TCP has none: the states between were not seen. */
export function transitionBetween(from: NodeId, to: NodeId, reset: boolean): Transition | null {
  return (reset ? null : transition(`${from}-${to}`)) ?? transition(`${from}-${to}-rst`) ?? transition(`${from}-${to}-fin`);
}
