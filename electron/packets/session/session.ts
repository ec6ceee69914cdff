// An open capture file: reads and indexes it, keeps one view of it, and answers what is asked meanwhile. Runs in a worker of its own; all long work
// goes in slices. What is wrong with the file is a state, what is wrong with a question is its answer's error.

import { KeyLog } from '../../../shared/codec/tls/decrypt/keyLog';
import type { CaptureAnswers, CaptureQuestion } from '../../../shared/ipc/captureContract';
import type { ReportedError } from '../../../shared/ipc/contract';
import type { CaptureFacts } from '../../../shared/packets/captureFacts';
import { decodable, decodeAsOf, type DecodeChoice } from '../../../shared/packets/decodeAs';
import { CaptureExchanges } from '../../../shared/packets/exchanges/captureExchanges';
import { AddressNames } from '../../../shared/packets/names/addressNames';
import type { PacketBytes } from '../../../shared/packets/dissector';
import { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import { MOST_STAGED, type CaptureSummary, type PacketRow, type ShownPacket, type StagedRun, type ViewRequest, type ViewState } from '../../../shared/packets/session';
import type { PacketTaken } from '../../../shared/trace/packetsStory/packetsStory';
import { EngineError, reportError } from '../../runtime/engineError';
import { PacketFile } from '../packetFile';
import type { StageQuestion } from '../sessionMessages';
import { Asking } from './asking';
import { Breath, Superseded } from './breath';
import { analyse, readInto } from './fillColumns';
import { followFlow } from './followFlow';
import { FlowParts } from './flowParts';
import { findRow } from './findRows';
import { Lane } from './lane';
import { listExchanges } from './listExchanges';
import { PacketRows } from './packetRows';
import { Readers } from './readers';
import { stageRun } from './stagedRun';
import { dissects } from './step';
import { summaryOf } from './summary';
import { slotOf, tableAnswer } from './tables';
import { View } from './view';

/** Packets that are looked through for names between two looks at the clock. */
const NAMED = 8_192;
/** ms between two states that are told. */
const TELL = 80;

export interface SessionState {
  readonly summary: CaptureSummary;
  readonly view: ViewState | null;
  readonly error: ReportedError | null;
}

export class Session {
  readonly #index = new PacketIndexer();
  readonly #abort = new AbortController();
  readonly #rows: PacketRows;
  readonly #flows: FlowParts;
  readonly #packets: PacketBytes = { bytes: (packet) => this.#bytes(packet) };
  readonly #asking = new Asking({
    index: this.#index, facts: () => this.#facts, file: () => this.#open(), ...this.#packets, analysed: () => this.#state === 'ready' || this.#state === 'cancelled', said: () => this.#decodeAs.length > 0,
  });
  readonly #readers = new Readers({
    input: () => ({ table: this.#index.table, flows: this.#index.flows, facts: this.#known(), packets: this.#packets, decodeAs: decodeAsOf(this.#decodeAs) }), growing: () => this.#state === 'reading', told: () => this.#retell(),
  });
  /** Of searches and of ladders, which go on where the one before has come to. */
  readonly #searched = this.#readers.pass(true, true);
  readonly #drawn = this.#readers.pass(true);
  readonly #parts = new Lane();
  #retold = 0;
  /** Read once, for every filter. */
  #exchanges: CaptureExchanges | null = null;
  #file: PacketFile | null = null;
  #facts: CaptureFacts | null = null;
  #read = 0;
  #state: CaptureSummary['state'] = 'reading';
  #error: ReportedError | null = null;
  #view: View | null = null;
  #views = 0;
  #decodeAs: readonly DecodeChoice[] = [];
  /** Null: addresses are shown. */
  #names: AddressNames | null = null;
  readonly #named = (address: string): string => this.#names?.of(address) ?? address;
  /** Of each sort of question the newest, which ends the one before; and questions that end by themselves. */
  readonly #turns = new Map<string | CaptureQuestion, object>();
  readonly #counts = new Lane();
  #waiting: ((more: boolean) => void)[] = [];
  #told: NodeJS.Timeout | null = null;

  /** `tell` is called with states, not too often. */
  constructor(private readonly path: string, private readonly name: string, private readonly tell: (state: SessionState) => void) {
    this.#rows = new PacketRows(this.#index, this.#readers.shown, this.#named);
    this.#flows = new FlowParts(this.#index, this.#rows, this.#named);
  }

  /** Reads the file to its end. Never rejects. */
  async run(): Promise<void> {
    try {
      this.#file = await PacketFile.open(this.path);
      this.#later();
      const facts = await readInto(this.#index, this.#file, this.#abort.signal, (read, known) => this.#progress(read, known));
      if (facts !== null) [this.#facts, this.#read] = [facts, this.#file.size];
      this.#state = 'analysing';
      this.#exchanges = null;
      // Streams are known anew: their ends, and the keys that came last.
      this.#forget();
      this.#wake(false);
      this.#now();
      await analyse(this.#index);
      this.#state = facts === null ? 'cancelled' : 'ready';
    } catch (thrown) {
      this.#fail(thrown);
    }
    this.#rows.forget();
    this.#wake(false);
    this.#now();
  }

  /** Rejects with EngineError, and Superseded for what nobody waits for any more. */
  async ask(question: CaptureQuestion | StageQuestion): Promise<CaptureAnswers[keyof CaptureAnswers] | StagedRun> {
    switch (question.name) {
      case 'show': return this.#show(question.request);
      case 'rows': return this.#list(question.view, question.from, question.count, question.columns);
      case 'rowOf': return this.#viewOf(question.view).rows.rowOf(question.packet);
      case 'packet': return this.#packet(question.number);
      case 'flowPart': {
        const { flow, from, count } = question;
        const breath = this.#turn(question);
        return this.#parts.run(() => this.#flows.part(flow, from, count, dissects(this.#drawn), breath), breath).finally(() => this.#turns.delete(question));
      }
      case 'find': {
        const { rows } = this.#viewOf(question.view);
        const dissect = dissects(this.#searched);
        const parts = { ...this.#packets, texts: (packet: number) => this.#rows.said(dissect(packet)), filter: (text: string) => this.#asking.fits(text, () => this.#searched) ?? (() => true) };
        return findRow(rows, question.request, parts, this.#turn('find'));
      }
      case 'follow': {
        const parts = { index: this.#index, keys: this.#keys(), decodeAs: decodeAsOf(this.#decodeAs), packets: this.#flows.packets(question.flow), ...this.#packets, time: (packet: number) => this.#rows.time(packet), named: this.#named };
        return followFlow(question.flow, question.layer, question.substream, parts, this.#turn('follow'));
      }
      case 'conversations': case 'endpoints': case 'hierarchy': case 'graph': case 'ioGraph': case 'count': {
        const parts = { index: this.#index, linkTypes: this.#facts?.interfaces.map(({ linkType }) => linkType) ?? [], fits: (text: string) => this.#asking.fits(text, this.#readers.pass), dissect: () => dissects(this.#readers.pass(true)), named: this.#named };
        const breath = this.#turn(slotOf(question) ?? question);
        return this.#counts.run(() => tableAnswer(question, parts, breath), breath).finally(() => this.#turns.delete(question));
      }
      case 'exchanges': {
        const reader = (this.#exchanges ??= new CaptureExchanges({ table: this.#index.table, flows: this.#index.flows, packets: this.#packets, keys: this.#keys(), decodeAs: decodeAsOf(this.#decodeAs) }));
        return listExchanges(reader, this.#asking.fits(question.filter, this.#readers.pass), this.#turn('exchanges'));
      }
      case 'stage': return stageRun(this.#taken(question.view), this.name, this.#facts?.keyLog);
      case 'names': return this.#name(question.wanted);
      case 'rules': return this.#rows.ruleBy(question.filters);
      case 'decodeAs': return this.#decode(question.choices);
      case 'cancel': {
        this.#abort.abort();
        this.#turns.clear();
        if (this.#view?.state.done === false) this.#view.stop();
        return null;
      }
      default: return question satisfies never;
    }
  }

  get state(): SessionState {
    const how = { name: this.name, state: this.#state, read: this.#read, retold: this.#retold };
    return { summary: summaryOf(how, this.#index, this.#file, this.#facts), view: this.#view?.state ?? null, error: this.#error };
  }

  async #show(request: ViewRequest): Promise<ViewState> {
    this.#view?.stop();
    const view = new View(++this.#views, request, {
      count: () => this.#index.table.count, more: () => this.#more(), filter: (text) => this.#asking.filter(text, this.#readers.pass), time: (packet) => this.#rows.time(packet),
      length: (packet) => this.#length(packet), ends: (packet) => this.#rows.ends(packet), texts: () => dissects(this.#readers.pass(true)), keys: () => this.#facts?.keyLog.length ?? 0, reading: () => this.#state === 'reading',
      tell: () => this.#later(),
    });
    this.#view = view;
    this.#now();
    return view.run();
  }

  /** Of a question that may take long. */
  #turn(sort: string | CaptureQuestion): Breath {
    const mine = {};
    this.#turns.set(sort, mine);
    return new Breath(() => this.#turns.get(sort) === mine);
  }

  #list(view: number, from: number, count: number, columns: readonly string[]): readonly PacketRow[] {
    const { rows } = this.#viewOf(view);
    const made: PacketRow[] = [];
    for (let row = from; row < Math.min(from + count, rows.count); row++) made.push(this.#rows.row(rows.at(row), columns));
    return made;
  }

  /** The first packets of a view, for the stage. */
  *#taken(view: number): Generator<PacketTaken> {
    const { rows } = this.#viewOf(view);
    for (let row = 0; row < Math.min(rows.count, MOST_STAGED); row++) {
      const packet = rows.at(row);
      const { chunk, row: at } = this.#index.table.locate(packet);
      const linkType = this.#facts?.interfaces[chunk.iface[at] ?? 0]?.linkType ?? 1;
      yield { t: this.#rows.time(packet) / 1000, linkType, bytes: this.#bytes(packet), size: this.#length(packet) };
    }
  }

  #packet(number: number): ShownPacket {
    const { chunk, row } = this.#index.table.locate(number);
    const { packet, cut } = this.#readers.chosen(number);
    // What a codec made of the bytes is for other codecs; the page shows the tree.
    return { ...packet, flow: chunk.flow[row] ?? 0, cut, layers: packet.layers.map((layer) => (layer.status.status === 'complete' ? { ...layer, status: { ...layer.status, value: null, next: [], inside: {} } } : layer)) };
  }

  /** What was told in part is known whole now. */
  #retell(): void {
    this.#retold++;
    this.#now();
  }

  /** All that was told may be told otherwise from now on. */
  #forget(): void {
    this.#readers.forget();
    this.#rows.forget();
  }

  #known(): CaptureFacts {
    if (this.#facts === null) throw new EngineError('FILE_CLOSED', 'nothing is read yet', this.name);
    return this.#facts;
  }

  /** What ports speak from now on: everything is said anew. */
  #decode(choices: readonly DecodeChoice[]): readonly DecodeChoice[] {
    this.#decodeAs = choices.filter(({ transport, protocol }) => decodable(transport).includes(protocol));
    this.#exchanges = null;
    this.#forget();
    return this.#decodeAs;
  }

  /** Shows names instead of addresses, or addresses again; gives how many names the file has. Rejects with Superseded. */
  async #name(wanted: boolean): Promise<number> {
    const breath = this.#turn('names');
    const names = wanted ? new AddressNames({ table: this.#index.table, flows: this.#index.flows, packets: this.#packets, names: this.#facts?.names ?? new Map() }, { dns: true, file: true }) : null;
    while (names !== null && !names.advance(NAMED)) if (breath.due) await breath.take();
    this.#names = names;
    this.#rows.forget();
    return names?.count ?? 0;
  }

  #keys(): KeyLog {
    const keys = new KeyLog();
    keys.add(this.#facts?.keyLog ?? '');
    return keys;
  }

  #viewOf(number: number): View {
    if (this.#view?.number !== number) throw new Superseded(`view ${number} was replaced`);
    return this.#view;
  }

  #bytes(number: number): Uint8Array {
    const { chunk, row } = this.#index.table.locate(number);
    return this.#open().bytesAt(chunk.offset[row] ?? 0, chunk.captured[row] ?? 0);
  }

  #open(): PacketFile {
    if (this.#file === null) throw new EngineError('FILE_CLOSED', 'the file is not open', this.name);
    return this.#file;
  }

  #length(packet: number): number {
    const { chunk, row } = this.#index.table.locate(packet);
    return chunk.wire[row] ?? 0;
  }

  #progress(read: number, facts: CaptureFacts): void {
    this.#read = read;
    const first = this.#facts === null;
    this.#facts = facts;
    this.#wake(true);
    // Somebody waits for the first rows.
    if (first) this.#now();
    else this.#later();
  }

  /** False once the file gives no more. */
  #more(): Promise<boolean> {
    return this.#state === 'reading' ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(false);
  }

  #wake(more: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(more);
  }

  #fail(thrown: unknown): void {
    this.#state = 'failed';
    this.#forget();
    const error = reportError(thrown, this.name);
    this.#error = { ...error, message: error.message.replaceAll(this.path, this.name), where: error.where.replaceAll(this.path, this.name) };
  }

  #later(): void {
    this.#told ??= setTimeout(() => this.#now(), TELL);
  }

  #now(): void {
    if (this.#told !== null) clearTimeout(this.#told);
    this.#told = null;
    this.tell(this.state);
  }
}
