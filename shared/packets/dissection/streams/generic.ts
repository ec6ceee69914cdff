// Reads a stream of any protocol by its codec alone: message after message, as far as decode() says that they are whole. What does not begin
// as a message is data. DNS over TCP, BitTorrent, SMTP and all that have no reader of their own.

import type { Context } from '../../../codec/codec';
import { codec as data } from '../../../codec/data/codec';
import { claimed, type AnyCodec } from '../../../codec/dissect';
import type { FieldNode } from '../../../codec/field';
import type { StreamDir } from '../../reassembly/tcpStream';
import { DISSECTION_LIMITS } from '../limits';
import { messageLayer, Waiting, type StreamLevel, type StreamReader } from './level';
import type { Message, Outcome } from './outcome';

interface Side {
  readonly waiting: Waiting;
  codec: AnyCodec;
  /** What the message before said about the next one. */
  inside: Context;
  /** Bytes that must be there before it is worth trying. */
  need: number;
  /** Bytes that were read in vain. */
  cost: number;
}

/** What a protocol knows of its messages beyond one of them. */
export interface Manner {
  /** What a whole message is in an exchange, and what its tree shows besides its own bytes. */
  part?(dir: StreamDir, value: unknown, out: Outcome): Pick<Message, 'role' | 'links' | 'socket'> & { within?(tree: FieldNode): FieldNode };
  /** Bytes are missing, or what came is no message. */
  lost?(dir: StreamDir): void;
  /** True: behind this message both directions speak something else, which `next` reads. */
  ends?(dir: StreamDir, value: unknown): boolean;
  next?(starts: Readonly<Record<StreamDir, number>>): StreamReader;
}

export class GenericReader implements StreamReader {
  readonly #sides: Readonly<Record<StreamDir, Side>>;

  constructor(private readonly level: StreamLevel, codec: AnyCodec, private readonly manner: Manner = {}) {
    const side = (): Side => ({ waiting: new Waiting(), codec, inside: {}, need: 1, cost: 0 });
    this.#sides = { up: side(), down: side() };
  }

  push(dir: StreamDir, bytes: Uint8Array, at: number, out: Outcome): void {
    const side = this.#sides[dir];
    side.waiting.add(bytes, at);
    this.#read(dir, side, out);
    if (side.waiting.length > 0) {
      out.open = true;
      // What waits must not hang on the packet.
      if (side.waiting.bytes.buffer === bytes.buffer) side.waiting.bytes = side.waiting.bytes.slice();
    }
  }

  gap(dir: StreamDir, _at: number, _length: number, out: Outcome): void {
    this.#unfinished(dir, out);
    this.manner.lost?.(dir);
  }

  end(dir: StreamDir, out: Outcome): void {
    this.#unfinished(dir, out);
  }

  #read(dir: StreamDir, side: Side, out: Outcome): void {
    while (side.waiting.length >= side.need && side.waiting.length > 0) {
      const bytes = side.waiting.whole();
      const decoded = side.codec.decode(bytes, contextOf(dir, side));
      if (decoded.status === 'incomplete') {
        side.cost += bytes.length;
        side.need = Math.max(decoded.need, bytes.length + 1);
        if (bytes.length > DISSECTION_LIMITS.message || side.cost > DISSECTION_LIMITS.reread) this.#data(dir, side, bytes.length, out);
        return;
      }
      side.cost = 0;
      side.need = 1;
      if (decoded.status === 'malformed') {
        if (decoded.at === 0) this.#data(dir, side, bytes.length, out);
        else this.#message(dir, side, bytes.length, out);
        return;
      }
      const length = Math.max(1, decoded.payload.start);
      const { codec } = side;
      this.#message(dir, side, length, out, decoded.value);
      if (this.manner.ends?.(dir, decoded.value) === true) return this.#over(out);
      side.codec = claimed(decoded.next) ?? codec;
      side.inside = decoded.inside;
    }
  }

  /** What was not read yet is the next protocol's. */
  #over(out: Outcome): void {
    const startOf = (dir: StreamDir): number => (this.#sides[dir].waiting.length > 0 ? this.#sides[dir].waiting.at : this.level.next[dir]);
    const starts = { up: startOf('up'), down: startOf('down') };
    const next = this.manner.next?.(starts);
    if (next === undefined) return;
    const rest = (['up', 'down'] as const).map((dir) => ({ dir, at: starts[dir], bytes: this.#sides[dir].waiting.clear() }));
    this.level.replace(next);
    for (const { dir, at, bytes } of rest) if (bytes.length > 0) next.push(dir, bytes, at, out);
  }

  #message(dir: StreamDir, side: Side, length: number, out: Outcome, value: unknown = null): void {
    const { codec } = side;
    const at = side.waiting.at;
    const bytes = side.waiting.whole().subarray(0, length);
    const known = contextOf(dir, side);
    side.waiting.drop(length);
    const { within, ...part } = (value === null ? undefined : this.manner.part?.(dir, value, out)) ?? { role: null, links: null };
    this.level.tell(out, dir, at, bytes, codec.protocol, (base, room) => {
      const context: Context = { ...known, room };
      const tree = codec.fields(bytes, context, base);
      return [messageLayer({ protocol: codec.protocol, title: codec.title, tree: within?.(tree) ?? tree, status: codec.decode(bytes, context) }, base, length)];
    }, part);
  }

  #data(dir: StreamDir, side: Side, length: number, out: Outcome): void {
    const at = side.waiting.at;
    const bytes = side.waiting.whole().subarray(0, length);
    side.waiting.drop(length);
    side.cost = 0;
    side.need = 1;
    this.manner.lost?.(dir);
    tellData(this.level, out, dir, at, bytes);
  }

  /** It will never be whole: shown as far as it goes. */
  #unfinished(dir: StreamDir, out: Outcome): void {
    const side = this.#sides[dir];
    if (side.waiting.length > 0) this.#message(dir, side, side.waiting.length, out);
    side.need = 1;
    side.cost = 0;
  }
}

const contextOf = (dir: StreamDir, { inside: { mode } }: Side): Context => ({ transport: 'tcp', dir, ...(mode === undefined ? {} : { mode }) });

/** Bytes that nobody reads. */
export function tellData(level: StreamLevel, out: Outcome, dir: StreamDir, at: number, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  level.tell(out, dir, at, bytes, data.protocol, (base) => [messageLayer({ protocol: data.protocol, title: data.title, tree: data.fields(bytes, {}, base), status: data.decode(bytes, {}) }, base, bytes.length)]);
}

/** A stream of which nothing is known: each piece is data. */
export class DataReader implements StreamReader {
  constructor(private readonly level: StreamLevel) {}

  push(dir: StreamDir, bytes: Uint8Array, at: number, out: Outcome): void {
    tellData(this.level, out, dir, at, bytes.slice());
  }

  gap(): void {
    // Nothing waits.
  }

  end(): void {
    // Nothing waits.
  }
}
