import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { micros } from '../../base/brand';
import { AppBuilder } from '../app/appBuilder';
import { folded } from '../app/appScene.fixture';
import { StoryBuilder } from '../fold';
import { LINK, type SwarmStory } from './swarmStory';
import { swarmOf } from './swarmBuilder';
import { BLOCK, PIECE, TestPeer, handshake, swarmScene } from './swarmScene.fixture';

const told = (s: ReturnType<typeof swarmScene>): SwarmStory => {
  const { app, story } = folded(s);
  return swarmOf(app, story);
};
const names = (swarm: SwarmStory): string[] => swarm.peers.map(({ id }) => id);
const bitsOf = (swarm: SwarmStory, link: number, t: number): number | undefined => swarm.at(micros(t)).links.find((one) => one.link === link)?.bits;

/** The course's three computers: A has the file, B asks it for piece 0 and gives it to C. */
function ladder() {
  const s = swarmScene();
  const a = new TestPeer(s, 'A', 1, 3, [0, 1, 2]);
  const b = new TestPeer(s, 'B', 2, 3, []);
  const c = new TestPeer(s, 'C', 3, 3, []);
  const ab = b.meets(a);
  const bc = c.meets(b);
  ab.say(b, { type: 'interested' });
  a.actor?.note({ topic: 'bt.choke', peer: ab.name(a), what: 'unchoke', why: 'free', rate: 0 });
  ab.say(a, { type: 'unchoke' });
  ab.reads();
  b.actor?.note({ topic: 'bt.chose', piece: 0, from: a.listens, why: 'first', copies: 1 });
  ab.block(b, 0);
  ab.block(b, 0, BLOCK);
  ab.gained(b, 0);
  bc.block(c, 0);
  bc.block(c, 0, BLOCK);
  bc.gained(c, 0);
  return { s, a, b, c, ab, bc };
}

describe('a swarm', () => {
  it('is its peers, their links, and every block on its way', () => {
    const { s, a, b } = ladder();
    const swarm = told(s);
    expect(swarm.torrent).toEqual({ pieces: 3, pieceLength: PIECE, size: 3 * PIECE });
    expect(swarm.peers.map(({ id, began, gained, up, listens, left, hostile }) => ({ id, began, gained: gained.map(({ piece, from }) => [piece, from]), up, listens, left, hostile }))).toEqual([
      { id: 'A', began: [0, 1, 2], gained: [], up: 1000, listens: a.listens, left: null, hostile: false },
      { id: 'B', began: [], gained: [[0, [0]]], up: 2000, listens: b.listens, left: null, hostile: false },
      { id: 'C', began: [], gained: [[0, [1]]], up: 3000, listens: '127.0.61.3:6881', left: null, hostile: false },
    ]);
    expect(swarm.links.map(({ a: dialled, b: other, closedAt, cut }) => [dialled, other, closedAt, cut])).toEqual([[1, 0, null, null], [2, 1, null, null]]);
    expect(swarm.links[0]?.changes.map(({ by, what }) => [by, what])).toEqual([[1, 'interested'], [0, 'unchoke']]);
    expect(Array.from({ length: swarm.transfers.count }, (_, n) => swarm.transfers.at(n)).map(({ from, to, piece, begin, length }) => [from, to, piece, begin, length])).toEqual([
      [0, 1, 0, 0, BLOCK], [0, 1, 0, BLOCK, BLOCK], [1, 2, 0, 0, BLOCK], [1, 2, 0, BLOCK, BLOCK],
    ]);
    const first = swarm.transfers.at(0);
    expect(must(first.askedAt, 'request')).toBeLessThan(first.depart);
    expect(must(first.arrive, 'arrival')).toBeGreaterThan(first.depart);
    expect(swarm.transferOf(first.message)).toEqual(first);
    expect(swarm.transferOf(first.request)).toEqual(first);
    expect(swarm.transferOf(0)).toBeNull();
    expect(swarm.choices).toMatchObject([{ peer: 1, piece: 0, from: 0, why: 'first', copies: 1 }]);
    expect(swarm.slots).toMatchObject([{ peer: 0, to: 1, what: 'unchoke', why: 'free' }]);
    expect([swarm.peerOf(a.listens)?.id, swarm.peerOf('127.0.61.99:1')]).toEqual(['A', null]);
  });

  it('is told at any time: who is here and has what, what is on its way, who has helped whom', () => {
    const { s } = ladder();
    const swarm = told(s);
    const [first, last] = [swarm.transfers.at(0), swarm.transfers.at(3)];
    expect(swarm.at(first.depart)).toMatchObject({ moving: [0], lastChoice: Int32Array.of(-1, 0, -1), given: new Float64Array(3) });
    expect(bitsOf(swarm, 0, swarm.links[0]?.openedAt ?? 0)).toBe(LINK.aChokes | LINK.bChokes);
    expect(bitsOf(swarm, 0, first.depart)).toBe(LINK.aChokes | LINK.aInterested);
    const end = swarm.at(micros(1e9));
    expect([...end.have]).toEqual([3, 1, 1]);
    expect([...end.has]).toEqual([1, 1, 1, 1, 0, 0, 1, 0, 0]);
    expect([...end.availability]).toEqual([3, 1, 1]);
    expect([...end.given]).toEqual([PIECE, PIECE, 0]);
    expect([...end.got]).toEqual([0, PIECE, PIECE]);
    expect([...end.helped]).toEqual([0, PIECE, 0, 0, 0, PIECE, 0, 0, 0]);
    expect(end.moving).toEqual([]);
    expect(swarm.at(last.depart).moving).toEqual([3]);
    expect([...swarm.at(micros(0)).present]).toEqual([0, 0, 0]);
  });

  it('knows the life of a piece', () => {
    const { s } = ladder();
    const swarm = told(s);
    expect(swarm.lifeOf(0).map(({ what, peer, from, transfer }) => [what, peer, from, transfer])).toEqual([
      ['began', 0, -1, -1], ['chosen', 1, 0, -1], ['block', 1, 0, 0], ['block', 1, 0, 1], ['gained', 1, 0, -1], ['block', 2, 1, 2], ['block', 2, 1, 3], ['gained', 2, 1, -1],
    ]);
    expect(swarm.lifeOf(0, 2).map(({ what }) => what)).toEqual(['block', 'block', 'gained']);
    expect(swarm.lifeOf(1).map(({ what }) => what)).toEqual(['began']);
  });

  it('loses a peer that leaves or crashes, its copies, and the blocks that never came', () => {
    const { s, a, b, ab } = ladder();
    ab.say(a, { type: 'piece', piece: 1, begin: 0, block: new Uint8Array(BLOCK) });
    const under = told(s);
    expect(under.at(micros(1e9)).moving).toEqual([4]);
    a.leaves('killed');
    const swarm = told(s);
    const left = must(swarm.peers[0]?.left, 'end');
    expect(left.how).toBe('killed');
    expect(swarm.at(micros(left.at - 1)).availability[1]).toBe(1);
    expect(swarm.at(left.at)).toMatchObject({ moving: [], present: Uint8Array.of(0, 1, 1), availability: Uint16Array.of(2, 0, 0), links: [{ link: 1 }] });
    expect(swarm.links[0]?.closedAt).toBeLessThanOrEqual(left.at);
    b.leaves();
    expect(told(s).peers[1]?.left?.how).toBe('left');
  });

  it('keeps a block under way that is read after its sender has closed, also for who looked before', () => {
    const { s, a, b, ab } = ladder();
    ab.say(a, { type: 'piece', piece: 1, begin: 0, block: new Uint8Array(BLOCK) });
    ab.of(a).close();
    const trace = s.trace();
    const stories = new StoryBuilder(trace);
    const apps = new AppBuilder(trace, stories.story);
    const look = (t: number): number[] => {
      s.trace();
      stories.advance();
      apps.advance();
      return [...swarmOf(apps.app, stories.story).at(micros(t)).moving];
    };
    const closed = s.now - s.step;
    s.wait(1000);
    expect(look(closed)).toEqual([]);
    ab.of(b).recv(10_000);
    expect(look(closed)).toEqual([4]);
    expect(look(s.now)).toEqual([]);
  });

  it('knows a peer that is not ours by what it says: its id, its pieces, and what it was given', () => {
    const s = swarmScene();
    const seed = new TestPeer(s, 'seed', 1, 9, Array.from({ length: 9 }, (_, piece) => piece));
    const aria = new TestPeer(s, 'aria', 2, 9, [8], { foreign: true });
    const line = aria.meets(seed);
    line.say(aria, { type: 'interested' });
    line.block(aria, 3);
    line.block(aria, 3, BLOCK);
    line.gained(aria, 3);
    const swarm = told(s);
    const peer = must(swarm.peers[1], 'peer');
    expect(peer).toMatchObject({ role: null, began: [8], listens: '', left: null, hostile: false });
    expect(peer.gained).toMatchObject([{ piece: 3, seq: null, from: [0] }]);
    expect(swarm.peerOf(peer.id)).toBe(peer);
    expect(swarm.transfers.at(0)).toMatchObject({ from: 0, to: 1, arrive: null });
    expect([...swarm.at(micros(1e9)).helped]).toEqual([0, 2 * BLOCK, 0, 0]);
    line.over();
    // It comes again on a connection that we dial: the same one, for it has the same id.
    const again = seed.meets(aria);
    const back = told(s);
    expect(back.peers).toHaveLength(2);
    expect(back.peers[1]?.left).toBeNull();
    const closed = must(back.links[0]?.closedAt, 'end');
    expect([closed - 1, closed, must(back.links[1], 'link').openedAt].map((t) => back.at(micros(t)).present[1])).toEqual([1, 0, 1]);
    again.over();
    expect(told(s).peers[1]?.left).toMatchObject({ how: 'gone', seq: null });
  });

  it('knows who does wrong by those who noted it', () => {
    const { s, a, b, ab } = ladder();
    b.actor?.note({ topic: 'bt.bad', piece: 2, from: [a.listens] });
    b.actor?.note({ topic: 'bt.cut', peer: a.listens, why: 'bad-hash' });
    ab.over();
    // One of ours that never shook hands.
    const vandal = s.role('vandal', '127.0.61.9', 'client');
    const end = must(vandal.connect({ address: b.address, port: 6881 }), 'connection');
    const back = b.listener.accept();
    end.send('GET / HTTP/1.1\r\n\r\n');
    back.recv();
    b.actor?.note({ topic: 'bt.cut', peer: `${end.local.address}:${end.local.port}`, why: 'bad-handshake' });
    back.close();
    const swarm = told(s);
    expect(swarm.peers.filter(({ hostile }) => hostile).map(({ id }) => id)).toEqual(['A', 'vandal']);
    expect(swarm.bad).toMatchObject([{ peer: 1, piece: 2, from: [0] }]);
    expect(swarm.links[0]?.cut).toMatchObject({ by: 1, why: 'bad-hash' });
    expect(swarm.lifeOf(2).map(({ what }) => what)).toEqual(['began', 'bad']);
  });

  it('waits to say whose a connection is until it is known', () => {
    const s = swarmScene();
    const a = new TestPeer(s, 'A', 1, 3, [0]);
    const b = new TestPeer(s, 'B', 2, 3, []);
    const end = must(b.actor?.connect({ address: a.address, port: 6881 }), 'connection');
    end.send(handshake('B'));
    const { app, story } = folded(s);
    expect(swarmOf(app, story).links).toEqual([]);
    const back = a.listener.accept();
    back.recv();
    expect(told(s).links).toMatchObject([{ a: 1, b: 0 }]);
  });

  it('takes what a lab and a peer both tell for one, and no file but the first', () => {
    const s = swarmScene();
    const a = new TestPeer(s, 'A', 1, 3, [0, 1, 2]);
    a.actor?.note({ topic: 'bt.peer', listens: a.listens, size: 3 * PIECE, pieces: 3, pieceLength: PIECE, have: 3, up: 5, down: 6, strategy: 'rarest' });
    const b = new TestPeer(s, 'B', 2, 9, []);
    b.meets(a);
    const swarm = told(s);
    expect(swarm.peers.map(({ id, began, up, down }) => [id, began.length, up, down])).toEqual([['A', 3, 5, 6], ['B', 0, 2000, 0]]);
    expect(swarm.torrent?.pieces).toBe(3);
    expect([...swarm.at(micros(1e9)).have]).toEqual([3, 0]);
  });

  it('reads what a broken trace says with care', () => {
    const { s, a, b } = ladder();
    const odd = (note: Record<string, unknown>): void => void b.actor?.note(note as never);
    odd({ topic: 'bt.have', piece: -1, of: 'x', from: 7 });
    odd({ topic: 'bt.have', piece: 1e12, of: 1e12, from: [{}] });
    odd({ topic: 'bt.chose' });
    odd({ topic: 'bt.choke', peer: null });
    odd({ topic: 'bt.cut', peer: {}, why: 'constructor' });
    odd({ topic: 'bt.peer', pieces: -4, have: 'all', listens: 5, up: Number.NaN });
    a.actor?.note({ topic: 'bt.bad', piece: 99, from: ['?', '127.0.61.77:1'] });
    const swarm = told(s);
    expect(swarm.choices).toHaveLength(1);
    expect(swarm.peers.every(({ hostile }) => !hostile)).toBe(true);
    expect(swarm.at(micros(1e9)).availability).toHaveLength(3);
    expect(swarm.lifeOf(99).map(({ what }) => what)).toEqual(['bad']);
  });

  it('begins anew when a role tells of itself again', () => {
    const { s, a } = ladder();
    a.actor?.note({ topic: 'bt.peer', listens: a.listens, size: 3 * PIECE, pieces: 3, pieceLength: PIECE, have: 0, up: 0, down: 0, strategy: 'random' });
    const swarm = told(s);
    expect(names(swarm)).toEqual(['A', 'B', 'C', 'A']);
    expect(swarm.peers[0]?.left?.how).toBe('left');
    expect([...swarm.at(micros(1e9)).present]).toEqual([0, 1, 1, 1]);
    expect(swarm.peerOf(must(swarm.peers[0]?.role, 'role'))?.index).toBe(3);
  });

  it('is nothing where nobody swarms', () => {
    const swarm = told(swarmScene());
    expect([swarm.peers.length, swarm.torrent, swarm.transfers.count, swarm.at(micros(5)).moving.length]).toEqual([0, null, 0, 0]);
  });
});
