// Two runs held against each other: roles by their names, their steps by alignment, and of each pair what is other. Pure: two stories in,
// rows out, in an order that fits both. How it looks is the view's (renderer/views/compare) and compareText.ts.

import { align } from './align';
import { COMPARE_LIMITS } from './limits';
import { fieldsOf, lanesOf, type FieldName, type Lane, type RunSide, type Step } from './steps';

/** 'value': the same call, but it says something else. 'moved': the same step at another place of its role. */
export type Difference = 'same' | 'value' | 'moved' | 'onlyA' | 'onlyB';

export interface CompareRow {
  /** Place in Comparison.lanes. */
  readonly lane: number;
  readonly a: Step | null;
  readonly b: Step | null;
  readonly how: Difference;
  /** Of a step that moved: the row of its other half. */
  readonly other: number | null;
  /** ms by which the second run fell behind (or, negative, got ahead) since the pair before of this role; null: by no more than chance. */
  readonly later: number | null;
}

/** Roles that are held against each other; null: only the other run has it. */
export interface LanePair {
  readonly a: string | null;
  readonly b: string | null;
  readonly kind: Lane['kind'];
}

/** What both runs can be laid upon each other by; `order`: no time at all. */
export const ANCHORS = ['start', 'connect', 'byte', 'order'] as const;
export type Anchor = (typeof ANCHORS)[number];

export interface Comparison {
  readonly lanes: readonly LanePair[];
  readonly rows: readonly CompareRow[];
  /** Rows that differ, ascending; of a step that moved both. */
  readonly differences: readonly number[];
  readonly counts: Readonly<Record<Difference | 'later', number>>;
  /** A run was longer than what is compared. */
  readonly cut: boolean;
  /** Times of the anchors in either run, µs; where one of them has no such moment: its start. */
  readonly anchors: Readonly<Record<Anchor, { readonly a: number; readonly b: number }>>;
}

export function compareRuns(a: RunSide, b: RunSide): Comparison {
  const left = lanesOf(a);
  const right = lanesOf(b);
  const pairs = pairLanes(left.lanes, right.lanes);
  const anchors = { start: { a: startOf(a), b: startOf(b) }, connect: anchorOf(a, b, CONNECTS), byte: anchorOf(a, b, BYTES), order: { a: startOf(a), b: startOf(b) } };
  const halves = pairs.flatMap(([one, other], lane) => compareLane(one?.steps ?? [], other?.steps ?? [], lane, anchors.start));
  const rows = inOrder(halves);
  const counts = { same: 0, value: 0, moved: 0, onlyA: 0, onlyB: 0, later: 0 };
  for (const row of rows) {
    counts[row.how] += row.how === 'moved' ? 0.5 : 1;
    if (row.later !== null) counts.later++;
  }
  return {
    lanes: pairs.map(([one, other]) => ({ a: one?.role ?? null, b: other?.role ?? null, kind: (one ?? other)?.kind ?? 'none' })),
    rows, counts, anchors, cut: left.cut || right.cut,
    differences: rows.flatMap((row, index) => (row.how !== 'same' || row.later !== null ? [index] : [])),
  };
}

/** In what a pair differs, by name. */
export function fieldDifferences(a: RunSide, b: RunSide, row: CompareRow): { readonly name: FieldName; readonly a: string; readonly b: string }[] {
  if (row.a === null || row.b === null) return [];
  const one = new Map(fieldsOf(a, a.story.moments.at(row.a.moment)));
  const other = new Map(fieldsOf(b, b.story.moments.at(row.b.moment)));
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((name) => {
    const [here, there] = [one.get(name) ?? '', other.get(name) ?? ''];
    return here === there ? [] : [{ name, a: here, b: there }];
  });
}

/** By their names; those that are left, kind by kind in the order of their start. */
function pairLanes(a: readonly Lane[], b: readonly Lane[]): (readonly [Lane | null, Lane | null])[] {
  const named = new Map(b.map((lane) => [lane.role, lane]));
  const left = new Set(b.filter((lane) => !a.some((one) => one.role === lane.role)));
  const take = (kind: Lane['kind']): Lane | null => {
    const found = [...left].find((lane) => lane.kind === kind) ?? null;
    if (found !== null) left.delete(found);
    return found;
  };
  const paired = a.map((lane) => [lane, named.get(lane.role) ?? take(lane.kind)] as const);
  return [...paired, ...[...left].map((lane) => [null, lane] as const)];
}

interface Half extends Omit<CompareRow, 'other'> {
  /** Equal for the two halves of a step that moved. */
  readonly twin: Step | null;
}

function compareLane(a: readonly Step[], b: readonly Step[], lane: number, start: { readonly a: number; readonly b: number }): Half[] {
  const rows: Half[] = [];
  let behind = start.b - start.a;
  const pair = (one: Step, other: Step, how: 'same' | 'value'): void => {
    const now = other.t - one.t;
    const later = (now - behind) / 1000;
    const counts = Math.abs(later) >= COMPARE_LIMITS.later;
    if (counts) behind = now;
    rows.push({ lane, a: one, b: other, how, twin: null, later: counts ? Math.round(later) : null });
  };
  const alone = (one: Step | null, other: Step | null): void => void rows.push({ lane, a: one, b: other, how: one === null ? 'onlyB' : 'onlyA', twin: null, later: null });
  const same = align(a.map(({ key }) => key), b.map(({ key }) => key), COMPARE_LIMITS.search);
  let [x, y] = [0, 0];
  for (const [toX, toY] of [...same, [a.length, b.length] as const]) {
    const [gapA, gapB] = [a.slice(x, toX), b.slice(y, toY)];
    let [i, j] = [0, 0];
    for (const [m, n] of [...align(gapA.map(({ kind }) => kind), gapB.map(({ kind }) => kind), COMPARE_LIMITS.search), [gapA.length, gapB.length] as const]) {
      for (; i < m; i++) alone(gapA[i] ?? null, null);
      for (; j < n; j++) alone(null, gapB[j] ?? null);
      const [one, other] = [gapA[m], gapB[n]];
      if (one !== undefined && other !== undefined) pair(one, other, 'value');
      [i, j] = [m + 1, n + 1];
    }
    const [one, other] = [a[toX], b[toY]];
    if (one !== undefined && other !== undefined) pair(one, other, 'same');
    [x, y] = [toX + 1, toY + 1];
  }
  return withMoved(rows);
}

/** What is alone on both sides, the same in every respect: it stands at another place. */
function withMoved(rows: readonly Half[]): Half[] {
  const waiting = new Map<string, Step[]>();
  for (const { how, b } of rows) if (how === 'onlyB' && b !== null) waiting.set(b.key, [...(waiting.get(b.key) ?? []), b]);
  const twins = new Map<Step, Step>();
  for (const { how, a } of rows) {
    const twin = how === 'onlyA' && a !== null ? waiting.get(a.key)?.shift() : undefined;
    if (a === null || twin === undefined) continue;
    twins.set(a, a).set(twin, a);
  }
  return rows.map((row) => {
    const twin = row.how === 'onlyA' || row.how === 'onlyB' ? (twins.get((row.a ?? row.b) as Step) ?? null) : null;
    return twin === null ? row : { ...row, how: 'moved', twin };
  });
}

/** In the first run's order; what only the second has, behind what came before it there, but in its role's own order. */
function inOrder(halves: readonly Half[]): CompareRow[] {
  const place = new Map<Half, number>();
  const byB = halves.filter(({ b }) => b !== null).sort((one, other) => (one.b?.moment ?? 0) - (other.b?.moment ?? 0));
  let reached = -1;
  for (const half of byB) {
    reached = half.a === null ? reached : Math.max(reached, half.a.moment);
    place.set(half, reached + 0.5);
  }
  // Role by role from the end: nothing stands behind what follows it.
  const next = new Map<number, number>();
  for (const half of [...halves].reverse()) {
    const own = half.a?.moment ?? Math.min(place.get(half) ?? 0, (next.get(half.lane) ?? Number.POSITIVE_INFINITY) - 0.5);
    place.set(half, own);
    if (half.a !== null) next.set(half.lane, own);
  }
  const sorted = [...halves].sort((one, other) => (place.get(one) ?? 0) - (place.get(other) ?? 0) || (one.b?.moment ?? 0) - (other.b?.moment ?? 0));
  const twins = new Map<Step, number[]>();
  sorted.forEach(({ twin }, row) => twin !== null && twins.set(twin, [...(twins.get(twin) ?? []), row]));
  return sorted.map(({ twin, ...row }, index) => ({ ...row, other: twin === null ? null : (twins.get(twin)?.find((one) => one !== index) ?? null) }));
}

const CONNECTS: ReadonlySet<string> = new Set(['connect.started']);
const BYTES: ReadonlySet<string> = new Set(['bytes.sent', 'bytes.received', 'datagram.sent', 'datagram.received']);

const startOf = ({ trace }: RunSide): number => (trace.count === 0 ? 0 : trace.t(0));

function firstOf({ story, trace }: RunSide, kinds: ReadonlySet<string>): number | null {
  const count = Math.min(story.moments.count, COMPARE_LIMITS.steps);
  for (let index = 0; index < count; index++) {
    const { seq, t } = story.moments.at(index);
    if (seq !== null && kinds.has(trace.kind(seq))) return t;
  }
  return null;
}

/** Both runs', or both starts. */
function anchorOf(a: RunSide, b: RunSide, kinds: ReadonlySet<string>): { readonly a: number; readonly b: number } {
  const [one, other] = [firstOf(a, kinds), firstOf(b, kinds)];
  return one === null || other === null ? { a: startOf(a), b: startOf(b) } : { a: one, b: other };
}
