// Rows of an open capture are asked for in small pages: those on screen first, few at once, and what is scrolled past is not asked for any more.
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CaptureFileState, CaptureQuestion } from '../../shared/ipc/captureContract';
import type { CaptureSummary, ViewRequest } from '../../shared/packets/session';
import { useCaptureFile } from './captureFile';

type Rows = Extract<CaptureQuestion, { name: 'rows' }>;
const asked: { readonly question: Rows; readonly answer: (rows: readonly unknown[]) => void }[] = [];

const request: ViewRequest = { filter: '', sort: { column: 'number', descending: false } };
const state = (count: number, of: CaptureSummary['state'] = 'ready'): CaptureFileState => ({
  capture: 1, error: null, view: { view: 1, request, count, done: of === 'ready', share: 1, error: null },
  summary: {
    name: 'a.pcapng', size: 1, read: 1, state: of, format: 'pcapng', gzip: false, packets: count, flows: 0, bytes: 0, first: null, last: null, interfaces: [], comments: [], application: '',
    damage: null, keys: false, run: false, retold: 0,
  },
});
const opened = (count: number, of: CaptureSummary['state'] = 'ready') => {
  const file = useCaptureFile();
  file.adopt(1);
  file.hear(state(count, of));
  return file;
};
/** Where the pages begin that are asked for and not answered. */
const waiting = (): number[] => asked.map(({ question }) => question.from);
/** Answers the oldest question, as the session would that has `count` packets. */
async function answer(count: number): Promise<void> {
  const { question, answer: tell } = asked.shift() ?? expect.fail('nothing is asked');
  tell(Array.from({ length: Math.min(question.count, count - question.from) }, (_unused, at) => ({ number: question.from + at })));
  await new Promise((resolve) => setTimeout(resolve));
}

beforeEach(() => {
  vi.stubGlobal('looplab', {
    request: (_channel: string, { question }: { readonly question: CaptureQuestion }) => new Promise((resolve) => {
      if (question.name === 'rows') asked.push({ question, answer: (value) => resolve({ ok: true, value }) });
    }),
    onPush: () => () => undefined,
  });
  setActivePinia(createPinia());
  asked.length = 0;
});
afterEach(() => vi.unstubAllGlobals());

describe('rows of an open capture', () => {
  it('are asked for in small pages, those on screen first, and shown as each comes', async () => {
    const file = opened(5_000_000);
    file.want(4_999_957, 5_000_000);
    // The page before them after them; behind them there are no more.
    expect(waiting()).toEqual([4_999_952, 4_999_968, 4_999_984, 4_999_936]);
    expect(asked.every(({ question }) => question.count <= 16)).toBe(true);
    await answer(5_000_000);
    expect(file.rowAt(4_999_957)?.number).toBe(4_999_957);
    expect(file.rowAt(4_999_970)).toBeNull();
    expect(waiting()).toEqual([4_999_968, 4_999_984, 4_999_936]);
  });

  it('come before anything else that is shown of the file', async () => {
    const file = opened(0, 'reading');
    expect(file.begun).toBe(false);
    file.hear(state(40, 'reading'));
    file.want(0, 20);
    expect(file.begun).toBe(false);
    await answer(40);
    expect(file.begun).toBe(true);
    // Another file begins anew; one without packets has nothing to wait for.
    file.adopt(2);
    expect(file.begun).toBe(false);
    file.hear({ ...state(0), capture: 2 });
    expect(file.begun).toBe(true);
  });

  it('that were scrolled past are not asked for', async () => {
    const file = opened(1_000_000);
    for (const first of [0, 100_000, 200_000, 300_000, 400_000]) file.want(first, first + 60);
    expect(waiting()).toHaveLength(4);
    for (let answers = 0; answers < 4; answers++) await answer(1_000_000);
    expect(waiting()).toEqual([400_000, 400_016, 400_032, 400_048]);
  });

  it('come anew when the page was not full and more packets are there', async () => {
    const file = opened(6, 'reading');
    file.want(0, 6);
    await answer(6);
    file.want(0, 6);
    expect(waiting()).toEqual([]);
    file.hear(state(12, 'reading'));
    file.want(0, 12);
    await answer(12);
    expect(file.rowAt(11)?.number).toBe(11);
    // What is said of each changes with the analysis: asked for once more, and shown until then.
    file.hear(state(12));
    file.want(0, 12);
    expect([waiting(), file.rowAt(11)?.number]).toEqual([[0], 11]);
  });

  it('come anew when flows have been read whole of which they told the end', async () => {
    const file = opened(6);
    file.want(0, 6);
    await answer(6);
    const { summary, ...rest } = state(6);
    file.hear({ ...rest, summary: { ...summary, retold: 1 } });
    file.want(0, 6);
    expect([waiting(), file.rowAt(5)?.number]).toEqual([[0], 5]);
    await answer(6);
    file.hear({ ...rest, summary: { ...summary, retold: 1 } });
    file.want(0, 6);
    expect(waiting()).toEqual([]);
  });
});
