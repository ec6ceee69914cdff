import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../base/cpuTime.fixture';
import { must } from '../../base/assert';
import { concatBytes, fromHex } from '../../base/bytes';
import { createRandom } from '../../base/random';
import { keyBytes } from '../../codec/bencode/value';
import { encodeExchange, encodeExtendedHandshake } from '../../codec/bittorrent/extended';
import { encodeHandshake, reservedFor } from '../../codec/bittorrent/handshake';
import { encodeMessage, type PeerMessage } from '../../codec/bittorrent/message';
import { encodeTracker, type AnnounceRequest } from '../../codec/btTracker/message';
import { findField } from '../../codec/field';
import { evaluate } from '../evaluate';
import { scenario, type Scenario } from '../fixture';
import { AppBuilder } from './appBuilder';
import { dialled, folded, pieceByPiece, wholeOf } from './appScene.fixture';
import { describeMessage } from './describeApp';

const HASH = fromHex('aabbccddeeff00112233445566778899aabbccdd');
const shake = (name: string, infoHash: Uint8Array = HASH): Uint8Array => encodeHandshake({ reserved: reservedFor(['extended']), infoHash, peerId: keyBytes(`-LL0001-${name.padEnd(12, '0')}`) });
const say = (...messages: readonly PeerMessage[]): Uint8Array => concatBytes(...messages.map(encodeMessage));
const swarm = (options: Parameters<typeof scenario>[2] = {}): Scenario => scenario('swarm', '', { services: [{ protocol: 'udp', port: 7070, wellKnown: 6969 }], ...options });
const said = (app: ReturnType<typeof folded>['app']): string[] => app.messages.map(({ dir, kind, state, summary }) => `${dir === 'up' ? '>' : '<'} ${kind}${state === 'complete' ? '' : ` ${state}`} ${summary}`);

/** Two peers that have greeted each other. */
function greeted(s = swarm()) {
  const line = dialled(7001, s);
  line.client.send(shake('a'));
  line.server.recv();
  line.server.send(shake('b'));
  line.client.recv();
  return line;
}

describe('BitTorrent', () => {
  it('is known by its first bytes on any port, and has a message for each of its own', () => {
    const { s, client, server } = greeted();
    client.send(say({ type: 'extended', id: 0, payload: encodeExtendedHandshake({ messages: new Map([['ut_pex', 3], ['lt_donthave', 7]]), client: 'Looplab', port: null, requests: null, metadataSize: null }) }, { type: 'interested' }));
    server.recv(1000);
    server.send(say(
      { type: 'bitfield', bits: fromHex('f0') }, { type: 'unchoke' }, { type: 'extended', id: 3, payload: encodeExchange([{ address: '127.0.70.9', port: 6881 }], []) }, { type: 'extended', id: 7, payload: fromHex('00000001') },
    ));
    client.recv(1000);
    client.send(say({ type: 'request', piece: 2, begin: 0, length: 16_384 }));
    server.recv();
    server.send(say({ type: 'piece', piece: 2, begin: 0, block: new Uint8Array(16_384) }));
    client.recv(20_000);
    client.send(say({ type: 'have', piece: 2 }, { type: 'keepAlive' }));
    const { app, trace, story } = folded(s);
    expect(said(app)).toEqual([
      '> handshake Handshake', '< handshake Handshake', '> message Extended handshake Looplab', '> message Interested', '< message Bitfield 4/8', '< message Unchoke', '< message Peer exchange +1 -0',
      '< message Extended lt_donthave', '> message Request piece 2 offset 0 16 KiB', '< message Piece 2 offset 0 16 KiB', '> message Have 2', '> message Keep-alive',
    ]);
    expect(app.messages.every(({ protocol, trouble }) => protocol === 'bittorrent' && !trouble)).toBe(true);
    expect([8, 9, 10, 11, 0].map((id) => app.peerWords(id))).toEqual([
      { type: 'request', piece: 2, begin: 0, length: 16_384 }, { type: 'piece', piece: 2, begin: 0, length: 16_384 }, { type: 'have', piece: 2, begin: -1, length: -1 }, { type: 'keepAlive', piece: -1, begin: -1, length: -1 },
      { type: 'handshake', piece: -1, begin: -1, length: -1 },
    ]);
    expect(findField(must(app.fields(9), 'tree'), 'bittorrent.piece.data')).toMatchObject({ start: 13, length: 16_384, display: '16 KiB' });
    expect(findField(must(app.fields(0), 'tree'), 'bittorrent.info_hash')?.value).toEqual(HASH);
    const piece = must(app.messages[9], 'piece');
    expect(must(piece.arrive, 'arrival')).toBeGreaterThan(piece.depart);
    expect(app.messagesOfFact(piece.sentSeq)).toEqual([9]);
    expect(describeMessage(piece)).toEqual({ protocol: 'BitTorrent', label: 'Piece 2 offset 0 16 KiB', trouble: false });
    expect(evaluate({ exists: { app: 'bittorrent.message', has: 'Have 2', role: 'client' } }, story, trace, app)).toBe(true);
    expect(evaluate({ exists: { app: 'bittorrent.message', has: 'Have 3' } }, story, trace, app)).toBe(false);
    expect(evaluate({ exists: { app: 'http.request' } }, story, trace, app)).toBe(false);
  });

  it('shows a block while it comes, and goes on behind one that the trace does not keep', () => {
    const { s, client, server } = greeted(swarm({ limits: { payloadPreview: 200, payloadTotal: 1e9, thinnedPreview: 64, events: 1e6 } }));
    const block = say({ type: 'piece', piece: 1, begin: 16_384, block: new Uint8Array(16_384).fill(7) });
    server.send(block.subarray(0, 9));
    expect(said(folded(s).app).slice(2)).toEqual(['< message partial message']);
    server.send(block.subarray(9, 6000));
    client.recv(6000);
    const { app } = folded(s);
    expect(said(app).slice(2)).toEqual(['< message partial Piece 1 offset 16384 16 KiB']);
    expect(app.messages[2]).toMatchObject({ arrive: null });
    expect(app.peerWords(2)).toMatchObject({ type: 'piece', length: 16_384 });
    server.send(block.subarray(6000));
    server.send(say({ type: 'choke' }));
    client.recv(20_000);
    const { app: after } = folded(s);
    expect(said(after).slice(2)).toEqual(['< message Piece 1 offset 16384 16 KiB', '< message Choke']);
    expect(after.messages[2]?.end).toBe(68 + block.length);
  });

  it('goes on in a trace that keeps only the beginnings of long payloads', () => {
    const { s, client, server } = greeted(swarm({ limits: { payloadPreview: 65_536, payloadTotal: 100_000, thinnedPreview: 64, thinnedWhole: 1024, events: 1e6 } }));
    server.send(say({ type: 'bitfield', bits: new Uint8Array(125).fill(0xff) }, { type: 'unchoke' }));
    client.recv(1000);
    for (let piece = 0; piece < 3; piece++) {
      client.send(say(...[0, 1, 2, 3, 4].map((n): PeerMessage => ({ type: 'request', piece: piece * 5 + n, begin: 0, length: 16_384 }))));
      server.recv(1000);
      for (let n = 0; n < 5; n++) server.send(say({ type: 'piece', piece: piece * 5 + n, begin: 0, block: new Uint8Array(16_384) }));
      // What is read is cut where it happens to be cut.
      for (let left = 5 * 16_397; left > 0; left -= 20_000) client.recv(20_000);
    }
    const { app } = folded(s);
    expect(app.messages.map(({ state }) => state).filter((state) => state !== 'complete')).toEqual([]);
    expect(app.messages.filter(({ id, arrive }) => app.peerWords(id)?.type === 'piece' && arrive !== null)).toHaveLength(15);
    expect(app.bytes(2)?.length).toBe(130);
  });

  it('tells what is wrong: another torrent, lengths that do not fit, a message that never came whole', () => {
    const { s, client, server } = dialled(7001, swarm());
    client.send(shake('a'));
    server.recv();
    server.send(shake('b', new Uint8Array(20)));
    client.recv();
    client.send(concatBytes(say({ type: 'interested' }), fromHex('00000006 04 0000000000')));
    server.send(fromHex('0000000d 06 0000'));
    server.shutdown();
    const { app, text } = folded(s);
    expect(said(app)).toEqual(['> handshake Handshake', '< handshake Handshake of another torrent', '> message Interested', '> message malformed malformed', '< message partial message']);
    expect(app.messages.map(({ trouble }) => trouble)).toEqual([false, true, false, true, false]);
    expect(app.messages[3]?.why).toBe('at byte 0: have of 6 bytes');
    expect(text).toBe('malformed bittorrent message: at byte 0: have of 6 bytes\n');
  });

  it('is nothing that only begins as a handshake does', () => {
    const { s, client } = dialled(7001, swarm());
    client.send(keyBytes('\x13BitTorrent'));
    expect(folded(s).app.messages).toEqual([]);
    client.send(keyBytes(' was here'));
    client.shutdown();
    expect(folded(s).app.messages).toEqual([]);
  });

  it('is the same however the facts come', () => {
    const { s, client, server } = greeted();
    for (let piece = 0; piece < 6; piece++) {
      client.send(say({ type: 'request', piece, begin: 0, length: 5000 }));
      server.recv(1000);
      const block = say({ type: 'piece', piece, begin: 0, block: new Uint8Array(5000) });
      server.send(block.subarray(0, 3000));
      client.recv(2000);
      server.send(block.subarray(3000));
      client.recv(9000);
    }
    const whole = folded(s);
    expect(whole.app.messages).toHaveLength(14);
    for (let seed = 1; seed <= 5; seed++) expect(wholeOf(pieceByPiece(whole.trace, createRandom(seed), 4))).toEqual(wholeOf(whole));
  });

  it('is cheap: a swarm has a hundred thousand messages', { timeout: 120_000 }, () => {
    const { s, client, server } = greeted();
    const haves = say(...Array.from({ length: 500 }, (_, piece): PeerMessage => ({ type: 'have', piece })));
    for (let i = 0; i < 60; i++) {
      client.send(haves);
      server.recv(haves.length);
    }
    const { trace, story } = s.told();
    const before = cpuTime();
    const builder = new AppBuilder(trace, story);
    builder.advance();
    expect(builder.app.messages).toHaveLength(30_002);
    expect(builder.app.messages[30_001]?.summary).toBe('Have 499');
    // Ten microseconds a message; a machine that is busy with other things gets ten times as long.
    expect(before()).toBeLessThan(3000);
  });
});

describe('a tracker over UDP', () => {
  const AT = { address: '127.0.70.1', port: 7070 };
  const ANNOUNCE: AnnounceRequest = {
    type: 'announceRequest', connection: 1n, transaction: 9, infoHash: HASH, peerId: new Uint8Array(20), downloaded: 0n, left: 5n, uploaded: 0n, event: 2, address: '0.0.0.0', key: 0, want: -1, port: 6881, options: new Uint8Array(0),
  };

  it('is known by the port that stands for 6969, each datagram a message', () => {
    const s = swarm();
    const tracker = s.role('tracker', '127.0.70.1', 'server').udp(7070);
    const peer = s.role('peer', '127.0.70.2', 'client').udp();
    const ask = (message: Parameters<typeof encodeTracker>[0], ...answers: readonly Parameters<typeof encodeTracker>[0][]): void => {
      peer.send(encodeTracker(message), AT);
      tracker.recv();
      for (const answer of answers) {
        tracker.send(encodeTracker(answer), must(peer.local, 'address'));
        peer.recv();
      }
    };
    ask({ type: 'connectRequest', transaction: 8 }, { type: 'connectResponse', transaction: 8, connection: 1n });
    ask(ANNOUNCE, { type: 'announceResponse', transaction: 9, interval: 1, leechers: 1, seeders: 1, family: 'ipv4', peers: [{ address: '127.0.70.3', port: 6881 }] });
    ask({ type: 'scrapeRequest', connection: 1n, transaction: 10, infoHashes: [HASH] }, { type: 'error', transaction: 10, message: 'not here' });
    peer.send(fromHex('0102'), AT);
    const { app, trace, story } = folded(s);
    expect(said(app)).toEqual([
      '> query Connection Request', '< answer Connection Response', '> query Announce Request started', '< answer Announce Response 1 peer', '> query Scrape Request 1', '< answer Error Response not here', '> query malformed malformed',
    ]);
    expect(app.messages.map(({ trouble }) => trouble)).toEqual([false, false, false, false, false, true, true]);
    expect(app.messages.every(({ protocol, carrier }) => protocol === 'bt-tracker' && carrier === 'udp')).toBe(true);
    const answer = must(app.messages[3], 'answer');
    expect(must(answer.arrive, 'arrival')).toBeGreaterThan(answer.depart);
    expect(app.messagesOfFact(must(answer.arriveSeq, 'fact'))).toEqual([3]);
    expect(app.messagesOfFact(answer.sentSeq)).toEqual([3]);
    expect(findField(must(app.fields(3), 'tree'), 'bt-tracker.tracker.ip')?.value).toBe('127.0.70.3');
    expect(findField(must(app.fields(2), 'tree'), 'bt-tracker.event')?.display).toBe('started (2)');
    expect(app.queries).toEqual([]);
    expect(app.peerWords(3)).toBeNull();
    expect(evaluate({ exists: { app: 'tracker.message', has: 'Announce Request', to: 'tracker' } }, story, trace, app)).toBe(true);
    expect(evaluate({ exists: { app: 'dns.query' } }, story, trace, app)).toBe(false);
    expect(describeMessage(answer)).toEqual({ protocol: 'Tracker', label: 'Announce Response 1 peer', trouble: false });
  });

  it('on another port is nobody’s', () => {
    const s = scenario('swarm', '', {});
    const peer = s.role('peer', '127.0.70.2', 'client').udp();
    peer.send(encodeTracker(ANNOUNCE), AT);
    expect(folded(s).app.messages).toEqual([]);
  });
});
