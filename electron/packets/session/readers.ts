// Who dissects the packets of an open capture. What somebody waits for takes the time of one packet: where too many come before it in its flow, it is told
// from the last of these, and from all of them as soon as they are read; so is a request whose answer is far ahead. Who goes through many packets reads
// whole flows, with a state of its own.

import { createDissector, type DissectorInput } from '../../../shared/packets/dissection/dissector';
import { DISSECTION_LIMITS } from '../../../shared/packets/dissection/limits';
import type { DissectedPacket, PacketDissector } from '../../../shared/packets/dissector';
import { CODINGS } from '../contentCoding';
import { Breath } from './breath';
import { preparedBy } from './step';

/** Packets that may wait to be read whole: more than are on screen. */
const MOST_WAITING = 256;

/** A dissector for one pass over packets in rising order. `later`: what later packets tell of earlier ones is asked for too; `far`: also where requests are answered, however much later. */
export type Pass = (later: boolean, far?: boolean) => () => PacketDissector;

export interface ReaderParts {
  /** Throws FILE_CLOSED. */
  input(): Omit<DissectorInput, 'lookAhead' | 'wholeFlows' | 'farAnswers'>;
  /** There may be more packets, and later ones are not asked yet. */
  growing(): boolean;
  /** Packets that were told in part are known whole now. */
  told(): void;
}

export interface Shown {
  readonly packet: DissectedPacket;
  /** Only the last packets of its flow before it were read yet. */
  readonly cut: boolean;
  /** More of it will be known: it is cut, or answered further ahead than was read. */
  readonly early: boolean;
}

interface Waiting {
  readonly packet: number;
  make(this: void, packet: DissectedPacket): void;
}

export class Readers {
  #whole: PacketDissector | null = null;
  #near: PacketDissector | null = null;
  /** Another one as soon as what is known of the file has changed. */
  #known = {};
  /** The packet that was chosen last and told in part, whole. */
  #chosen: DissectedPacket | null = null;
  /** What is made of packets once they are known whole. */
  readonly #waiting = new Map<string, Waiting>();
  #isReading = false;

  constructor(private readonly parts: ReaderParts) {}

  /** What was read may mean something else from now on. */
  forget(): void {
    this.#known = {};
    this.#whole = this.#near = this.#chosen = null;
    this.#waiting.clear();
  }

  /** As shown, of the packet that somebody chose. */
  chosen(number: number): Shown {
    if (this.#chosen?.number === number) return { packet: this.#chosen, cut: false, early: false };
    return this.shown(number, 'chosen', (whole) => void (this.#chosen = whole));
  }

  /** A packet at once. Of one that is told early, `make` is called when it is known whole, unless the same `name` has come to stand for another. */
  readonly shown = (number: number, name: string, make: Waiting['make']): Shown => {
    const whole = this.#whole ??= this.#made(true, true, true);
    const most = DISSECTION_LIMITS.replayPackets;
    if (whole.before(number, most + 1) <= most) {
      const early = !whole.prepare(number, most + 1);
      if (early) this.#wait(number, name, make);
      return { packet: whole.dissect(number), cut: false, early };
    }
    this.#near ??= this.#made(true, false);
    this.#wait(number, name, make);
    return { packet: this.#near.dissect(number), cut: true, early: true };
  };

  readonly pass: Pass = (later, far) => {
    let made: PacketDissector | null = null;
    let known = this.#known;
    return () => {
      if (known !== this.#known) made = null;
      known = this.#known;
      return (made ??= this.#made(later, true, far));
    };
  };

  #made(later: boolean, wholeFlows: boolean, far = false): PacketDissector {
    return createDissector({ ...this.parts.input(), codings: CODINGS, lookAhead: later && !this.parts.growing(), wholeFlows, ...(far && { farAnswers: 'prepared' as const }) });
  }

  #wait(packet: number, name: string, make: Waiting['make']): void {
    this.#waiting.delete(name);
    this.#waiting.set(name, { packet, make });
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined && this.#waiting.size > MOST_WAITING) this.#waiting.delete(oldest);
    if (this.#isReading) return;
    this.#isReading = true;
    void this.#read();
  }

  /** One after another, in the order of the file: each flow is read once for all of them. */
  async #read(): Promise<void> {
    const breath = new Breath(() => true);
    const prepared = preparedBy(() => (this.#whole ??= this.#made(true, true, true)));
    try {
      // Who waits for what can be told at once goes first.
      await breath.take();
      for (;;) {
        const first = this.#first();
        if (first === null) break;
        const [name, { packet, make }] = first;
        if (prepared(packet)) {
          this.#waiting.delete(name);
          if (this.#whole !== null) make(this.#whole.dissect(packet));
        }
        if (breath.due) await breath.take();
      }
      this.parts.told();
    } catch {
      // The file cannot be read any more, which who asks for a packet hears.
      this.#waiting.clear();
    }
    this.#isReading = false;
  }

  #first(): [string, Waiting] | null {
    let first: [string, Waiting] | null = null;
    for (const one of this.#waiting) if (first === null || one[1].packet < first[1].packet) first = one;
    return first;
  }
}
