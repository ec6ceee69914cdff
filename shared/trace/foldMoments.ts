// The order of the picture: facts in the order in which they were recorded, with inferred segments put between them.
// Facts only append; what is inferred later about an earlier instant is inserted, so indices near the end may shift.

import { connId, micros } from '../base/brand';
import { F64List, I32List, U32List, lowerBound, upperBound, type NumberList } from '../base/lists';
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
  /** Inferred segments; `anchor` is the number of steps before it. */
  private readonly anchor = new U32List();
  private readonly inferredTime = new F64List();
  private readonly inferred = new U32List();

  /** First index that changed since takeChanged() was called. */
  private changed = 0;

  constructor(private readonly trace: TraceStore, private readonly segments: SegmentTable) {}

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
    let place = upperBound(this.anchor, anchor);
    while (place > 0 && this.anchor.at(place - 1) === anchor && this.inferredTime.at(place - 1) > t) place--;
    this.anchor.insert(place, anchor);
    this.inferredTime.insert(place, t);
    this.inferred.insert(place, segment);
    this.changed = Math.min(this.changed, anchor + place);
    this.segments.setAnchor(segment, anchor);
    if (conn !== null) this.insertCode(conn, ~segment);
  }

  /** Makes a fact that was recorded before its connection was known a moment of it. */
  adopt(seq: number, conn: Conn): void {
    const rank = this.rank(seq);
    if (rank >= this.steps.length || this.steps.at(rank) !== seq || this.conns.at(rank) !== 0) return;
    this.conns.set(rank, conn.id);
    this.insertCode(conn, seq);
  }

  at(index: number): Moment {
    const before = this.inferredBefore(index);
    if (before < this.inferred.length && this.anchor.at(before) + before === index) {
      const id = this.inferred.at(before);
      const segment = this.segments.at(id);
      return {
        index, t: micros(this.momentTime(index)), seq: null, segment: id, role: null, sock: null, conn: segment.conn,
        evidence: 'inferred', trouble: segment.kind === 'rst' || segment.kind === 'unreachable',
      };
    }
    const rank = index - before;
    const fact = this.trace.at(this.steps.at(rank));
    const conn = this.conns.at(rank);
    const sends = this.sends.at(rank);
    return {
      index, t: micros(this.times.at(rank)), seq: fact.seq, segment: sends < 0 ? null : sends,
      role: fact.role === 0 ? null : fact.role, sock: fact.sock === 0 ? null : fact.sock, conn: conn === 0 ? null : connId(conn),
      evidence: fact.evidence, trouble: fact.err !== '' || endsBadly(fact.kind, fact.text),
    };
  }

  /** Time of a moment; an inferred one stays between its neighbours. */
  momentTime(index: number): number {
    const before = this.inferredBefore(index);
    if (before >= this.inferred.length || this.anchor.at(before) + before !== index) return this.times.at(index - before);
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
    if (anchor < 0) return this.momentOfFact(this.segments.sentSeqOf(id));
    for (let place = lowerBound(this.anchor, anchor); place < this.anchor.length && this.anchor.at(place) === anchor; place++) {
      if (this.inferred.at(place) === id) return anchor + place;
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
    let low = 0;
    let high = this.inferred.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.anchor.at(middle) + middle < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private indexOfCode(code: number): number {
    return code >= 0 ? this.momentOfFact(code) : this.momentOfSegment(~code);
  }

  private insertCode(conn: Conn, code: number): void {
    const index = this.indexOfCode(code);
    let place = conn.codes.length;
    while (place > 0 && this.indexOfCode(conn.codes.at(place - 1)) > index) place--;
    conn.codes.insert(place, code);
  }
}

const endsBadly = (kind: string, text: string): boolean =>
  (kind === 'role.ended' && text !== 'done') || (kind === 'lab.ended' && text === 'failed');

/** Facts that are no step of the picture: they set the scene. */
export const isStep = (kind: number): boolean =>
  kind !== KIND_CODE['lab.started'] && kind !== KIND_CODE['host.added'] && kind !== KIND_CODE['packet.captured'];
