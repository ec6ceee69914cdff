// The capture file that is open in its session: what main tells of it, the rows that are on screen, the packet that is chosen. Asks for rows in pages
// and forgets those that are far away; holds no truth of its own.

import { defineStore } from 'pinia';
import { computed, markRaw, ref, shallowRef } from 'vue';
import type { CaptureAnswers, CaptureFileState, CaptureQuestion } from '../../shared/ipc/captureContract';
import type { ReportedError } from '../../shared/ipc/contract';
import type { DecodeChoice } from '../../shared/packets/decodeAs';
import type { FindRequest, PacketRow, ShownPacket, SortColumn, ViewRequest } from '../../shared/packets/session';
import { onPush, reported, request } from '../bridge/bridge';

/** Rows of one question: few, so that the first are drawn while the session looks at the next. Pages that are kept, and that are asked for at once. */
const PAGE = 16;
const PAGES = 384;
const AT_ONCE = 4;

const ALL: ViewRequest = { filter: '', sort: { column: 'number', descending: false } };

export const useCaptureFile = defineStore('captureFile', () => {
  const capture = shallowRef<number | null>(null);
  const state = shallowRef<CaptureFileState | null>(null);
  const wanted = shallowRef<ViewRequest>(ALL);
  /** What a question came back with. */
  const error = shallowRef<ReportedError | null>(null);
  const [columns, rules] = [shallowRef<readonly string[]>([]), shallowRef<readonly string[]>([])];
  const selected = shallowRef<number | null>(null);
  const selectedRow = ref(-1);
  const packet = shallowRef<ShownPacket | null>(null);
  const packetError = shallowRef<ReportedError | null>(null);
  /** Of the chosen packet; 0: it has none. */
  const flow = computed(() => packet.value?.flow ?? 0);
  const revision = ref(0);
  /** The first rows are here, or there are none: what else is shown of the file waits for them. */
  const begun = ref(false);
  const playing = ref(false);
  const decodeAs = shallowRef<readonly DecodeChoice[]>([]);
  /** How many addresses have names that are shown; null: addresses are shown. */
  const names = shallowRef<number | null>(null);
  const finding = shallowRef<'no' | 'looking' | 'none' | 'failed'>('no');
  /** Pages by number, in the order of their use. */
  let pages = new Map<number, readonly PacketRow[]>();
  let asked = new Set<number>();
  /** Pages that are wanted now and not asked for yet, the most wanted first. */
  let lacking: number[] = [];
  /** Pages that are shown until they come anew. */
  let stale = new Set<number>();
  let view = 0;
  /** Counts: answers to older questions are not for us. */
  let chosen = 0;
  let shown = 0;

  const summary = computed(() => state.value?.summary ?? null);
  const current = computed(() => state.value?.view ?? null);
  const count = computed(() => current.value?.count ?? 0);
  const failed = computed(() => state.value?.error ?? null);
  const busy = computed(() => failed.value === null && state.value !== null && (state.value.summary.state === 'reading' || state.value.summary.state === 'analysing' || current.value?.done === false));

  function ask<N extends CaptureQuestion['name']>(question: Extract<CaptureQuestion, { name: N }>): Promise<CaptureAnswers[N]> {
    if (capture.value === null) return Promise.reject(new Error('no capture is open'));
    return request('capture.ask', { capture: capture.value, question }) as Promise<CaptureAnswers[N]>;
  }

  /** Main has opened this one; what was open is closed. */
  function adopt(number: number): void {
    if (capture.value === number) return;
    capture.value = number;
    if (state.value?.capture !== number) state.value = null;
    selected.value = packet.value = packetError.value = error.value = null;
    selectedRow.value = -1;
    begun.value = false;
    finding.value = 'no';
    decodeAs.value = [];
    names.value = null;
    forget();
    view = 0;
    if (rules.value.length > 0) tellRules();
    void show(ALL);
  }

  function hear(next: CaptureFileState): void {
    if (capture.value !== null && next.capture < capture.value) return;
    const before = state.value?.capture === next.capture ? state.value : null;
    state.value = markRaw(next);
    if (next.capture !== capture.value) return;
    const number = next.view?.view ?? 0;
    if (number !== view) {
      view = number;
      forget();
    }
    // Rows of a page that was not full have come; the analysis changes what is said of each, and so do flows that have been read whole.
    const { state: now, retold } = next.summary;
    if (before !== null && ((before.summary.state !== now && (now === 'ready' || now === 'cancelled')) || before.summary.retold !== retold)) {
      renew();
      if (selected.value !== null) void read(selected.value);
    }
    if (next.view?.done === true && before?.view?.done !== true) void place();
    if (before?.view?.count !== next.view?.count) revision.value++;
    if (count.value === 0 && !busy.value) begun.value = true;
  }

  /** A new list: earlier ones end. */
  async function show(next: ViewRequest): Promise<void> {
    wanted.value = next;
    const mine = ++shown;
    error.value = null;
    try {
      await ask({ name: 'show', request: next });
    } catch (failure) {
      const why = reported(failure);
      if (mine === shown && why.code !== 'VIEW_GONE' && failed.value === null) error.value = why;
    }
  }
  /** Its packets on the stage, as a run: what main tells of it then is that of an opened file. */
  async function play(): Promise<void> {
    if (capture.value === null || view === 0) return;
    error.value = null;
    playing.value = true;
    try {
      await request('capture.stage', { capture: capture.value, view });
    } catch (failure) {
      error.value = reported(failure);
    } finally {
      playing.value = false;
    }
  }
  const filter = (text: string): Promise<void> => show({ ...wanted.value, filter: text });
  function sort(column: SortColumn): Promise<void> {
    const { sort: now } = wanted.value;
    return show({ ...wanted.value, sort: { column, descending: now.column === column && !now.descending } });
  }

  function forget(): void {
    pages = new Map();
    asked = new Set();
    lacking = [];
    stale = new Set();
    revision.value++;
  }

  /** What is on screen stays there until it is asked for anew. */
  function renew(): void {
    asked = new Set();
    stale = new Set(pages.keys());
    revision.value++;
  }

  const rowAt = (row: number): PacketRow | null => pages.get(Math.floor(row / PAGE))?.[row % PAGE] ?? null;
  /** The rows that are here, in no order. */
  const known = (): readonly PacketRow[] => [...pages.values()].flat();

  const full = (page: number): number => Math.max(0, Math.min(PAGE, count.value - page * PAGE));
  const lacks = (page: number): boolean => full(page) > 0 && ((pages.get(page)?.length ?? 0) < full(page) || stale.has(page)) && !asked.has(page);

  /** Rows that are on screen; those around them come after them. What was wanted before and is not asked for yet is not wanted any more. */
  function want(from: number, to: number): void {
    const [first, last] = [Math.floor(from / PAGE), Math.floor(Math.max(to - 1, from) / PAGE)];
    const seen = Array.from({ length: last - first + 1 }, (_unused, at) => first + at);
    lacking = [...seen, last + 1, first - 1].filter((page) => page >= 0 && lacks(page));
    fetchNext();
  }

  function fetchNext(): void {
    while (asked.size < AT_ONCE) {
      const page = lacking.shift();
      if (page === undefined) return;
      if (lacks(page)) void fetchPage(page);
    }
  }

  async function fetchPage(page: number): Promise<void> {
    const [mine, mineView] = [asked, view];
    mine.add(page);
    try {
      const rows = await ask({ name: 'rows', view: mineView, from: page * PAGE, count: PAGE, columns: [...columns.value] });
      if (mine !== asked) return;
      stale.delete(page);
      pages.delete(page);
      pages.set(page, markRaw(rows));
      for (const oldest of pages.keys()) {
        if (pages.size <= PAGES) break;
        pages.delete(oldest);
      }
      revision.value++;
    } catch (failure) {
      const why = reported(failure);
      if (mine === asked && why.code !== 'VIEW_GONE') error.value = why;
    } finally {
      mine.delete(page);
      if (mine === asked) {
        begun.value = true;
        fetchNext();
      }
    }
  }

  async function selectRow(row: number): Promise<void> {
    selectedRow.value = row;
    const known = rowAt(row);
    const mine = ++chosen;
    try {
      const number = known?.number ?? (await ask({ name: 'rows', view, from: row, count: 1, columns: [] }))[0]?.number;
      if (mine === chosen && number !== undefined) await read(number);
    } catch (failure) {
      if (mine === chosen) packetError.value = reported(failure);
    }
  }

  /** Chooses a packet, wherever it stands in the list. */
  async function select(number: number): Promise<void> {
    chosen++;
    await read(number);
    await place();
  }

  async function read(number: number): Promise<void> {
    selected.value = number;
    const mine = ++chosen;
    try {
      const found = await ask({ name: 'packet', number });
      if (mine !== chosen) return;
      packet.value = markRaw(found);
      packetError.value = null;
    } catch (failure) {
      if (mine !== chosen) return;
      packet.value = null;
      packetError.value = reported(failure);
    }
  }

  /** The row of the chosen packet in the list that there is now. */
  async function place(): Promise<void> {
    if (selected.value === null) return;
    const [mine, number] = [view, selected.value];
    const row = await ask({ name: 'rowOf', view: mine, packet: number }).catch(() => -1);
    if (mine === view && number === selected.value) selectedRow.value = row;
  }

  /** The next one in the list; false when there is none, or what was looked for is no pattern. */
  async function find(what: FindRequest['what'], pattern: string, matchCase: boolean, backwards: boolean): Promise<void> {
    finding.value = 'looking';
    try {
      const row = await ask({ name: 'find', view, request: { what, pattern, matchCase, backwards, from: selectedRow.value } });
      finding.value = row < 0 ? 'none' : 'no';
      if (row >= 0) await selectRow(row);
    } catch (failure) {
      const { code } = reported(failure);
      finding.value = code === 'VIEW_GONE' ? 'no' : 'failed';
    }
  }

  /** Rows bring these fields too. */
  function setColumns(names: readonly string[]): void {
    if (names.join() === columns.value.join()) return;
    columns.value = names;
    forget();
  }

  /** Rows say which of these filters fits them first. */
  function setRules(filters: readonly string[]): void {
    if (filters.join('\n') === rules.value.join('\n')) return;
    rules.value = filters;
    forget();
    if (capture.value !== null) tellRules();
  }
  const tellRules = (): void => void ask({ name: 'rules', filters: [...rules.value] }).catch((failure: unknown) => (error.value = reported(failure)));

  /** What is dissected or shown is said anew. */
  async function anew(change: Promise<unknown>): Promise<void> {
    try {
      await change;
      forget();
      await show(wanted.value);
      if (selected.value !== null) await read(selected.value);
    } catch (failure) {
      const why = reported(failure);
      if (why.code !== 'VIEW_GONE') error.value = why;
    }
  }
  /** Ports speak this while the file is open. */
  const decode = (choices: readonly DecodeChoice[]): Promise<void> => anew(ask({ name: 'decodeAs', choices: choices.map((one) => ({ ...one })) }).then((taken) => (decodeAs.value = taken)));
  /** Names instead of addresses, or addresses again. */
  const resolve = (on: boolean): Promise<void> => anew(ask({ name: 'names', wanted: on }).then((count) => (names.value = on ? count : null)));

  const cancel = (): void => void ask({ name: 'cancel' }).catch(() => undefined);

  function close(): void {
    if (capture.value !== null) void request('capture.close', { capture: capture.value }).catch(() => undefined);
    capture.value = state.value = selected.value = packet.value = null;
    selectedRow.value = -1;
    forget();
  }

  /** Hears what main says; once, when the page begins. */
  const listen = (): void => void onPush('capture.state', hear);

  return {
    capture, state, summary, flow, view: current, count, failed, busy, wanted, error, selected, selectedRow, packet, packetError, revision, begun, finding, playing, decodeAs, names, decode, resolve,
    ask, adopt, hear, listen, filter, sort, play, rowAt, known, want, selectRow, select, find, setColumns, setRules, cancel, close,
  };
});
