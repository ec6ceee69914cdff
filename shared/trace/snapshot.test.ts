import { describe, expect, it } from 'vitest';
import { cpuTime } from '../base/cpuTime.fixture';
import { scenario } from './fixture';
import { connectRefused, echoClosesEarly, echoHalfCloses, udpUppercase } from './fixtureScenes';
import { snapshotAt } from './snapshot';
import type { EventKind } from './event';
import type { TraceStore } from './store';
import type { Story } from './story';

const SERVER = { address: '127.0.20.1', port: 7007 };

/** The snapshot right after the nth fact of that kind. */
function after(told: { story: Story; trace: TraceStore }, kind: EventKind, nth = 1) {
  let left = nth;
  for (let seq = 0; seq < told.trace.count; seq++) {
    if (told.trace.at(seq).kind === kind && --left === 0) return snapshotAt(told.story, told.trace, told.story.momentOfFact(seq) + 1);
  }
  throw new Error(`no ${nth}. ${kind}`);
}

describe('the picture at a position', () => {
  const told = echoClosesEarly().told();
  const kernel = (kind: EventKind, nth = 1) => after(told, kind, nth).sockets.map((socket) => [socket.sock, socket.state, socket.unread, socket.unreadByPeer, socket.open]);

  it('is empty before anything has happened, and shows roles and sockets as they come', () => {
    expect(snapshotAt(told.story, told.trace, 0)).toEqual({ position: 0, roles: [], sockets: [] });
    expect(after(told, 'socket.listened')).toMatchObject({ roles: [{ role: 1, running: true, blocked: false }], sockets: [{ sock: 1, state: 'LISTEN', open: true }] });
  });

  it('shows what lies in the buffers', () => {
    expect(kernel('bytes.sent', 2)).toEqual([[1, 'LISTEN', 0, 0, true], [2, 'ESTABLISHED', 0, 18, true], [3, 'ESTABLISHED', 18, 0, true]]);
    expect(kernel('bytes.received')).toEqual([[1, 'LISTEN', 0, 0, true], [2, 'ESTABLISHED', 0, 0, true], [3, 'ESTABLISHED', 0, 0, true]]);
    expect(kernel('bytes.received', 2)).toEqual([[1, 'LISTEN', 0, 0, true], [2, 'ESTABLISHED', 17, 0, true], [3, 'ESTABLISHED', 0, 17, true]]);
  });

  it('drops the buffers of a socket that was closed', () => {
    expect(kernel('socket.closed')).toEqual([[1, 'LISTEN', 0, 0, true], [2, 'CLOSED', 0, 0, false], [3, 'CLOSED', 0, 0, true]]);
  });

  it('knows who waits in a call, and who has ended how', () => {
    expect(after(told, 'accept.started').roles).toEqual([expect.objectContaining({ role: 1, blocked: true, running: true })]);
    expect(after(told, 'connect.started').roles[1]).toMatchObject({ role: 2, blocked: true });
    expect(after(told, 'connect.ended').roles[1]).toMatchObject({ role: 2, blocked: false });
    expect(after(told, 'role.ended').roles[1]).toMatchObject({ role: 2, running: false, ended: 'done', blocked: false });
    expect(told.trace.kind(after(told, 'role.ended').roles[1]?.last ?? 0)).toBe('socket.closed');
  });

  it('follows the states of an orderly end', () => {
    const story = echoHalfCloses().told();
    const states = (kind: EventKind, nth = 1): string[] => after(story, kind, nth).sockets.map((socket) => socket.state);
    expect(states('connect.started')).toEqual(['LISTEN', 'SYN_SENT']);
    expect(states('connection.accepted')).toEqual(['LISTEN', 'ESTABLISHED', 'ESTABLISHED']);
    expect(states('stream.shutdown')).toEqual(['LISTEN', 'FIN_WAIT_1', 'ESTABLISHED']);
    expect(states('stream.ended')).toEqual(['LISTEN', 'FIN_WAIT_1', 'CLOSE_WAIT']);
    expect(states('socket.closed')).toEqual(['LISTEN', 'FIN_WAIT_1', 'LAST_ACK']);
    expect(states('stream.ended', 2)).toEqual(['LISTEN', 'TIME_WAIT', 'CLOSED']);
  });

  it('shows datagram sockets and refused ones', () => {
    const udp = udpUppercase().told();
    expect(after(udp, 'datagram.sent').sockets.map((socket) => socket.state)).toEqual(['BOUND', 'BOUND']);
    const refused = connectRefused().told();
    expect(after(refused, 'connect.ended').sockets).toMatchObject([{ state: 'CLOSED', open: true, stateProvenance: { evidence: 'inferred', rule: 'tcp.state' } }]);
  });

  it('takes fractions and ends as they are meant', () => {
    expect(snapshotAt(told.story, told.trace, 5.9)).toEqual(snapshotAt(told.story, told.trace, 5));
    expect(snapshotAt(told.story, told.trace, 1e9).position).toBe(told.story.moments.count);
    expect(snapshotAt(told.story, told.trace, -1).position).toBe(0);
  });

  it('stays fast over a hundred thousand events', () => {
    const s = scenario();
    const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
    const client = s.role('client', '127.0.20.2', 'client');
    const c = client.connect(SERVER);
    const p = listener.accept();
    for (let n = 0; n < 25_000; n++) {
      c?.send('ping');
      p.recv(16);
      p.send('pong');
    }
    const { story, trace } = s.told();
    expect(trace.count).toBeGreaterThan(100_000);
    const before = cpuTime();
    for (let n = 0; n < 200; n++) snapshotAt(story, trace, (story.moments.count * n) / 200);
    expect(before() / 200).toBeLessThan(5);
  });
});
