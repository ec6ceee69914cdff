// How an open capture is asked by filters: what its packets' columns, the pieces of its file and its streams have to do with it. One for each session,
// and for each command; what was found out of its connections serves every filter.

import type { CaptureFacts } from '../../../shared/packets/captureFacts';
import type { Filter } from '../../../shared/filter/filter';
import { filterFields } from '../../../shared/filter/parse';
import { asksAnswers, asksLater } from '../../../shared/packets/dissection/askedFields';
import type { PacketDissector } from '../../../shared/packets/dissector';
import type { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import type { CaptureColumns } from '../../../shared/packets/matching/captureColumns';
import { DatagramTalks } from '../../../shared/packets/matching/datagramTalks';
import { FlowTalks } from '../../../shared/packets/matching/flowTalks';
import { EngineError } from '../../runtime/engineError';
import { FileWindow } from '../fileWindow';
import type { PacketFile } from '../packetFile';
import type { Pass } from './readers';
import { preparedBy, type Step } from './step';
import { filterAsked, filterTest, type FilterInput, type FilterMade, type FilterTest, type Layers, type Prepare } from './viewFilter';

export interface AskingParts {
  readonly index: PacketIndexer;
  /** Null: nothing is read yet. */
  facts(): CaptureFacts | null;
  /** Throws FILE_CLOSED. */
  file(): PacketFile;
  bytes(packet: number): Uint8Array;
  /** TCP was analysed to the end. */
  analysed(): boolean;
  /** Somebody said what ports speak: their bytes need not tell. */
  said(): boolean;
}

export class Asking {
  readonly #window: FileWindow;
  readonly #talks: FlowTalks;
  /** Where somebody said what ports speak. */
  readonly #said: FlowTalks;
  readonly #datagrams: DatagramTalks;

  constructor(private readonly parts: AskingParts) {
    const { table, flows } = parts.index;
    const file = (): PacketFile => parts.file();
    this.#window = new FileWindow(file, table);
    this.#talks = new FlowTalks(table, flows, new FileWindow(file, table));
    this.#said = new FlowTalks(table, flows, this.#window, false);
    this.#datagrams = new DatagramTalks(table, flows, this.#window);
  }

  /** `pass`: packets are asked in rising order, by one dissector that nobody else asks. */
  filter(text: string, pass: Pass): FilterTest {
    return filterTest(text, (filter) => this.asked(filter, pass));
  }

  /** Of a filter that was read. */
  asked(filter: Filter, pass: Pass): FilterMade {
    const names = filterFields(filter);
    return filterAsked(filter, ...this.#means(pass(asksLater(names), asksAnswers(names))));
  }

  /** Null: it is empty. Throws FILTER_WRONG. */
  fits(text: string, pass: Pass): Step<boolean> | null {
    const made = this.filter(text, pass);
    if ('error' in made) throw new EngineError('FILTER_WRONG', made.error.message, text);
    return made.asked?.fits ?? null;
  }

  #means(dissector: () => PacketDissector): [CaptureColumns, Layers, FilterInput | null, Prepare] {
    const { parts } = this;
    const { table, flows } = parts.index;
    const facts = parts.facts();
    const input = facts === null ? null : { table, flows, facts, packets: { bytes: (packet: number) => parts.bytes(packet) }, window: this.#window, speaks: (packet: number) => (parts.said() ? null : this.#datagrams.speaks(packet)) ?? dissector().speaks(packet) };
    return [{ table, flows, analysed: () => parts.analysed(), talks: parts.said() ? this.#said : this.#talks }, (packet, frame, asked) => dissector().layers(packet, frame, asked), input, preparedBy(dissector)];
  }
}
