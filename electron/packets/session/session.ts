// An open capture file: reads and indexes it, keeps one view of it, and answers what is asked meanwhile. Runs in a worker of its own; all long work
// goes in slices. What is wrong with the file is a state, what is wrong with a question is its answer's error.

import { walkFields } from '../../../shared/codec/field';
import { KeyLog } from '../../../shared/codec/tls/decrypt/keyLog';
import type { CaptureAnswers, CaptureQuestion } from '../../../shared/ipc/captureContract';
import type { ReportedError } from '../../../shared/ipc/contract';
import type { CaptureFacts } from '../../../shared/packets/captureFacts';
import { createDissector } from '../../../shared/packets/dissection/dissector';
import { decodable, decodeAsOf, type DecodeChoice } from '../../../shared/packets/decodeAs';
import { CaptureExchanges } from '../../../shared/packets/exchanges/captureExchanges';
import { AddressNames } from '../../../shared/packets/names/addressNames';
import type { PacketBytes, PacketDissector } from '../../../shared/packets/dissector';
import { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import { MOST_STAGED, type CaptureSummary, type PacketRow, type ShownPacket, type StagedRun, type ViewRequest, type ViewState } from '../../../shared/packets/session';
import type { PacketTaken } from '../../../shared/trace/packetsStory/packetsStory';
import { RUN_BLOCK, RUN_MAGIC } from '../../../shared/trace/runFile/format';
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
import { stageRun } from './stagedRun';
import { slotOf, tableAnswer, type TableQuestion } from './tables';
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
    index: this.#index, facts: () => this.#facts, file: () => this.#open(), ...this.#packets, dissector: () => this.#dissect(), analysed: () => this.#state === 'ready' || this.#state === 'cancelled', said: () => this.#decodeAs.length > 0,
  });
  #dissector: PacketDissector | null = null;
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
  readonly #turns = new Map<string | TableQuestion, object>();
  readonly #counts = new Lane();
  #waiting: ((more: boolean) => void)[] = [];
  #told: NodeJS.Timeout | null = null;

  /** `tell` is called with states, not too often. */
  constructor(private readonly path: string, private readonly name: string, private readonly tell: (state: SessionState) => void) {
    this.#rows = new PacketRows(this.#index, () => this.#dissect(), this.#named);
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
      this.#wake(false);
      this.#now();
      await analyse(this.#index);
      this.#state = facts === null ? 'cancelled' : 'ready';
    } catch (thrown) {
      this.#fail(thrown);
    }
    this.#dissector = null;
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
      case 'flowPart': return this.#flows.part(question.flow, question.from, question.count);
      case 'find': {
        const { rows } = this.#viewOf(question.view);
        const parts = { ...this.#packets, texts: (packet: number) => this.#said(packet), filter: (text: string) => this.#asking.test(text) ?? (() => true) };
        return findRow(rows, question.request, parts, this.#turn('find'));
      }
      case 'follow': {
        const parts = { index: this.#index, keys: this.#keys(), decodeAs: decodeAsOf(this.#decodeAs), packets: this.#flows.packets(question.flow), ...this.#packets, time: (packet: number) => this.#rows.time(packet), named: this.#named };
        return followFlow(question.flow, question.layer, question.substream, parts, this.#turn('follow'));
      }
      case 'conversations': case 'endpoints': case 'hierarchy': case 'graph': case 'ioGraph': {
        const parts = { index: this.#index, linkTypes: this.#facts?.interfaces.map(({ linkType }) => linkType) ?? [], test: (text: string) => this.#asking.test(text), dissect: (packet: number) => this.#dissect().dissect(packet), named: this.#named };
        const breath = this.#turn(slotOf(question) ?? question);
        return this.#counts.run(() => tableAnswer(question, parts, breath), breath).finally(() => this.#turns.delete(question));
      }
      case 'exchanges': {
        const reader = (this.#exchanges ??= new CaptureExchanges({ table: this.#index.table, flows: this.#index.flows, packets: this.#packets, keys: this.#keys(), decodeAs: decodeAsOf(this.#decodeAs) }));
        return listExchanges(reader, this.#asking.test(question.filter), this.#turn('exchanges'));
      }
      case 'stage': return stageRun(this.#taken(question.view), this.name, this.#facts?.keyLog);
      case 'names': return this.#name(question.wanted);
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
    const { span } = this.#index;
    const facts = this.#facts;
    return {
      summary: {
        name: this.name, size: this.#file?.size ?? 0, read: this.#read, state: this.#state, format: facts?.format ?? 'pcapng', gzip: this.#file?.gzip ?? false, packets: this.#index.table.count,
        flows: this.#index.flows.count, bytes: this.#index.bytes, first: span?.first ?? null, last: span?.last ?? null, interfaces: facts?.interfaces ?? [], comments: facts?.comments ?? [],
        application: facts?.application ?? '', damage: facts?.damage ?? null, keys: (facts?.keyLog ?? '') !== '',
        run: facts?.custom.some(({ pen, data }) => pen === RUN_BLOCK.pen && RUN_MAGIC.every((byte, at) => data[at] === byte)) ?? false,
      },
      view: this.#view?.state ?? null,
      error: this.#error,
    };
  }

  async #show(request: ViewRequest): Promise<ViewState> {
    this.#view?.stop();
    const view = new View(++this.#views, request, {
      count: () => this.#index.table.count, more: () => this.#more(), filter: (text) => this.#asking.filter(text), time: (packet) => this.#rows.time(packet),
      length: (packet) => this.#length(packet), ends: (packet) => this.#rows.ends(packet), texts: (packet) => this.#rows.row(packet, []), tell: () => this.#later(),
    });
    this.#view = view;
    this.#now();
    return view.run();
  }

  /** Of a question that may take long. */
  #turn(sort: string | TableQuestion): Breath {
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
    const packet = this.#dissect().dissect(number);
    // What a codec made of the bytes is for other codecs; the page shows the tree.
    return { ...packet, flow: chunk.flow[row] ?? 0, layers: packet.layers.map((layer) => (layer.status.status === 'complete' ? { ...layer, status: { ...layer.status, value: null, next: [], inside: {} } } : layer)) };
  }

  /** Streams are known anew once the whole file is: their ends, and the keys that came last. */
  #dissect(): PacketDissector {
    if (this.#facts === null) throw new EngineError('FILE_CLOSED', 'nothing is read yet', this.name);
    return (this.#dissector ??= createDissector({ table: this.#index.table, flows: this.#index.flows, facts: this.#facts, packets: this.#packets, lookAhead: this.#state !== 'reading', decodeAs: decodeAsOf(this.#decodeAs) }));
  }

  /** What ports speak from now on: everything is said anew. */
  #decode(choices: readonly DecodeChoice[]): readonly DecodeChoice[] {
    this.#decodeAs = choices.filter(({ transport, protocol }) => decodable(transport).includes(protocol));
    this.#dissector = null;
    this.#exchanges = null;
    this.#rows.forget();
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

  /** The line of a packet and what each of its fields says, by one dissection. */
  *#said(number: number): Generator<string> {
    const packet = this.#dissect().dissect(number);
    yield lineOf(this.#rows.row(number, [], packet));
    for (const { tree } of packet.layers) for (const { node } of walkFields(tree)) yield node.display;
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

const lineOf = ({ protocol, source, destination, info }: PacketRow): string => `${source} ${destination} ${protocol} ${info}`;
