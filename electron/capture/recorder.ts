// Turns what taps and the lab runner report into facts: one typed method for each kind of shared/trace/event.ts, one clock, one
// numbering of sockets, roles and hosts. Next on the way of the data: batcher, then batches for `onBatch`. Knows no Node socket.

import { hostIx, roleIx, sockId, type HostIx, type RoleIx, type SockId } from '../../shared/base/brand';
import type { RoleKind, Service, TlsSessionFacts } from '../../shared/trace/about';
import type { FaultKind } from '../../shared/lab/faults';
import { KIND_CODE, type SelectSets } from '../../shared/trace/event';
import type { Note } from '../../shared/trace/notes';
import type { SocketFamily } from './loopback';
import { RowRecorder } from './rowRecorder';

const K = KIND_CODE;
const NONE = 0;

/** The calls that `call.failed` names. */
export type FailedCall = 'recv' | 'send' | 'accept' | 'connect' | 'listen' | 'shutdown' | 'recvfrom' | 'sendto' | 'close';

export class Recorder extends RowRecorder {
  private sockets = 0;
  private roles = 0;
  private hosts = 0;
  /** Roles that have ended. */
  private readonly gone = new Set<RoleIx>();

  /** A new socket's id: one for each descriptor, from 1, never reused. */
  newSocket(): SockId {
    return sockId(++this.sockets);
  }

  // The run, its hosts and programs

  /** `platform` as Node names it: what the system does unasked differs between them (infer.ts). */
  labStarted(lab: string, params: object, startedAt: string, platform: string = process.platform, services: readonly Service[] = []): void {
    this.put(K['lab.started'], NONE, NONE, 0, 0, '', JSON.stringify({ lab, params, startedAt, platform, services }));
  }

  labEnded(outcome: 'reached' | 'stopped' | 'failed', err = ''): void {
    this.put(K['lab.ended'], NONE, NONE, 0, 0, err, outcome);
  }

  /** `fallback`: the system lacks the address that the lab asked for, 127.0.0.1 stands in for it. */
  hostAdded(host: { readonly id: string; readonly name: string; readonly address: string; readonly program: string; readonly fallback?: boolean }): HostIx {
    const index = hostIx(++this.hosts);
    const { id, name, address, program, fallback = false } = host;
    this.put(K['host.added'], NONE, NONE, index, 0, '', JSON.stringify({ id, name, address, program, ...(fallback && { fallback }) }));
    return index;
  }

  roleStarted(host: HostIx, role: { readonly id: string; readonly name: string; readonly kind: RoleKind }): RoleIx {
    const index = roleIx(++this.roles);
    const { id, name, kind } = role;
    this.put(K['role.started'], index, NONE, host, 0, '', JSON.stringify({ id, name, kind }));
    return index;
  }

  roleEnded(role: RoleIx, how: 'done' | 'killed' | 'failed', err = ''): void {
    this.gone.add(role);
    this.put(K['role.ended'], role, NONE, 0, 0, err, how);
  }

  rolePrinted(role: RoleIx, text: string): void {
    this.put(K['role.printed'], role, NONE, 0, 0, '', text);
  }

  /** What a program decided or found, as it says itself (notes.ts). */
  roleNoted(role: RoleIx, note: Note): void {
    if (this.full) return;
    this.row(this.now(), K['role.noted'], role, NONE, 0, 0, '', NONE, NONE, 0, 0, null, this.once(JSON.stringify(note)));
  }

  /** Which program of the user has a socket (note process.named); of no role. */
  programNamed(note: Note): void {
    this.roleNoted(roleIx(NONE), note);
  }

  /** A relay did this to `size` bytes that came in by `sock`: held them for `held` ms, lost them, ... */
  faultApplied(t: number, role: RoleIx, sock: SockId, fault: FaultKind, held: number, direction: 'up' | 'down', size: number): void {
    this.row(t, K['fault.applied'], role, sock, Math.round(held), direction === 'up' ? 1 : 2, '', NONE, NONE, 0, size, null, fault);
  }

  actionTaken(action: string, args: object): void {
    this.put(K['action.taken'], NONE, NONE, 0, 0, '', JSON.stringify({ action, args }));
  }

  // Calls that every socket has. `t` is the instant of the call, `err` an errno name or ''.

  socketOpened(t: number, role: RoleIx, sock: SockId, fd: number, type: 'stream' | 'datagram', family: SocketFamily, err = ''): void {
    this.row(t, K['socket.opened'], role, sock, fd, type === 'stream' ? 1 : 2, err, NONE, NONE, 0, 0, null, family);
  }

  /** `option` as text, with its value: 'SO_KEEPALIVE=1'. */
  optionSet(t: number, role: RoleIx, sock: SockId, option: string, err = ''): void {
    this.row(t, K['option.set'], role, sock, 0, 0, err, NONE, NONE, 0, 0, null, option);
  }

  socketBound(t: number, role: RoleIx, sock: SockId, local: number, err = ''): void {
    this.row(t, K['socket.bound'], role, sock, 0, 0, err, local, NONE, 0, 0, null, '');
  }

  /** `abort`: with SO_LINGER 0. */
  socketClosed(t: number, role: RoleIx, sock: SockId, abort: boolean): void {
    this.row(t, K['socket.closed'], role, sock, abort ? 1 : 0, 0, '', NONE, NONE, 0, 0, null, '');
  }

  callFailed(t: number, role: RoleIx, sock: SockId, call: FailedCall, err: string): void {
    this.row(t, K['call.failed'], role, sock, 0, 0, err, NONE, NONE, 0, 0, null, call);
  }

  connectStarted(t: number, role: RoleIx, sock: SockId, remote: number): void {
    this.row(t, K['connect.started'], role, sock, 0, 0, '', NONE, remote, 0, 0, null, '');
  }

  connectEnded(t: number, role: RoleIx, sock: SockId, local: number, remote: number, err = ''): void {
    this.row(t, K['connect.ended'], role, sock, 0, 0, err, local, remote, 0, 0, null, '');
  }

  // Stream sockets

  socketListened(t: number, role: RoleIx, sock: SockId, backlog: number, local: number, err = ''): void {
    this.row(t, K['socket.listened'], role, sock, backlog, 0, err, local, NONE, 0, 0, null, '');
  }

  acceptStarted(t: number, role: RoleIx, listening: SockId): void {
    this.row(t, K['accept.started'], role, listening, 0, 0, '', NONE, NONE, 0, 0, null, '');
  }

  connectionAccepted(t: number, role: RoleIx, listening: SockId, accepted: SockId, fd: number, local: number, remote: number): void {
    this.row(t, K['connection.accepted'], role, listening, accepted, fd, '', local, remote, 0, 0, null, '');
  }

  /** `taken`: bytes that the kernel took at once, -1 when the call failed. `bytes`: the `size` bytes given, or their beginning. `atOnce`: non-blocking. */
  bytesSent(t: number, role: RoleIx, sock: SockId, taken: number, offset: number, size: number, bytes: Uint8Array, err = '', atOnce = false): void {
    this.row(t, K['bytes.sent'], role, sock, taken, atOnce ? 1 : 0, err, NONE, NONE, offset, size, bytes, '');
  }

  /** `taken`: bytes that the kernel took since `bytes.sent`; `offset`: the end of what it has now. */
  sendEnded(t: number, role: RoleIx, sock: SockId, taken: number, offset: number, err = ''): void {
    this.row(t, K['send.ended'], role, sock, taken, 0, err, NONE, NONE, offset, 0, null, '');
  }

  recvStarted(t: number, role: RoleIx, sock: SockId, size: number): void {
    this.row(t, K['recv.started'], role, sock, size, 0, '', NONE, NONE, 0, 0, null, '');
  }

  bytesReceived(t: number, role: RoleIx, sock: SockId, buffer: number, offset: number, bytes: Uint8Array): void {
    this.row(t, K['bytes.received'], role, sock, buffer, 0, '', NONE, NONE, offset, bytes.length, bytes, '');
  }

  /** `offset`: bytes of the whole stream. */
  streamEnded(t: number, role: RoleIx, sock: SockId, buffer: number, offset: number): void {
    this.row(t, K['stream.ended'], role, sock, buffer, 0, '', NONE, NONE, offset, 0, null, '');
  }

  /** shutdown(SHUT_WR) after `offset` bytes. */
  streamShutdown(t: number, role: RoleIx, sock: SockId, offset: number, err = ''): void {
    this.row(t, K['stream.shutdown'], role, sock, 1, 0, err, NONE, NONE, offset, 0, null, '');
  }

  // Datagram sockets

  recvfromStarted(t: number, role: RoleIx, sock: SockId, size: number): void {
    this.row(t, K['recvfrom.started'], role, sock, size, 0, '', NONE, NONE, 0, 0, null, '');
  }

  /** `result`: bytes taken, or -1. */
  datagramSent(t: number, role: RoleIx, sock: SockId, result: number, connected: boolean, local: number, remote: number, size: number, bytes: Uint8Array, err = ''): void {
    this.row(t, K['datagram.sent'], role, sock, result, connected ? 1 : 0, err, local, remote, 0, size, bytes, '');
  }

  /** `bytes`: what recvfrom() returned, at most `buffer`; a longer datagram lost its rest. */
  datagramReceived(t: number, role: RoleIx, sock: SockId, buffer: number, local: number, remote: number, bytes: Uint8Array): void {
    this.row(t, K['datagram.received'], role, sock, buffer, 0, '', local, remote, 0, bytes.length, bytes, '');
  }

  /** `timeout` in ms, -1: none. */
  selectStarted(t: number, role: RoleIx, sets: SelectSets, timeout: number): void {
    this.row(t, K['select.started'], role, NONE, timeout, 0, '', NONE, NONE, 0, 0, null, JSON.stringify(sets));
  }

  selectReturned(t: number, role: RoleIx, sets: SelectSets, err = ''): void {
    this.row(t, K['select.returned'], role, NONE, sets.read.length + sets.write.length, 0, err, NONE, NONE, 0, 0, null, JSON.stringify(sets));
  }

  /** What the kernel's socket table says, as event.ts has it: `timer` is the number of the timer that runs, `left` its ms. `sock` 0: of nobody here. */
  socketSampled(t: number, sock: SockId, state: string, local: number, remote: number, sendQueue: number, receiveQueue: number, timer: number, left: number): void {
    this.row(t, K['socket.sampled'], NONE, sock, sendQueue, receiveQueue, '', local, remote, left, timer, null, state);
  }

  /** From now on packets are recorded by `tool`, or no longer: then `missed` of them are not here, and `err` tells why it ended by itself. */
  captureChanged(on: boolean, tool: string, missed = 0, err = ''): void {
    this.row(this.now(), K['capture.changed'], NONE, NONE, on ? 1 : 0, 0, err, NONE, NONE, 0, missed, null, tool);
  }

  // TLS above a stream socket

  tlsSecured(t: number, role: RoleIx, sock: SockId, session: TlsSessionFacts, resumed: boolean): void {
    this.row(t, K['tls.secured'], role, sock, resumed ? 1 : 0, 0, '', NONE, NONE, 0, 0, null, JSON.stringify(session));
  }

  /** `err`: the code of node:tls or OpenSSL. Nobody is there to be told once the program has ended: what Node then says of its sockets is left out. */
  tlsFailed(t: number, role: RoleIx, sock: SockId, err: string, message: string): void {
    if (this.gone.has(role)) return;
    this.row(t, K['tls.failed'], role, sock, 0, 0, err, NONE, NONE, 0, 0, null, message);
  }

  /** `offset`: bytes of plaintext given before. */
  plaintextSent(t: number, role: RoleIx, sock: SockId, taken: number, offset: number, size: number, bytes: Uint8Array): void {
    this.row(t, K['plaintext.sent'], role, sock, taken, 0, '', NONE, NONE, offset, size, bytes, '');
  }

  plaintextReceived(t: number, role: RoleIx, sock: SockId, offset: number, bytes: Uint8Array): void {
    this.row(t, K['plaintext.received'], role, sock, 0, 0, '', NONE, NONE, offset, bytes.length, bytes, '');
  }

  /** A line of an NSS key log, without its end. */
  keyLogged(t: number, role: RoleIx, sock: SockId, line: string): void {
    this.row(t, K['key.logged'], role, sock, 0, 0, '', NONE, NONE, 0, 0, null, line);
  }
}
