// TCP states of a captured run: at the times of the packets that made them, marked captured, with the calls that caused them.

import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { groundsOf, type Endpoint } from '../event';
import { scenario } from '../fixture';
import { capture } from '../fixtureCaptured';
import { snapshotAt } from '../snapshot';
import type { StateChange } from '../story';

const SERVER = { address: '127.0.20.1', port: 7 };
const { SYN, ACK, FIN, RST } = TCP_FLAGS;

/** `up(ACK, 3)` is a segment of the client with sequence offset 3 (its SYN is -1); `acked` the server's bytes that it confirms, FIN counted. */
function echo() {
  const s = scenario();
  s.fact('capture.changed', { a: 1, text: 'tcpdump' });
  const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
  const client = must(s.role('client', '127.0.20.2', 'client').connect(SERVER), 'client');
  const server = listener.accept();
  const me: Endpoint = must(client.local, 'local');
  const up = (flags: number, offset: number, acked = 0): number => capture(s, { from: me, to: SERVER, flags, sequence: (1000 + offset) >>> 0, acknowledgment: 9000 + acked });
  const down = (flags: number, offset: number, acked = 0): number => capture(s, { from: SERVER, to: me, flags, sequence: 9000 + offset, acknowledgment: 1000 + acked });
  const handshake = (): void => {
    up(SYN, -1);
    down(SYN | ACK, -1);
    up(ACK, 0);
  };
  return { s, client, server, up, down, handshake };
}

const words = (states: readonly StateChange[]): string[] => states.map(({ state, provenance }) => `${state} ${provenance.evidence}`);

describe('the states of a captured connection', () => {
  it('change when the packet was there, and keep the call that caused it', () => {
    const { s, client, server, up, down, handshake } = echo();
    handshake();
    s.wait(1000);
    client.shutdown();
    s.wait(30);
    const fin = up(FIN | ACK, 0);
    s.wait(20);
    const confirmed = down(ACK, 0, 1);
    s.wait(5000);
    server.close();
    down(FIN | ACK, 0, 1);
    const last = up(ACK, 1, 1);
    const { story, trace } = s.told();
    const conn = story.connections.at(0);
    const mine = must(story.socket(must(conn.client.sock, 'client')), 'client');
    const theirs = must(story.socket(must(conn.server.sock, 'server')), 'server');
    expect(words(mine.states)).toEqual(['CLOSED inferred', 'SYN_SENT captured', 'ESTABLISHED captured', 'FIN_WAIT_1 captured', 'FIN_WAIT_2 captured', 'TIME_WAIT captured', 'CLOSED inferred']);
    expect(words(theirs.states)).toEqual(['ESTABLISHED captured', 'CLOSE_WAIT captured', 'LAST_ACK captured', 'CLOSED captured']);
    const at = (states: readonly StateChange[], state: string): StateChange => must(states.findLast((one) => one.state === state), state);
    expect(at(mine.states, 'FIN_WAIT_2')).toMatchObject({ t: trace.t(confirmed), provenance: { packet: confirmed } });
    expect(at(mine.states, 'FIN_WAIT_1').provenance).toMatchObject({ packet: fin });
    expect(groundsOf(at(mine.states, 'FIN_WAIT_1').provenance).map((seq) => trace.kind(seq))).toEqual(['stream.shutdown']);
    expect(at(theirs.states, 'CLOSED').t).toBe(trace.t(last));
    for (const { states } of [mine, theirs]) expect(states.map(({ t }) => t)).toEqual(states.map(({ t }) => t).sort((a, b) => a - b));
    // The picture between the FIN and its acknowledgment.
    const moment = story.momentOfSegment(story.segmentOfPacket(fin));
    expect(snapshotAt(story, trace, moment + 1).sockets.find(({ sock }) => sock === mine.id)).toMatchObject({ state: 'FIN_WAIT_1', stateProvenance: { evidence: 'captured' } });
  });

  it('go through two states by one segment, in their order', () => {
    const { s, client, server, up, down, handshake } = echo();
    handshake();
    client.shutdown();
    up(FIN | ACK, 0);
    server.close();
    down(FIN | ACK, 0, 1);
    up(ACK, 1, 1);
    const { story } = s.told();
    const mine = must(story.socket(must(story.connections.at(0).client.sock, 'client')), 'client').states;
    expect(mine.map(({ state }) => state)).toEqual(['CLOSED', 'SYN_SENT', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT', 'CLOSED']);
  });

  it('show CLOSING, which no call can tell', () => {
    const { s, client, server, up, down, handshake } = echo();
    handshake();
    client.close();
    server.close();
    // Both FINs were under way at once: neither acknowledges the other.
    up(FIN | ACK, 0);
    down(FIN | ACK, 0);
    up(ACK, 1, 1);
    down(ACK, 1, 1);
    const { story } = s.told();
    const { client: one, server: other } = story.connections.at(0);
    for (const end of [one, other]) expect(end.states.map(({ state }) => state).slice(-3)).toEqual(['FIN_WAIT_1', 'CLOSING', 'TIME_WAIT']);
    const mine = must(story.socket(must(one.sock, 'client')), 'client').states.map(({ state }) => state);
    expect(mine).toEqual(['CLOSED', 'SYN_SENT', 'ESTABLISHED', 'FIN_WAIT_1', 'CLOSING', 'TIME_WAIT', 'CLOSED']);
  });

  it('go on by the calls where nobody captures', () => {
    const { s, client, handshake } = echo();
    handshake();
    s.fact('capture.changed', { a: 0, text: 'tcpdump' });
    s.wait(1000);
    client.shutdown();
    const { story } = s.told();
    const mine = must(story.socket(must(story.connections.at(0).client.sock, 'client')), 'client');
    expect(words(mine.states)).toEqual(['CLOSED inferred', 'SYN_SENT captured', 'ESTABLISHED captured', 'FIN_WAIT_1 inferred', 'FIN_WAIT_2 inferred']);
  });

  it('take up what happened while nobody captured', () => {
    const { s, client, server, up, down, handshake } = echo();
    handshake();
    s.fact('capture.changed', { a: 0, text: 'tcpdump' });
    s.wait(100_000);
    client.shutdown();
    s.wait(100_000);
    s.fact('capture.changed', { a: 1, text: 'tcpdump' });
    server.close();
    down(FIN | ACK, 0, 1);
    up(ACK, 1, 1);
    const { story } = s.told();
    const theirs = must(story.socket(must(story.connections.at(0).server.sock, 'server')), 'server');
    expect(words(theirs.states)).toEqual(['ESTABLISHED captured', 'CLOSE_WAIT inferred', 'LAST_ACK captured', 'CLOSED captured']);
  });

  it('are known of programs that are not ours, whether their beginning was seen or not', () => {
    const { s } = echo();
    const [a, b] = [{ address: '192.0.2.1', port: 40_000 }, { address: '192.0.2.2', port: 80 }];
    capture(s, { from: a, to: b, flags: SYN, sequence: 9 });
    capture(s, { from: b, to: a, flags: SYN | ACK, sequence: 49, acknowledgment: 10 });
    capture(s, { from: a, to: b, flags: ACK, sequence: 10, acknowledgment: 50 });
    capture(s, { from: a, to: b, flags: RST, sequence: 10 });
    const late = { ...a, port: 40_001 };
    capture(s, { from: late, to: b, flags: ACK, sequence: 5, acknowledgment: 7, text: 'hello' });
    capture(s, { from: b, to: late, flags: FIN | ACK, sequence: 7, acknowledgment: 10 });
    const refused = { ...a, port: 40_002 };
    capture(s, { from: refused, to: b, flags: SYN, sequence: 1 });
    capture(s, { from: b, to: refused, flags: RST | ACK, sequence: 0 });
    const { story } = s.told();
    const ends = (index: number): string[][] => [story.connections.at(index).client, story.connections.at(index).server].map(({ states }) => states.map(({ state }) => state));
    expect(ends(1)).toEqual([['SYN_SENT', 'ESTABLISHED', 'CLOSED'], ['SYN_RECEIVED', 'ESTABLISHED', 'CLOSED']]);
    expect(ends(2)).toEqual([['ESTABLISHED', 'CLOSE_WAIT'], ['ESTABLISHED', 'FIN_WAIT_1']]);
    expect(ends(3)).toEqual([['SYN_SENT', 'CLOSED'], []]);
  });
});

it('a captured segment is at its receiver when its packet was there, and read when recv() says so', () => {
  const { s, client, server, up, handshake } = echo();
  handshake();
  client.send('hello');
  const packet = capture(s, { from: must(client.local, 'local'), to: SERVER, flags: ACK, sequence: 1000, acknowledgment: 9000, text: 'hello' });
  s.wait(50_000);
  server.recv();
  up(ACK, 5);
  const { story, trace } = s.told();
  const data = story.segments.at(story.segmentOfPacket(packet));
  expect(data.arrive).toBe(data.depart);
  expect(trace.t(must(data.receivedSeq, 'recv')) - must(data.arrive, 'arrive')).toBeGreaterThan(40_000);
});
