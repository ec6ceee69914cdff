// Calls of a trace that no tap can see: the table of them. Each follows from a fact by a named rule (infer.ts adds them) and is a moment
// of its own, before that fact. Models are made for readers.

import { connId, eventSeq, micros } from '../base/brand';
import type { InferenceRule } from './event';
import type { SocketRow } from './foldSockets';
import type { InferredCall, Table } from './story';

/**
 * Moments that are no facts have numbers of their own: segments their ids, inferred calls `CALL_ITEMS` + id. Far above any segment's:
 * a fact sends one segment at the most, and infers a few.
 */
export const CALL_ITEMS = 2 ** 30;

interface Row {
  readonly row: SocketRow;
  readonly t: number;
  readonly text: string;
  readonly rule: InferenceRule;
  /** The fact that tells of it. */
  readonly from: number;
  /** Steps before it (foldMoments.ts). */
  anchor: number;
}

export class CallTable implements Table<InferredCall> {
  private readonly rows: Row[] = [];

  get count(): number {
    return this.rows.length;
  }

  /** setsockopt() on a socket; returns its id. */
  add(row: SocketRow, t: number, text: string, rule: InferenceRule, from: number): number {
    this.rows.push({ row, t, text, rule, from, anchor: -1 });
    return this.rows.length - 1;
  }

  setAnchor(id: number, anchor: number): void {
    this.get(id).anchor = anchor;
  }

  anchorOf(id: number): number {
    return this.get(id).anchor;
  }

  at(id: number): InferredCall {
    const { row, t, text, rule, from } = this.get(id);
    return {
      id, t: micros(t), kind: 'option.set', role: row.role, sock: row.id, conn: row.conn === null ? null : connId(row.conn.id), text,
      provenance: { evidence: 'inferred', rule, from: [eventSeq(from)] },
    };
  }

  private get(id: number): Row {
    const row = this.rows[id];
    if (row === undefined) throw new RangeError(`no inferred call ${id}, the story has ${this.rows.length}`);
    return row;
  }
}
