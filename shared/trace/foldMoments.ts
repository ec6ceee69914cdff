// The order of the picture: facts in the order in which they were recorded, with what is inferred put between them.
// Facts only append; what is inferred later about an earlier instant is inserted, so indices near the end may shift.

import type { FaultKind } from '../lab/faults';
import { connId, micros } from '../base/brand';
import { F64List, I32List, U32List, lowerBound, upperBound, type NumberList } from '../base/lists';
import { CALL_ITEMS, type CallTable } from './foldCalls';
import type { Conn } from './foldConnections';
import type { SegmentTable } from './foldSegments';
import { KIND_CODE } from './event';
import type { TraceStore } from './store';
import type { Moment, Table } from './story';

export class MomentTable implements Table<Moment> {
  /** Facts that are steps of the picture, their times (never falling), the segments that they send, their connections. */
  private readonly steps = new U32List();
  private readonly times = new F64List();
  private readonly sends = new I32List();
  private readonly conns = new U32List();
  /** Items that are inferred: segments and calls (foldCalls.ts); `anchor` is the number of steps before it. */
  private readonly anchor = new U32List();
  private readonly inferredTime = new F64List();
  private readonly inferred = new U32List();

  /** What inferredBefore answered last. */
  private near = 0;

  /** First index that changed since takeChanged() was called. */
  private changed = 0;

  constructor(private readonly trace: TraceStore, private readonly segments: SegmentTable, private readonly calls: CallTable) {}

  /** The first moment that is new or has moved since the last call. */
  takeChanged(): number {
    const changed = this.changed;
    this.changed = this.count;
    return changed;
  }

  get count(): number {
    return this.steps.length + this.inferred.length;
  }

  /** Appends the fact `seq`. */
  push(seq: number, t: number, conn: Conn | null): void {
    this.steps.push(seq);
    this.times.push(t);
    this.sends.push(-1);
    this.conns.push(conn === null ? 0 : conn.id);
    if (conn !== null) conn.codes.push(seq);
  }

  /** The fact pushed last sends this segment. */
  sendsSegment(segment: number): void {
    this.sends.set(this.sends.length - 1, segment);
  }

  /** True while the step of fact `seq` sends this segment. */
  isSentBy(seq: number, segment: number): boolean {
    const rank = this.rank(seq);
    return rank < this.steps.length && this.steps.at(rank) === seq && this.sends.at(rank) === segment;
  }

  /** Fact `seq` sends nothing by itself after all: its bytes leave later. */
  unsend(seq: number): void {
    const rank = this.rank(seq);
    if (rank >= this.steps.length || this.steps.at(rank) !== seq) return;
    this.sends.set(rank, -1);
    this.changed = Math.min(this.changed, this.momentOfFact(seq));
  }

  /** More is known of what a moment shows. */
  touch(index: number): void {
    if (index >= 0) this.changed = Math.min(this.changed, index);
  }

  /** Takes the moment of a segment out of the picture, if it has one of its own. */
  withdraw(segment: number, conn: Conn | null): void {
    const anchor = this.segments.anchorOf(segment);
    const index = anchor < 0 ? -1 : this.momentOfItem(segment, anchor);
    if (index < 0) return;
    if (conn !== null) {
      for (let place = conn.codes.length - 1; place >= 0; place--) {
        if (conn.codes.at(place) !== ~segment) continue;
        conn.codes.remove(place);
        break;
      }
    }
    const place = index - anchor;
    this.anchor.remove(place);
    this.inferredTime.remove(place);
    this.inferred.remove(place);
    this.segments.setAnchor(segment, -1);
    this.changed = Math.min(this.changed, index);
  }

  /** Number of steps before fact `seq`. */
  rank(seq: number): number {
    const last = this.steps.length - 1;
    if (last >= 0 && this.steps.at(last) === seq) return last;
    return lowerBound(this.steps, seq);
  }

  /** Time of a step, never falling. */
  timeOfRank(rank: number): number {
    return this.times.at(rank);
  }

  get stepCount(): number {
    return this.steps.length;
  }

  /** Puts an inferred segment after `anchor` steps, in order of its time among those of the same place. */
  insert(segment: number, anchor: number, t: number, conn: Conn | null): void {
    this.segments.setAnchor(segment, anchor);
    this.insertItem(segment, anchor, t, conn);
  }

  /** The same for an inferred call. */
  insertCall(call: number, anchor: number, t: number, conn: Conn | null): void {
    this.calls.setAnchor(call, anchor);
    this.insertItem(CALL_ITEMS + call, anchor, t, conn);
  }

  private insertItem(item: number, anchor: number, t: number, conn: Conn | null): void {
    let place = upperBound(this.anchor, anchor);
    while (place > 0 && this.anchor.at(place - 1) === anchor && this.inferredTime.at(place - 1) > t) place--;
    this.anchor.insert(place, anchor);
    this.inferredTime.insert(place, t);
    this.inferred.insert(place, item);
    this.changed = Math.min(this.changed, anchor + place);
    if (conn !== null) this.insertCode(conn, ~item);
  }

  /** Makes a fact that was recorded before its connection was known a moment of it. */
  adopt(seq: number, conn: Conn): void {
    const rank = this.rank(seq);
    if (rank >= this.steps.length || this.steps.at(rank) !== seq || this.conns.at(rank) !== 0) return;
    this.conns.set(rank, conn.id);
    this.insertCode(conn, seq);
  }

  /** The same for an inferred call. */
  adoptCall(call: number, conn: Conn): void {
    this.insertCode(conn, ~(CALL_ITEMS + call));
  }

  at(index: number): Moment {
    const before = this.inferredBefore(index);
    if (this.isInferred(index, before)) {
      const id = this.inferred.at(before);
      if (id >= CALL_ITEMS) return this.callMoment(index, id - CALL_ITEMS);
      const segment = this.segments.at(id);
      return {
        index, t: micros(this.momentTime(index)), seq: null, segment: id, call: null, role: null, sock: null, conn: segment.conn,
        evidence: segment.provenance.evidence === 'model' ? 'inferred' : segment.provenance.evidence, trouble: segment.kind === 'rst' || segment.kind === 'unreachable' || segment.special === 'retransmission',
      };
    }
    const rank = index - before;
    const fact = this.trace.at(this.steps.at(rank));
    const conn = this.conns.at(rank);
    const sends = this.sends.at(rank);
    return {
      index, t: micros(this.times.at(rank)), seq: fact.seq, segment: sends < 0 ? null : sends, call: null,
      role: fact.role === 0 ? null : fact.role, sock: fact.sock === 0 ? null : fact.sock, conn: conn === 0 ? null : connId(conn),
      evidence: fact.evidence, trouble: fact.err !== '' || endsBadly(fact.kind, fact.text),
    };
  }

  /** The segment of data that the fact of a moment sent, and nothing else about it; -1: its segment was captured or inferred, or is none of data; -2: it has none. */
  dataAt(index: number): number {
    const before = this.inferredBefore(index);
    if (this.isInferred(index, before)) return this.inferred.at(before) >= CALL_ITEMS ? -2 : -1;
    const id = this.sends.at(index - before);
    const { segments } = this;
    if (id < 0) return -2;
    if (segments.kindOf(id) !== 'data' || segments.packetOf(id) >= 0 || segments.withinOf(id) >= 0 || segments.anchorOf(id) >= 0 || segments.ruleOf(id) !== null) return -1;
    return segments.sentSeqOf(id) === this.steps.at(index - before) ? id : -1;
  }

  private callMoment(index: number, id: number): Moment {
    const { role, sock, conn } = this.calls.at(id);
    return { index, t: micros(this.momentTime(index)), seq: null, segment: null, call: id, role, sock, conn, evidence: 'inferred', trouble: false };
  }

  /** Time of a moment; an inferred one stays between its neighbours. */
  momentTime(index: number): number {
    const before = this.inferredBefore(index);
    if (!this.isInferred(index, before)) return this.times.at(index - before);
    const anchor = this.anchor.at(before);
    const low = anchor === 0 ? 0 : this.times.at(anchor - 1);
    const high = anchor < this.times.length ? this.times.at(anchor) : Number.POSITIVE_INFINITY;
    return Math.min(Math.max(this.inferredTime.at(before), low), high);
  }

  momentOfFact(seq: number): number {
    const rank = lowerBound(this.steps, seq);
    if (rank >= this.steps.length || this.steps.at(rank) !== seq) return -1;
    return rank + upperBound(this.anchor, rank);
  }

  momentOfSegment(id: number): number {
    if (id < 0 || id >= this.segments.count) return -1;
    const anchor = this.segments.anchorOf(id);
    if (anchor >= 0) return this.momentOfItem(id, anchor);
    const carrier = this.segments.withinOf(id);
    return carrier < 0 ? this.momentOfFact(this.segments.sentSeqOf(id)) : this.momentOfSegment(carrier);
  }

  momentOfCall(id: number): number {
    return id < 0 || id >= this.calls.count ? -1 : this.momentOfItem(CALL_ITEMS + id, this.calls.anchorOf(id));
  }

  private momentOfItem(item: number, anchor: number): number {
    for (let place = lowerBound(this.anchor, anchor); place < this.anchor.length && this.anchor.at(place) === anchor; place++) {
      if (this.inferred.at(place) === item) return anchor + place;
    }
    return -1;
  }

  /** The moments of a connection as a list of indices: a view, always up to date. */
  momentsOf(conn: Conn): NumberList {
    const indexOf = (code: number): number => this.indexOfCode(code);
    return {
      get length(): number {
        return conn.codes.length;
      },
      at: (place) => indexOf(conn.codes.at(place)),
    };
  }

  /** How many inferred moments come before moment `index`. */
  private inferredBefore(index: number): number {
    if (index < 0 || index >= this.count) throw new RangeError(`no moment ${index}, the story has ${this.count}`);
    const { anchor, near } = this;
    // Whoever goes through all of them asks for one after the other.
    if ((near === 0 || (near <= anchor.length && anchor.at(near - 1) + near - 1 < index)) && (near === anchor.length || (near < anchor.length && anchor.at(near) + near >= index))) return near;
    let low = 0;
    let high = this.inferred.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (anchor.at(middle) + middle < index) low = middle + 1;
      else high = middle;
    }
    return (this.near = low);
  }

  /** Whether moment `index` is inferred, with `before` inferred ones before it. */
  private isInferred(index: number, before: number): boolean {
    return before < this.inferred.length && this.anchor.at(before) + before === index;
  }

  private indexOfCode(code: number): number {
    if (code >= 0) return this.momentOfFact(code);
    const item = ~code;
    return item < CALL_ITEMS ? this.momentOfSegment(item) : this.momentOfCall(item - CALL_ITEMS);
  }

  private insertCode(conn: Conn, code: number): void {
    const index = this.indexOfCode(code);
    let place = conn.codes.length;
    while (place > 0 && this.indexOfCode(conn.codes.at(place - 1)) > index) place--;
    conn.codes.insert(place, code);
  }
}

/** Faults after which something is gone or not as it was; what is late, doubled or overtaken still comes whole. */
const BREAKS: ReadonlySet<string> = new Set<FaultKind>(['loss', 'corrupt', 'cut', 'reset']);
const endsBadly = (kind: string, text: string): boolean =>
  (kind === 'role.ended' && text !== 'done') || (kind === 'lab.ended' && text === 'failed') || (kind === 'fault.applied' && BREAKS.has(text));

/** Facts that are no step of the picture: they set the scene. */
export const isStep = (kind: number): boolean =>
  kind !== KIND_CODE['socket.sampled'] && kind !== KIND_CODE['lab.started'] && kind !== KIND_CODE['host.added'] && kind !== KIND_CODE['packet.captured'] && kind !== KIND_CODE['capture.changed'] && kind !== KIND_CODE['key.logged'];
