// What netstat prints of Internet sockets on systems without /proc: macOS and the BSDs (`netstat -an`, `-anL`), Windows (`netstat -ano`), as rows. Words of
// states are those that Linux has. Runs nothing (netstatTable.ts).
// Source: Apple network_cmds, netstat.tproj/inet.c protopr() and inetprint(); Microsoft Learn, netstat.

import type { Endpoint } from '../../../shared/trace/event';

export interface NetstatRow {
  readonly kind: 'tcp' | 'tcp6' | 'udp' | 'udp6';
  readonly local: Endpoint;
  /** Null: none, it listens or is not connected. */
  readonly remote: Endpoint | null;
  readonly state: string;
  /** Bytes; null: not told. Of what listens, `receive` is the connections that wait for accept(). */
  readonly send: number | null;
  readonly receive: number | null;
  /** The process that has it, where it is told (Windows). */
  readonly pid: number | null;
}

/** Both systems' words, and those of include/net/tcp_states.h for them. What is not here (a Windows that speaks another language) is not told. */
const STATES: ReadonlyMap<string, string> = new Map([
  ['CLOSED', 'CLOSE'], ['LISTEN', 'LISTEN'], ['LISTENING', 'LISTEN'], ['SYN_SENT', 'SYN_SENT'], ['SYN_RCVD', 'SYN_RECV'], ['SYN_RECEIVED', 'SYN_RECV'], ['ESTABLISHED', 'ESTABLISHED'],
  ['CLOSE_WAIT', 'CLOSE_WAIT'], ['FIN_WAIT_1', 'FIN_WAIT1'], ['FIN_WAIT_2', 'FIN_WAIT2'], ['CLOSING', 'CLOSING'], ['LAST_ACK', 'LAST_ACK'], ['TIME_WAIT', 'TIME_WAIT'],
]);
/** Proto Recv-Q Send-Q Local-Address Foreign-Address (state) */
const BSD = /^(tcp|udp)(4|6|46)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)(?:\s+([A-Z_0-9]+))?/;
/** Listen (qlen/incqlen/maxqlen) Local-Address */
const BSD_LISTEN = /(?:^|\s)(\d+)\/\d+\/\d+\s+(\S+)/;
/** Proto Local-Address Foreign-Address State PID; of UDP no state. */
const WINDOWS = /^\s*(TCP|UDP)\s+(\S+)\s+(\S+)(?:\s+([A-Z_]+[0-9]?))?\s+(\d+)\s*$/;

/** Rows of `netstat -an -p tcp` or `udp`. */
export function bsdRows(text: string): NetstatRow[] {
  return text.split('\n').flatMap((line) => {
    const [, protocol, family, receive, send, own, other, word = ''] = BSD.exec(line) ?? [];
    if (protocol === undefined || own === undefined || other === undefined) return [];
    const six = family !== '4';
    return rowOf(protocol === 'tcp' ? 'tcp' : 'udp', endpointOf(own, '.', six), endpointOf(other, '.', six), word, { send: Number(send), receive: Number(receive), pid: null });
  });
}

/** Connections that wait for accept(), by address and port as netstat writes them: of `netstat -anL`. */
export function bsdListenQueues(text: string): ReadonlyMap<string, number> {
  const queues = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, waiting, at] = BSD_LISTEN.exec(line) ?? [];
    const end = at === undefined ? null : endpointOf(at, '.', at.includes(':'));
    if (waiting !== undefined && end !== null) queues.set(queueKey(end), Number(waiting));
  }
  return queues;
}

export const queueKey = ({ address, port }: Endpoint): string => `${address} ${port}`;

/** Rows of `netstat -ano` of Windows, which tells of no queues. */
export function windowsRows(text: string): NetstatRow[] {
  return text.split('\n').flatMap((line) => {
    const [, protocol, own, other, word = '', pid] = WINDOWS.exec(line.trimEnd()) ?? [];
    if (own === undefined || other === undefined) return [];
    const six = own.startsWith('[');
    return rowOf(protocol === 'TCP' ? 'tcp' : 'udp', endpointOf(own, ':', six), endpointOf(other, ':', six), word, { send: null, receive: null, pid: Number(pid) });
  });
}

function rowOf(protocol: 'tcp' | 'udp', local: Endpoint | null, other: Endpoint | null, word: string, told: Pick<NetstatRow, 'send' | 'receive' | 'pid'>): NetstatRow[] {
  if (local === null || other === null || local.port === 0) return [];
  const remote = other.port === 0 ? null : other;
  // A datagram socket has no state; Linux writes so whether it is connected.
  const state = protocol === 'tcp' ? STATES.get(word) : remote === null ? 'CLOSE' : 'ESTABLISHED';
  if (state === undefined) return [];
  return [{ kind: local.address.includes(':') ? `${protocol}6` : protocol, local, remote, state, ...told }];
}

/** '127.0.0.1.7007', '*.7007', '::1.7007', '127.0.0.1:7007', '[::1]:7007', '*:*'; port 0: any. Null: it is none. */
function endpointOf(text: string, before: '.' | ':', six: boolean): Endpoint | null {
  const at = text.lastIndexOf(before);
  const last = text.slice(at + 1);
  const port = last === '*' ? 0 : /^\d{1,5}$/.test(last) ? Number(last) : -1;
  if (at < 0 || port < 0 || port > 0xffff) return null;
  const address = text.slice(0, at).replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  return { address: address === '*' ? (six ? '::' : '0.0.0.0') : address, port };
}
