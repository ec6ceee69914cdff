// The values of asked fields of packet after packet, as `tshark -T fields` prints them, each packet by the cheapest way that tells: headers where they
// stand, the protocols that its stream speaks, and a dissection of no more than is asked for. Made for one list of fields; the texts are the same by each way.

import type { CaptureFacts } from '../captureFacts';
import { askedFields } from '../dissection/askedFields';
import { PacketFields } from '../dissection/packetFields';
import type { AskedFields, PacketDissector } from '../dissector';
import type { FlowTable } from '../flows/flowTable';
import { KIND } from '../index/linkHeader';
import type { PacketWindow } from '../matching/packetWindow';
import { speakersOf } from '../matching/spokenVerdict';
import type { PacketTable } from '../packetTable';
import { PlainPacket } from './plainPacket';
import { PlainTexts, type PlainText } from './plainTexts';

export interface FieldLinesInput {
  readonly table: PacketTable;
  readonly flows: FlowTable;
  readonly facts: Pick<CaptureFacts, 'interfaces' | 'format'>;
  readonly window: PacketWindow;
  readonly dissector: PacketDissector;
}

/** What is asked of a dissection: these fields, and whether the frame's are among them. */
interface Asked {
  readonly wanted: ReadonlySet<string>;
  readonly frame: boolean;
  readonly asked: AskedFields | undefined;
}

export class FieldLines {
  readonly #packet: PlainPacket;
  readonly #texts: PlainTexts;
  /** By place in the list; null: a dissection tells. */
  readonly #plain: readonly (readonly PlainText[] | null)[];
  /** What the headers of a plain packet do not tell, and all. */
  readonly #rest: Asked;
  readonly #all: Asked;
  /** The protocols whose messages have what is left; null: not theirs alone. */
  readonly #speakers: ReadonlySet<string> | null;

  constructor(private readonly names: readonly string[], private readonly input: FieldLinesInput) {
    this.#packet = new PlainPacket(input.table, input.facts, input.window);
    this.#texts = new PlainTexts(input, this.#packet);
    this.#plain = names.map((name) => this.#texts.of(name));
    const rest = names.filter((_, i) => this.#plain[i] === null);
    this.#rest = askedOf(rest);
    this.#all = askedOf(names);
    const speakers = rest.map(speakersOf);
    this.#speakers = speakers.includes(null) ? null : new Set(speakers.flatMap((one) => one ?? []));
  }

  /** The packet's line has been shown: frame.time_delta_displayed counts from it. */
  displayed(number: number): void {
    this.#texts.displayed(number);
  }

  /** The values of each field. Throws what reading a file throws. */
  texts(number: number): readonly (readonly string[])[] {
    const plain = this.#packet.place(number) ? this.#plainly(number) : null;
    if (plain !== null) return plain;
    const fields = fieldsOf(this.input.dissector, number, this.#all);
    return this.names.map((name) => fields.texts(name));
  }

  /** Null: only a dissection of all tells. */
  #plainly(number: number): readonly (readonly string[])[] | null {
    const found: (readonly string[])[] = [];
    for (const parts of this.#plain) {
      const values: string[] = [];
      for (const part of parts ?? NONE) {
        const text = part();
        if (text === undefined) return null;
        if (text !== null) values.push(text);
      }
      found.push(values);
    }
    if (this.#rest.wanted.size === 0 || !this.#mayTell(number)) return found;
    const fields = fieldsOf(this.input.dissector, number, this.#rest);
    return found.map((values, i) => (this.#plain[i] === null ? fields.texts(this.names[i] ?? '') : values));
  }

  /** False: nothing that the packet carries has one of the fields that are left. */
  #mayTell(number: number): boolean {
    if (this.#packet.kind !== KIND.tcp || this.#speakers === null) return true;
    const spoken = this.input.dissector.speaks(number);
    return spoken === null || spoken.some((protocol) => this.#speakers?.has(protocol) === true);
  }
}

const NONE: readonly PlainText[] = [];

const askedOf = (names: readonly string[]): Asked => ({ wanted: new Set(names), frame: names.some((name) => name.startsWith('frame') || name.startsWith('_ws')), asked: askedFields(names) });

function fieldsOf(dissector: PacketDissector, number: number, { wanted, frame, asked }: Asked): PacketFields {
  return new PacketFields(dissector.layers(number, frame, asked), wanted);
}
