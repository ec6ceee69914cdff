// Calls and packets of one run as one story: who sent what when, and what of it the kernel did by itself.

import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import type { Endpoint } from '../event';
import { scenario, type Scenario } from '../fixture';
import { capture } from '../fixtureCaptured';
import { textLadder } from '../textLadder';

const SERVER = { address: '127.0.20.1', port: 7 };
const { SYN, ACK, PSH, FIN, RST } = TCP_FLAGS;
/** The client's numbers begin just before 2^32, the server's at 5. */
const ISN = 0xffff_fffe;

function echo() {
  const s = scenario();
  s.fact('capture.changed', { a: 1, text: 'tcpdump' });
  const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
  const client = must(s.role('client', '127.0.20.2', 'client').connect(SERVER), 'client');
  const server = listener.accept();
  const me: Endpoint = must(client.local, 'local');
  const up = (flags: number, offset: number, text = '', window = 64): number => capture(s, { from: me, to: SERVER, flags, sequence: (ISN + 1 + offset) >>> 0, text, window });
  /** `acked`: bytes of the client that it acknowledges. */
  const down = (flags: number, offset: number, acked = 0, window = 64): number => capture(s, { from: SERVER, to: me, flags, sequence: 6 + offset, acknowledgment: (ISN + 1 + acked) >>> 0, window });
  const handshake = (): void => {
    up(SYN, -1);
    down(SYN | ACK, -1);
    up(ACK, 0);
  };
  return { s, client, server, up, down, handshake };
}

/** `data 0+5 captured`, with what is special; those in another are left out. */
function said(s: Scenario): string[] {
  const { story } = s.told();
  return Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id)).filter(({ within }) => within === null)
    .sort((one, other) => story.momentOfSegment(one.id) - story.momentOfSegment(other.id))
    .map(({ kind, offset, size, provenance, special, missed }) => `${kind}${size > 0 ? ` ${offset}+${size}` : ''} ${provenance.evidence}${special === null ? '' : ` ${special}`}${missed ? ' missed' : ''}`);
}

const HANDSHAKE = ['syn captured', 'syn-ack captured', 'ack captured'];

describe('a captured run', () => {
  it('keeps the cause of each segment', () => {
    const { s, client, server, up, down, handshake } = echo();
    handshake();
    client.send('hello');
    up(ACK | PSH, 0, 'hello');
    server.recv();
    down(ACK, 0, 5);
    expect(said(s)).toEqual([...HANDSHAKE, 'data 0+5 captured', 'ack captured']);
    const { story, trace } = s.told();
    const data = story.segments.at(3);
    expect([data.sentSeq === null ? '' : trace.kind(data.sentSeq), data.receivedSeq === null ? '' : trace.kind(data.receivedSeq), data.fate]).toEqual(['bytes.sent', 'bytes.received', 'read']);
    // Its moment is the send() itself, and it left when its packet did.
    expect(story.moments.at(story.momentOfSegment(3)).seq).toBe(data.sentSeq);
    expect(data.arrive).toBeGreaterThanOrEqual(data.depart);
    expect(story.segments.at(0).provenance).toMatchObject({ rule: 'tcp.handshake.connected' });
    expect(textLadder(story, trace)).toContain('── 5 B “hello”');
  });

  it('shows each part of a send() that went in several packets, and one packet of several send()s once', () => {
    const { s, client, up, down, handshake } = echo();
    handshake();
    client.send('abcdefgh');
    up(ACK | PSH, 0, 'abc');
    up(ACK | PSH, 3, 'defgh');
    client.send('one');
    client.send('two');
    // The second one had waited for the acknowledgment of what was under way.
    s.wait(1000);
    down(ACK, 0, 8);
    up(ACK | PSH, 8, 'onetwo');
    const { story } = s.told();
    expect(said(s)).toEqual([...HANDSHAKE, 'data 0+3 captured', 'data 3+5 captured', 'ack captured', 'data 8+6 captured']);
    const up1 = story.connections.at(0).up;
    expect(Array.from({ length: up1.segments.length }, (_, n) => story.segments.at(up1.segments.at(n)).offset)).toEqual([0, 3, 8]);
    // Both send()s sent nothing at once: their bytes waited.
    for (const n of [1, 2]) expect(story.moments.at(story.momentOfFact(up1.writes.at(n))).segment).toBeNull();
  });

  it('shows what only the kernel knows', () => {
    const { s, client, server, up, down, handshake } = echo();
    up(SYN, -1);
    handshake();
    client.send('hello');
    up(ACK | PSH, 0, 'hello');
    up(ACK | PSH, 0, 'hello');
    down(ACK, 0, 3);
    down(ACK, 0, 3);
    down(ACK, 0, 5, 0);
    down(ACK, 0, 5, 32);
    up(ACK, 4);
    server.recv();
    expect(said(s)).toEqual(['syn captured', 'syn captured retransmission', 'syn-ack captured', 'ack captured', 'data 0+5 captured', 'data 0+5 captured retransmission', 'ack captured', 'ack captured duplicateAck', 'ack captured zeroWindow', 'ack captured windowUpdate', 'ack captured keepAlive']);
  });

  it('tells what was overtaken from what was lost and sent again', () => {
    const { s, up, handshake } = echo();
    handshake();
    up(ACK | PSH, 3, 'def');
    up(ACK | PSH, 0, 'abc');
    up(ACK | PSH, 9, 'jkl');
    s.wait(200_000);
    up(ACK | PSH, 6, 'ghi');
    up(ACK | PSH, 6, 'ghi');
    expect(said(s).slice(3)).toEqual(['data 3+3 captured', 'data 0+3 captured outOfOrder', 'data 9+3 captured', 'data 6+3 captured retransmission', 'data 6+3 captured retransmission']);
  });

  it('takes a FIN with the bytes that it came with, and a RST that no call told of', () => {
    const { s, client, up, down, handshake } = echo();
    handshake();
    client.send('bye');
    client.close();
    up(ACK | PSH | FIN, 0, 'bye');
    down(RST, 0);
    s.wait(300_000);
    s.end();
    const { story } = s.told();
    expect(said(s).slice(3)).toEqual(['data 0+3 captured', 'rst captured']);
    const fin = story.segments.at(must(story.connections.at(0).up.fin, 'fin'));
    expect([fin.kind, fin.within, fin.provenance.evidence]).toEqual(['fin', 3, 'captured']);
  });

  it('says what its capture missed', () => {
    const { s, client, up, handshake } = echo();
    handshake();
    client.send('one');
    client.send('two');
    up(ACK | PSH, 3, 'two');
    s.wait(1_000_000);
    s.fact('capture.changed', { a: 0, size: 1, text: 'tcpdump' });
    client.send('later');
    expect(said(s)).toEqual([...HANDSHAKE, 'data 0+3 observed missed', 'data 3+3 captured', 'data 6+5 observed']);
  });

  it('is the same told piece by piece as at once, and whichever clock is a little ahead', () => {
    for (const early of [false, true]) {
      const { s, client, server, up, handshake } = echo();
      handshake();
      for (const text of ['one', 'second', 'third!']) {
        const at = client.local === null ? 0 : s.told().story.connections.at(0).up.sent;
        if (early) up(ACK | PSH, at, text);
        client.send(text);
        if (!early) up(ACK | PSH, at, text);
        server.recv();
        s.told();
      }
      expect(said(s).slice(3)).toEqual(['data 0+3 captured', 'data 3+6 captured', 'data 9+6 captured']);
      const { story } = s.told();
      for (let id = 0; id < story.segments.count; id++) {
        const { depart, arrive } = story.segments.at(id);
        expect(arrive === null || arrive >= depart).toBe(true);
      }
    }
  });

  it('makes connections of the packets of strangers', () => {
    const { s } = echo();
    const [a, b] = [{ address: '192.0.2.1', port: 40_000 }, { address: '192.0.2.2', port: 80 }];
    capture(s, { from: a, to: b, flags: SYN, sequence: 9 });
    capture(s, { from: b, to: a, flags: RST | ACK, sequence: 0 });
    const { story } = s.told();
    expect(story.connections.count).toBe(2);
    expect(story.connections.at(1)).toMatchObject({ client: { sock: null, endpoint: a }, outcome: 'refused' });
  });
});

describe('captured datagrams', () => {
  const at = { address: '127.0.21.1', port: 12_000 };

  it('are those of the calls, oldest first, and those of strangers once', () => {
    const s = scenario();
    s.role('server', at.address, 'server').udp(at.port);
    const client = s.role('client', '127.0.21.2', 'client').udp();
    for (const text of ['one', 'one', 'two']) client.send(text, at);
    const me = s.told().story.segments.at(0).from;
    const seqs = ['one', 'one', 'two'].map((text) => capture(s, { from: me, to: at, text }));
    const stranger = { address: '127.0.0.1', port: 50_000 };
    capture(s, { from: stranger, to: at, text: 'hi' });
    const { story } = s.told();
    expect(Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id)).map(({ provenance, sentSeq }) => [provenance.evidence === 'captured' ? provenance.packet : -1, sentSeq !== null])).toEqual([...seqs.map((seq) => [seq, true]), [expect.any(Number), false]]);
  });
});
