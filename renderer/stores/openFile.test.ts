// An opened run takes the place of the shown one, whichever comes first: what main says of it, or its facts.
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import type { OpenedRun } from '../../shared/ipc/fileContract';
import { KIND_CODE } from '../../shared/trace/event';
import { scenario } from '../../shared/trace/fixture';
import { echoClosesEarly } from '../../shared/trace/fixtureScenes';
import { batchesOf } from '../../shared/trace/runFile/batches';
import { TraceWriter } from '../../shared/trace/writer';
import { useNavigation } from './navigation';
import { useOpenFile } from './openFile';
import { usePlayback } from './playback';
import { usePredictions } from './predictions';
import { useRun } from './run';
import { useTrace } from './trace';

const scene = (): ReturnType<typeof echoClosesEarly> => echoClosesEarly();
const opened = (facts: number): OpenedRun => ({
  kind: 'run', name: 'a.pcapng', run: 5, facts, head: { format: 'looplab-run', application: 'Looplab 1', lab: 'test', order: 'saved', packets: 'none', keys: false },
  notes: { answers: [{ question: 'why', option: 'b' }, { question: 'who', option: null }], bookmarks: [2, 9] }, damage: null,
});

beforeEach(() => {
  vi.stubGlobal('looplab', { request: () => Promise.resolve({ ok: true, value: [] }), onPush: () => () => undefined });
  setActivePinia(createPinia());
});
afterEach(() => vi.unstubAllGlobals());

describe('an opened run', () => {
  it.each([['main', 0], ['the facts', 1]])('is shown whole, with its answers and marks, when %s come first', async (_what, first) => {
    const { trace: facts } = scene().told();
    const [files, run, trace, playback, predictions] = [useOpenFile(), useRun(), useTrace(), usePlayback(), usePredictions()];
    predictions.answer('test', 'old', { type: 'skipped' });
    const come = async (): Promise<void> => {
      for (const batch of batchesOf(facts, true)) trace.take({ run: 5, batch }, () => undefined);
      await vi.waitFor(() => expect(trace.count).toBe(facts.count));
    };
    const told = (): void => files.hear(opened(facts.count));
    if (first === 1) await come();
    told();
    if (first === 0) {
      expect(files.busy).toBe(true);
      await come();
    }
    await nextTick();
    expect(files.busy).toBe(false);
    expect([run.phase, run.run, run.lab, run.live, run.file?.name]).toEqual(['stopped', 5, 'test', false, 'a.pcapng']);
    expect(useNavigation().route).toEqual({ screen: 'lab', lab: 'test' });
    expect(playback.bookmarks).toEqual([2, 9]);
    expect(playback.position).toBe(trace.story.moments.count);
    expect([predictions.answerOf('test', 'why'), predictions.answerOf('test', 'who'), predictions.answerOf('test', 'old')]).toEqual([{ type: 'option', id: 'b' }, { type: 'skipped' }, null]);
    expect(predictions.answersOf('test')).toEqual(opened(0).notes.answers);
  });

  it('is followed to its end when some of its facts come before main says what they are of', async () => {
    const scene = scenario();
    const client = scene.role('client', '127.0.10.1', 'client');
    scene.trace();
    client.print('hello');
    const [early, late] = [...batchesOf(scene.trace(), false)];
    if (early === undefined || late === undefined) throw new Error('two batches');
    const [files, trace, playback] = [useOpenFile(), useTrace(), usePlayback()];
    trace.take({ run: 5, batch: early }, () => undefined);
    await vi.waitFor(() => expect(trace.count).toBe(early.count));
    files.hear(opened(3));
    trace.take({ run: 5, batch: late }, () => undefined);
    await vi.waitFor(() => expect(trace.count).toBe(early.count + late.count));
    expect([playback.position, playback.following]).toEqual([trace.story.moments.count, true]);
  });

  it('is shown whole when its facts come first and name no lab, as packets of a capture do', async () => {
    const writer = new TraceWriter(() => undefined);
    const write = (kind: 'host.added' | 'role.started', role: number, said: Readonly<Record<string, string>>): number =>
      writer.write(0, KIND_CODE[kind], role, 0, 1, 0, 0, 0, 0, 0, 0, null, writer.intern(JSON.stringify(said)));
    write('host.added', 0, { id: 'client', name: 'client', address: '127.0.10.1', program: '' });
    write('role.started', 1, { id: 'client', name: 'client', kind: 'client' });
    const [files, trace, playback] = [useOpenFile(), useTrace(), usePlayback()];
    trace.take({ run: 5, batch: writer.take() }, () => undefined);
    await vi.waitFor(() => expect(trace.count).toBe(2));
    files.hear(opened(2));
    expect(trace.story.moments.count).toBeGreaterThan(0);
    expect(playback.position).toBe(trace.story.moments.count);
  });

  it('stays when another file cannot be opened', () => {
    const files = useOpenFile();
    files.hear(opened(0));
    files.hear({ kind: 'failed', name: 'b.pcapng', error: { code: 'ENOENT', message: 'no such file', where: 'b.pcapng' } });
    expect(files.failed?.name).toBe('b.pcapng');
    expect(useRun().file?.name).toBe('a.pcapng');
    files.hear({ kind: 'capture', name: 'c.pcapng', capture: 1 });
    expect(files.failed).toBeNull();
  });
});
