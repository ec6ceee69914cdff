// For tests of the swarm's story: peers that talk BitTorrent on the small kernel of fixture.ts, ours and others', in a few readable lines;
// and a swarm in which everything happens by chance.

import { must } from '../../base/assert';
import { concatBytes, fromHex } from '../../base/bytes';
import type { Random } from '../../base/random';
import { keyBytes } from '../../codec/bencode/value';
import { encodeHandshake, reservedFor } from '../../codec/bittorrent/handshake';
import { encodeMessage, type PeerMessage } from '../../codec/bittorrent/message';
import { formatEndpoint } from '../endpoint';
import { scenario, type Actor, type SceneOptions, type Scenario } from '../fixture';
import type { ListenEnd, TcpEnd } from '../fixtureTcp';

const HASH = fromHex('aabbccddeeff00112233445566778899aabbccdd');
const PORT = 6881;
/** Pieces of two blocks. */
export const PIECE = 64;
export const BLOCK = 32;

export const swarmScene = (options: SceneOptions = {}): Scenario => scenario('p2p', '', options);

export const handshake = (name: string): Uint8Array => encodeHandshake({ reserved: reservedFor(['extended']), infoHash: HASH, peerId: keyBytes(`-LL0001-${name.padEnd(12, '0')}`) });
export const bitfield = (pieces: readonly number[], of: number): PeerMessage => {
  const bits = new Uint8Array(Math.ceil(of / 8));
  for (const piece of pieces) bits[piece >> 3] = (bits[piece >> 3] as number) | (0x80 >> (piece & 7));
  return { type: 'bitfield', bits };
};

/** A peer of a test: ours (`actor`), or one that is not. */
export class TestPeer {
  readonly address: string;
  readonly actor: Actor | null;
  readonly listener: ListenEnd;
  readonly lines: Line[] = [];
  readonly have = new Set<number>();

  constructor(readonly scene: Scenario, readonly name: string, place: number, readonly of: number, began: readonly number[], options: { readonly foreign?: boolean; readonly tells?: boolean } = {}) {
    this.address = `127.0.61.${place}`;
    for (const piece of began) this.have.add(piece);
    this.actor = options.foreign === true ? null : scene.role(name, this.address, 'server');
    if (options.tells !== false) {
      this.actor?.note({ topic: 'bt.peer', listens: this.listens, size: of * PIECE, pieces: of, pieceLength: PIECE, have: began.length, up: 1000 * place, down: 0, strategy: 'rarest' });
    }
    this.listener = this.actor === null ? scene.foreignServer(this.address, PORT) : this.actor.listen(PORT);
  }

  get listens(): string {
    return `${this.address}:${PORT}`;
  }

  /** Dials, shakes hands both ways and says what both have. */
  meets(other: TestPeer): Line {
    const end = this.actor === null ? this.scene.foreignClient(other.listener, this.address) : must(this.actor.connect({ address: other.address, port: PORT }), 'connection');
    const line = new Line(this, other, end);
    line.accept();
    line.greet();
    return line;
  }

  lineTo(other: TestPeer): Line | null {
    return this.lines.find((line) => line.joins(this, other)) ?? null;
  }

  leaves(how: 'done' | 'killed' | 'failed' = 'done'): void {
    for (const line of [...this.lines]) line.over();
    if (this.actor === null) this.listener.close();
    else this.actor.end(how);
  }
}

/** A connection of two of them. */
export class Line {
  private back: TcpEnd | null = null;

  constructor(readonly a: TestPeer, readonly b: TestPeer, private readonly end: TcpEnd) {}

  joins(one: TestPeer, other: TestPeer): boolean {
    return (this.a === one && this.b === other) || (this.a === other && this.b === one);
  }

  accept(): void {
    this.back = this.b.listener.accept();
    this.a.lines.push(this);
    this.b.lines.push(this);
  }

  greet(): void {
    for (const peer of [this.a, this.b]) {
      this.sends(peer, handshake(peer.name));
      if (peer.have.size > 0) this.say(peer, bitfield([...peer.have], peer.of));
    }
    this.reads();
  }

  of(peer: TestPeer): TcpEnd {
    return peer === this.a ? this.end : must(this.back, 'accepted');
  }

  other(peer: TestPeer): TestPeer {
    return peer === this.a ? this.b : this.a;
  }

  /** How `peer` calls the other one. */
  name(peer: TestPeer): string {
    return formatEndpoint(this.of(peer).remote);
  }

  sends(peer: TestPeer, bytes: Uint8Array): void {
    this.of(peer).send(bytes);
  }

  say(peer: TestPeer, ...messages: readonly PeerMessage[]): void {
    this.sends(peer, concatBytes(...messages.map((message) => encodeMessage(message))));
  }

  /** Both read what there is, or so many bytes of it. */
  reads(size = 1_000_000): void {
    for (const end of [this.end, must(this.back, 'accepted')]) if (end.half.buffer.length > 0) end.recv(size);
  }

  /** `to` asks the other end for a block and gets it. */
  block(to: TestPeer, piece: number, begin = 0, length = BLOCK): void {
    const from = this.other(to);
    this.say(to, { type: 'request', piece, begin, length });
    this.reads();
    this.say(from, { type: 'piece', piece, begin, block: new Uint8Array(length).fill(piece) });
    this.reads();
  }

  /** `to` has a whole piece, and says so to all. */
  gained(to: TestPeer, piece: number): void {
    to.have.add(piece);
    to.actor?.note({ topic: 'bt.have', piece, have: to.have.size, of: to.of, from: [this.name(to)] });
    for (const line of to.lines) {
      line.say(to, { type: 'have', piece });
      line.reads();
    }
  }

  over(): void {
    this.end.close();
    this.back?.close();
    for (const peer of [this.a, this.b]) peer.lines.splice(peer.lines.indexOf(this), 1);
  }
}

/** Peers come, talk, give, lie and go by chance, some of them not ours; `turns` times something happens. */
export function randomSwarm(random: Random, turns: number, pieces = 12): Scenario {
  const s = swarmScene();
  const here: TestPeer[] = [];
  let born = 0;
  const any = <T>(list: readonly T[]): T | undefined => (list.length === 0 ? undefined : list[random.below(list.length)]);
  const arrive = (): void => {
    born++;
    const began = born === 1 ? Array.from({ length: pieces }, (_, piece) => piece) : Array.from({ length: pieces }, (_, piece) => piece).filter(() => random.below(6) === 0);
    here.push(new TestPeer(s, `peer-${born}`, born, pieces, born % 3 === 0 ? [] : began, { foreign: born % 4 === 0, tells: born % 5 !== 0 }));
  };
  const meet = (): void => {
    const [one, other] = [any(here), any(here)];
    if (one !== undefined && other !== undefined && one !== other && (one.actor ?? other.actor) !== null && one.lineTo(other) === null) one.meets(other);
  };
  const talk = (): void => {
    const peer = any(here);
    const line = any(peer?.lines ?? []);
    if (peer === undefined || line === undefined) return;
    const other = line.other(peer);
    const name = line.name(peer);
    const piece = random.below(pieces);
    switch (random.below(9)) {
      case 0: line.say(peer, { type: 'interested' }); break;
      case 1: line.say(peer, { type: random.below(2) === 0 ? 'choke' : 'unchoke' }); break;
      case 2: peer.actor?.note({ topic: 'bt.choke', peer: name, what: 'unchoke', why: 'free', rate: 10 }); break;
      case 3: peer.actor?.note({ topic: 'bt.chose', piece, from: name, why: 'rarest', copies: 2 }); break;
      case 4: case 5: case 6:
        if (!other.have.has(piece) || peer.have.has(piece)) return;
        line.block(peer, piece);
        line.block(peer, piece, BLOCK);
        line.gained(peer, piece);
        return;
      case 7: // a block that comes in two parts, or never whole
        line.say(peer, { type: 'request', piece, begin: 0, length: BLOCK });
        line.sends(other, encodeMessage({ type: 'piece', piece, begin: 0, block: new Uint8Array(BLOCK) }));
        line.reads(20);
        return;
      default:
        if (random.below(4) !== 0) return;
        peer.actor?.note({ topic: 'bt.cut', peer: name, why: random.below(2) === 0 ? 'flood' : 'both-seed' });
        line.over();
        return;
    }
    if (random.below(2) === 0) line.reads();
  };
  for (let turn = 0; turn < turns; turn++) {
    const chance = random.below(20);
    if (here.length < 3 || chance === 0) arrive();
    else if (chance < 4) meet();
    else if (chance === 4 && here.length > 4 && random.below(3) === 0) here.splice(random.below(here.length), 1)[0]?.leaves(random.below(2) === 0 ? 'killed' : 'done');
    else talk();
  }
  return s;
}
