import { describe, expect, it } from 'vitest';
import { must } from '../base/assert';
import { TCP_FLAGS } from '../codec/tcp/codec';
import type { Endpoint } from './event';
import { scenario, type Scenario } from './fixture';
import { capture } from './fixtureCaptured';
import { groundOf, headersFrames } from './headersFrames';

const SERVER = { address: '127.0.20.1', port: 7 };
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const captured = (s: Scenario, from: Endpoint, to: Endpoint, flags: number | null, sequence: number, text: string, keep?: number): number =>
  capture(s, { from, to, sequence, text, ...(flags !== null && { flags }), ...(keep !== undefined && { keep }) });

const { SYN, ACK, PSH, FIN } = TCP_FLAGS;
const ISN = 0xffff_fffe;

function echo() {
  const s = scenario();
  const listener = s.role('server', SERVER.address, 'server').listen(SERVER.port);
  const client = must(s.role('client', '127.0.20.2', 'client').connect(SERVER), 'client');
  const server = listener.accept();
  return { s, client, server };
}

/** `captured 0+5`: the source, bytes of the segment before the frame's, and in it. */
const said = (s: Scenario, kind: string, nth = 0): string[] => {
  const { story, trace } = s.told();
  const ids = Array.from({ length: story.segments.count }, (_, id) => id).filter((id) => story.segmentKind(id) === kind);
  return headersFrames(story, trace, must(ids[nth], kind)).map(({ source, offset, size, missing }) => `${source} ${offset}+${size}${missing > 0 ? ` -${missing}` : ''}`);
};

describe('the frames of a segment', () => {
  it('are rebuilt while nothing was captured', () => {
    const { s, client } = echo();
    client.send('hello');
    expect(said(s, 'data')).toEqual(['reconstructed 0+5']);
  });

  it('are found by their sequence numbers, round 2^32 too', () => {
    const { s, client } = echo();
    const me = must(client.local, 'local');
    client.send('hello');
    client.send('world!');
    captured(s, me, SERVER, SYN, ISN, '');
    captured(s, SERVER, me, SYN | ACK, 5, '');
    captured(s, me, SERVER, ACK, ISN + 1, '');
    captured(s, me, SERVER, ACK | PSH, ISN + 1, 'hello');
    captured(s, me, SERVER, ACK | PSH, (ISN + 6) >>> 0, 'wor');
    captured(s, me, SERVER, ACK | PSH, (ISN + 9) >>> 0, 'ld!');
    expect([said(s, 'syn'), said(s, 'syn-ack'), said(s, 'ack'), said(s, 'data'), said(s, 'data', 1), said(s, 'data', 2)]).toEqual([['captured 0+0'], ['captured 0+0'], ['captured 0+0'], ['captured 0+5'], ['captured 0+3'], ['captured 0+3']]);
  });

  it('may be shared by two that the kernel sent together, and cut short by the capture', () => {
    const { s, client } = echo();
    const me = must(client.local, 'local');
    client.send('hello');
    client.send('world!');
    client.shutdown();
    captured(s, me, SERVER, SYN, ISN, '');
    captured(s, me, SERVER, ACK | PSH | FIN, ISN + 1, 'helloworld!', 60);
    expect([said(s, 'data'), said(s, 'data', 1), said(s, 'fin')]).toEqual([['captured 0+11 -5'], ['captured -5+11 -5'], ['captured -11+11 -5']]);
  });

  it('are found by their bytes where the SYN was not captured', () => {
    const { s, client } = echo();
    client.send('hello');
    client.send('world!');
    captured(s, must(client.local, 'local'), SERVER, ACK | PSH, 1000, 'hello');
    captured(s, must(client.local, 'local'), SERVER, ACK | PSH, 1005, 'world!');
    expect([said(s, 'data'), said(s, 'data', 1)]).toEqual([['captured 0+5'], ['captured 0+6']]);
  });

  it('of datagrams are the ones with these bytes, in their order', () => {
    const s = scenario();
    const at = { address: '127.0.21.1', port: 12_000 };
    s.role('server', at.address, 'server').udp(at.port);
    const client = s.role('client', '127.0.21.2', 'client').udp();
    for (const text of ['one', 'two', 'one']) client.send(text, at);
    const { story } = s.told();
    const me = story.segments.at(0).from;
    const seqs = ['one', 'two', 'one'].map((text) => captured(s, me, at, null, 0, text));
    const told = s.told();
    expect([0, 1, 2].map((id) => headersFrames(told.story, told.trace, id).map(({ seq }) => seq))).toEqual(seqs.map((seq) => [seq]));
  });

  it('belong to the life of the connection that used the same numbers', () => {
    const { s, client } = echo();
    client.send('hello');
    const me = must(client.local, 'local');
    captured(s, me, { address: '127.0.20.9', port: 7 }, ACK | PSH, 1, 'hello');
    expect(said(s, 'data')).toEqual(['reconstructed 0+5']);
    s.fact('packet.captured', { a: 1, size: 3, bytes: ascii('bad') });
    s.fact('packet.captured', { a: 9999, size: 3, bytes: ascii('bad') });
    expect(said(s, 'data')).toEqual(['reconstructed 0+5']);
  });
});

it('says of each field how it is known', () => {
  const of = (transport: 'tcp' | 'udp', ...names: string[]): string[] => names.map((name) => groundOf(name, 'reconstructed', transport));
  expect(of('tcp', 'ip.src', 'tcp.srcport', 'ip.proto', 'ip.len', 'tcp.seq_raw', 'tcp.checksum', 'ip.ttl')).toEqual(['told', 'told', 'follows', 'made', 'made', 'made', 'made']);
  expect(of('udp', 'udp.length', 'udp.checksum', 'ip.len', 'ip.checksum')).toEqual(['follows', 'follows', 'follows', 'made']);
  expect(groundOf('ip.ttl', 'captured', 'tcp')).toBe('captured');
});
