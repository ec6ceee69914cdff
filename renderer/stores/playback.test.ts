// The playhead in its store: a new run plays as it comes, a question holds it, steps move it, marks stay where they were set.
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultSettings, type Bridge } from '../../shared/ipc/contract';
import { KIND_CODE } from '../../shared/trace/event';
import { TraceWriter } from '../../shared/trace/writer';
import { usePlayback } from './playback';
import { useRun } from './run';
import { useSettings } from './settings';
import { fetchApplications, useTrace } from './trace';

/** A run of a client with `prints` moments, a millisecond apart, after a server with `setUp` of them. */
function record(run: number, prints: number, setUp = 0): void {
  const writer = new TraceWriter(() => undefined);
  writer.write(0, KIND_CODE['host.added'], 0, 0, 1, 0, 0, 0, 0, 0, 0, null, writer.intern(JSON.stringify({ id: 'h', name: 'h', address: '127.0.1.1', program: 'ours' })));
  if (setUp > 0) writer.write(0, KIND_CODE['role.started'], 2, 0, 1, 0, 0, 0, 0, 0, 0, null, writer.intern(JSON.stringify({ id: 's', name: 's', kind: 'server' })));
  for (let n = 0; n < setUp; n++) writer.write(0, KIND_CODE['role.printed'], 2, 0, 0, 0, 0, 0, 0, 0, 0, null, writer.intern(`set up ${n}`));
  writer.write(0, KIND_CODE['role.started'], 1, 0, 1, 0, 0, 0, 0, 0, 0, null, writer.intern(JSON.stringify({ id: 'r', name: 'r', kind: 'client' })));
  for (let n = 1; n < prints; n++) writer.write(n * 1000, KIND_CODE['role.printed'], 1, 0, 0, 0, 0, 0, 0, 0, 0, null, writer.intern(`line ${n}`));
  useTrace().take({ run, batch: writer.take() }, () => undefined);
}
const told = (): Promise<void> => vi.waitFor(() => expect(useTrace().unread).toBe(false));
const count = (): number => useTrace().story.moments.count;

beforeAll(fetchApplications);
beforeEach(() => {
  setActivePinia(createPinia());
  vi.stubGlobal('looplab', { request: () => Promise.resolve({ ok: true, value: defaultSettings }), onPush: () => () => undefined } as unknown as Bridge);
});
afterEach(() => {
  usePlayback().pause();
  vi.unstubAllGlobals();
});

describe('a new run', () => {
  it('begins with the time axis of its lab, which is not the user\'s for ever', async () => {
    const playback = usePlayback();
    playback.begin(false, { axis: 'true', slowness: 1 });
    record(1, 5);
    await told();
    // Its moments, a millisecond apart, take as long as they took.
    const { axis } = playback;
    expect([playback.pacing, axis.pacing, Math.round(axis.duration - axis.at(1))]).toEqual(['true', 'true', 4]);
    playback.changePacing('squeezed');
    expect([playback.pacing, useSettings().values.pacing]).toEqual(['squeezed', 'squeezed']);
    playback.begin(false, { axis: 'true' });
    expect(playback.pacing).toBe('true');
    playback.begin(false);
    expect(playback.pacing).toBe('squeezed');
  });

  it('plays from its beginning as it comes', async () => {
    const playback = usePlayback();
    playback.begin(false);
    record(1, 5);
    await told();
    expect([playback.playing, playback.moving, playback.following]).toEqual([true, true, false]);
    useSettings().update({ speed: 8 });
    await vi.waitFor(() => expect(playback.position).toBeGreaterThan(0.5), 3000);
  });

  it('passes over a long set-up of servers, and goes on playing', async () => {
    const playback = usePlayback();
    playback.begin(false);
    record(1, 5, 40);
    await told();
    expect(playback.happened).toBe(41);
    expect(playback.playing).toBe(true);
  });

  it('is shown at its newest moment when that is wanted', async () => {
    const playback = usePlayback();
    playback.begin(true);
    record(1, 5);
    await told();
    expect([playback.position, playback.moving]).toEqual([count(), false]);
  });

  it('starts again from nothing, without the marks of the last one', async () => {
    const playback = usePlayback();
    record(1, 5);
    await told();
    playback.end();
    playback.toggleBookmark();
    record(2, 3);
    await told();
    expect([playback.position, playback.bookmarks]).toEqual([0, []]);
  });
});

describe('the playhead', () => {
  it('steps by whole moments and stops at the ends', async () => {
    const playback = usePlayback();
    record(1, 4);
    await told();
    playback.step(1);
    playback.step(1);
    playback.step(-1);
    expect(playback.position).toBe(1);
    playback.end();
    playback.step(1);
    expect(playback.position).toBe(count());
    playback.home();
    expect(playback.position).toBe(0);
  });

  it('cannot pass a question, by playing, stepping or seeking', async () => {
    const playback = usePlayback();
    record(1, 6);
    await told();
    playback.setGate(2);
    playback.end();
    expect([playback.position, playback.gated]).toEqual([2, true]);
    playback.seek(5);
    expect(playback.position).toBe(2);
    playback.play();
    expect(playback.moving).toBe(false);
    playback.setGate(null);
    playback.seek(5);
    expect([playback.position, playback.gated]).toEqual([5, false]);
  });

  it('that waits at the end of a live run is still, and is done when the run is', async () => {
    const playback = usePlayback();
    const run = useRun();
    run.phase = 'open';
    playback.begin(false);
    record(1, 2);
    await told();
    useSettings().update({ speed: 16 });
    await vi.waitFor(() => expect(playback.position).toBe(count()), 3000);
    expect([playback.playing, playback.moving]).toEqual([true, false]);
    run.phase = 'stopped';
    await vi.waitFor(() => expect(playback.playing).toBe(false));
  });

  it('keeps marks in order and takes them away again', async () => {
    const playback = usePlayback();
    record(1, 6);
    await told();
    for (const at of [4, 2]) {
      playback.seek(at);
      expect(playback.toggleBookmark()).toBe(true);
    }
    expect(playback.bookmarks).toEqual([2, 4]);
    expect(playback.toggleBookmark()).toBe(false);
    expect(playback.bookmarks).toEqual([4]);
  });

  it('changes speed by the offered ones', () => {
    const playback = usePlayback();
    playback.shiftSpeed(1);
    expect(playback.speed).toBe(2);
    playback.shiftSpeed(-1);
    playback.shiftSpeed(-1);
    expect(playback.speed).toBe(0.5);
  });
});
