// Facts of a program's process, as its own recorder wrote them, into the trace of the run: its sockets get ids of the run, its strings those
// of the run's dictionary, its role is the role that the engine gave it. Remembers what it has open, for the kernel closes that when it dies.

import { sockId, type RoleIx, type SockId } from '../../../shared/base/brand';
import { batchColumns, type Batch, type Columns } from '../../../shared/trace/columns';
import { KIND_CODE, type SelectSets } from '../../../shared/trace/event';
import type { MergeSource } from '../../capture/merge';
import type { Recorder } from '../../capture/recorder';

const K = KIND_CODE;

/** What programs tell of: their calls, and what they say. Runs, hosts and roles are the engine's. */
const isOfProgram = (kind: number): boolean => kind >= K['socket.opened'] || kind === K['role.printed'] || kind === K['role.noted'];

/** A thread or process that writes: its dictionary, and the order of its facts. */
interface Writer {
  readonly source: MergeSource;
  readonly strings: string[];
}

export class ForeignFacts {
  private readonly writers = new Map<number, Writer>();
  private readonly ids = new Map<number, SockId>();
  private readonly open = new Set<SockId>();
  private readonly source: MergeSource;
  private left = false;

  constructor(private readonly recorder: Recorder, private readonly role: RoleIx) {
    this.source = recorder.join();
  }

  /** Records a batch of a writer. */
  take(writer: number, batch: Batch): void {
    let from = this.writers.get(writer);
    if (from === undefined) this.writers.set(writer, (from = { source: writer === 0 ? this.source : this.recorder.source(), strings: [''] }));
    from.strings.push(...batch.dict);
    // On a buffer of their own: columns must begin where their numbers can be read.
    const columns = batchColumns({ ...batch, columns: new Uint8Array(batch.columns) });
    for (let row = 0; row < batch.count; row++) if (isOfProgram(columns.kind[row] ?? 0)) this.row(from, batch, columns, row);
  }

  /** A writer that tells no more. */
  forget(writer: number): void {
    this.writers.delete(writer);
  }

  /** The process is dead since `t`: the kernel closed what it had open. Then nothing more comes. */
  dead(t: number): void {
    if (this.left) return;
    this.left = true;
    for (const sock of this.open) this.recorder.foreign(this.source, { t, kind: K['socket.closed'], role: this.role, sock, a: 0, b: 0, err: '', local: 0, remote: 0, offset: 0, size: 0, bytes: null, text: '' });
    this.open.clear();
  }

  /** After dead(), once the engine has said how the role ended. */
  leave(): void {
    this.recorder.leave(this.source);
  }

  private row({ source, strings }: Writer, batch: Batch, columns: Columns, row: number): void {
    const at = (column: { readonly [index: number]: number }): number => column[row] ?? 0;
    const kind = at(columns.kind);
    const text = strings[at(columns.text)] ?? '';
    const err = strings[at(columns.err)] ?? '';
    const sock = this.idOf(at(columns.sock));
    // A process that died may have told of its end already.
    if (kind === K['socket.closed'] && !this.open.delete(sock)) return;
    const isAccepted = kind === K['connection.accepted'];
    const a = isAccepted ? this.idOf(at(columns.a)) : at(columns.a);
    const isSelect = kind === K['select.started'] || kind === K['select.returned'];
    const kept = at(columns.kept);
    if (isAccepted) this.open.add(sockId(a));
    else if (kind === K['socket.opened'] && err === '') this.open.add(sock);
    this.recorder.foreign(source, {
      t: at(columns.t), kind, role: this.role, sock, a, b: at(columns.b), err,
      local: this.index(strings, at(columns.local)), remote: this.index(strings, at(columns.remote)),
      offset: at(columns.offset), size: at(columns.size),
      bytes: kept === 0 ? null : batch.payload.subarray(at(columns.pay), at(columns.pay) + kept),
      text: isSelect ? this.renamed(text) : text,
    });
  }

  private idOf(given: number): SockId {
    if (given === 0) return sockId(0);
    let id = this.ids.get(given);
    if (id === undefined) this.ids.set(given, (id = this.recorder.newSocket()));
    return id;
  }

  private index(strings: readonly string[], given: number): number {
    return given === 0 ? 0 : this.recorder.index(strings[given] ?? '');
  }

  private renamed(text: string): string {
    const given = JSON.parse(text) as SelectSets;
    const ids = (all: readonly number[]): readonly number[] => all.map((one) => this.idOf(one));
    return JSON.stringify({ read: ids(given.read), write: ids(given.write) });
  }
}
