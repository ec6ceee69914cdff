import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Batch } from '../../../shared/trace/columns';
import { echoClosesEarly } from '../../../shared/trace/fixtureScenes';
import { readFrames } from '../../../tests/interop/captureFile.fixture';
import { StoryBuilder } from '../../../shared/trace/fold';
import { batchesOf } from '../../../shared/trace/runFile/batches';
import type { RunHead } from '../../../shared/trace/runFile/meta';
import { TraceStore } from '../../../shared/trace/store';
import { textLadder } from '../../../shared/trace/textLadder';
import type { EngineError } from '../engineError';
import type { Lab } from '../../roles/lab';
import { Changes } from '../changes.fixture';
import { Engine, type LabState } from '../engine';
import { observe, tinyLab } from '../lab.fixture';
import { readRunFile } from './readRunFile';
import { RunRecording, type RecordingFile } from './recording';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-recording-'));
});
afterEach(() => rm(folder, { recursive: true }));

const HEAD: RunHead = { format: 'looplab-run', application: 'Looplab test', lab: 'test', order: 'recorded', packets: 'reconstructed', keys: false };
const WISH = { application: 'Looplab test', packets: 'reconstructed', keys: false } as const;

async function opened(path: string) {
  const trace = new TraceStore();
  const run = await readRunFile(path, (batch) => trace.append(batch));
  const builder = new StoryBuilder(trace);
  builder.advance();
  return { ...run, trace, ladder: textLadder(builder.story, trace) };
}

/** A real file on a device that takes `most` bytes at once, and fails with `code` when it would have more than `room`. */
class Device implements RecordingFile {
  size = 0;
  closed = false;
  private readonly file: number;

  constructor(path: string, private readonly room: number, private readonly code: string, private readonly most = 1000) {
    this.file = openSync(path, 'w');
  }

  async write(bytes: Uint8Array, start: number, length: number): Promise<{ bytesWritten: number }> {
    const bytesWritten = Math.min(length, this.most, this.room - this.size);
    if (bytesWritten <= 0) throw Object.assign(new Error('refused'), { code: this.code });
    writeSync(this.file, bytes, start, bytesWritten, this.size);
    this.size += bytesWritten;
    return Promise.resolve({ bytesWritten });
  }

  truncate(length: number): Promise<void> {
    ftruncateSync(this.file, length);
    this.size = length;
    return Promise.resolve();
  }

  sync = (): Promise<void> => Promise.resolve();
  close(): Promise<void> {
    closeSync(this.file);
    this.closed = true;
    return Promise.resolve();
  }
}

/** A scene in batches of its own, as an engine hands them on. */
function batches() {
  const { trace } = echoClosesEarly().told();
  const [one] = [...batchesOf(trace, true)];
  if (one === undefined) throw new Error('no batch');
  return { trace, batch: one };
}

describe('a recording', () => {
  it('has what the engine told, for its owner only, and every port is free while it is read', async () => {
    const path = join(folder, 'run.pcapng');
    await writeFile(path, 'something older and longer'.repeat(100), { mode: 0o644 });
    const { engine, until, facts, story, trace } = observe([tinyLab('127.0.203.21', 7221)]);
    const { run } = await engine.start('tiny', {}, { record: { ...WISH, path } });
    const state = await until(({ state: phase }) => phase === 'open');
    expect(state.recording).toMatchObject({ on: true, name: 'run.pcapng', error: null });
    await engine.stop(run);
    expect(await opened(path)).toMatchObject({ head: { ...HEAD, lab: 'tiny' }, damage: null, facts: facts().length, ladder: textLadder(story(), trace()) });
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
    await until(({ recording }) => recording?.facts === facts().length && !recording.on);
  });

  it('opens up to its last block while it goes on', async () => {
    const path = join(folder, 'run.pcapng');
    const { engine, until, facts } = observe([tinyLab('127.0.203.22', 7222)]);
    await engine.start('tiny', {}, { record: { ...WISH, path } });
    await until(({ state }) => state === 'open');
    let early = await opened(path).catch(() => null);
    while ((early?.facts ?? 0) === 0) early = await opened(path).catch(() => null);
    if (early === null) return;
    expect(early.damage?.why).toBe('the recording was not finished');
    expect(early.facts).toBeGreaterThan(0);
    expect(early.facts).toBeLessThanOrEqual(facts().length);
    await engine.dispose();
    expect((await opened(path)).damage).toBeNull();
  });

  it('refuses a place that cannot be written before anything starts', async () => {
    const { engine, states } = observe([tinyLab('127.0.203.23', 7223)]);
    await expect(engine.start('tiny', {}, { record: { ...WISH, path: join(folder, 'no', 'run.pcapng') } })).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(engine.start('tiny', {}, { record: { ...WISH, path: folder } })).rejects.toMatchObject({ code: 'EISDIR' });
    expect(states).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('stops when the disk is full, and the run goes on to its end', async () => {
    const { engine, until, story } = observe([tinyLab('127.0.203.24', 7224)]);
    await engine.start('tiny', {}, { record: { ...WISH, path: '/dev/full' } });
    await until(({ state }) => state === 'open');
    const { recording } = await until((state) => (state.recording?.error ?? null) !== null);
    expect(recording).toMatchObject({ on: false, error: { code: 'ENOSPC', message: 'recording into /dev/full has stopped: no space is left on the device; nothing of the run is saved' } });
    expect(story().lab?.outcome).toBe('reached');
    await engine.dispose();
  });

  // Nothing is mapped at its beginning: the kernel itself answers EIO to who writes there.
  it.runIf(process.platform === 'linux')('stops with what the kernel says of a device that fails, and keeps nothing that is not whole', async () => {
    const recording = new RunRecording('/proc/self/mem', HEAD, await open('/proc/self/mem', 'r+'));
    const told: (string | null)[] = [];
    recording.onChange = () => told.push(recording.state.error?.code ?? null);
    recording.add(batches().batch);
    await recording.finish();
    expect(recording.state).toMatchObject({ on: false, facts: 0, packets: 0, bytes: 0, error: { code: 'EIO', message: 'recording into /proc/self/mem has stopped: the device failed; nothing of the run is saved', where: '/proc/self/mem' } });
    expect(told[0]).toBe('EIO');
    await expect(readRunFile('/proc/self/mem', () => undefined)).rejects.toMatchObject({ code: 'EIO', message: 'cannot open /proc/self/mem: the device failed', where: '/proc/self/mem' });
  });

  // Not even root may write it.
  it.runIf(process.platform === 'linux')('refuses a place that this user may not write, with what the system says', async () => {
    const { engine, states } = observe([tinyLab('127.0.203.30', 7230)]);
    const path = '/sys/class/net/lo/address';
    const { code } = await open(path, 'w').then(() => ({ code: '' }), (thrown: { code: string }) => thrown);
    expect(['EACCES', 'EROFS', 'EPERM']).toContain(code);
    await expect(engine.start('tiny', {}, { record: { ...WISH, path } })).rejects.toMatchObject({ code, where: path, message: expect.stringMatching(/^cannot write \/sys\/class\/net\/lo\/address: (permission denied|the file system is read-only|not permitted)$/) as string });
    expect(states).toEqual([]);
    await engine.dispose();
  });

  it.each(['ENOSPC', 'EFBIG', 'EIO'])('names the last fact that is saved when the device says %s, and what is there opens', async (code) => {
    const { trace, batch } = batches();
    const path = join(folder, 'run.pcapng');
    const record = async (room: number): Promise<{ device: Device; recording: RunRecording; errors: EngineError[] }> => {
      const device = new Device(path, room, code, 64);
      const errors: EngineError[] = [];
      const recording = new RunRecording(path, HEAD, device);
      recording.onChange = () => recording.error !== null && !errors.includes(recording.error) && errors.push(recording.error);
      recording.add(batch);
      await recording.finish();
      return { device, recording, errors };
    };
    const { size } = (await record(1e9)).device;
    for (const room of [0, 100, 700, size - 900, size - 100, size - 1]) {
      const { device, recording, errors } = await record(room);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatchObject({ code, message: expect.stringContaining(recording.saved === 0 ? 'nothing of the run is saved' : `fact ${trace.count - 1} is the last one that is saved`) as string });
      expect(device.closed).toBe(true);
      if (room < 300) await expect(opened(path)).rejects.toMatchObject({ code: 'RUN_BROKEN' });
      else expect(await opened(path)).toMatchObject({ facts: recording.saved, damage: { why: 'the recording was not finished' } });
    }
    // What is whole of it counts, packet by packet.
    const { recording, errors } = await record(size - 500);
    expect(recording.saved).toBe(trace.count);
    expect(recording.packets).toBeGreaterThan(2);
    expect(errors[0]?.message).toContain(`packet ${recording.packets} the last packet`);
    expect(readFrames(await readFile(path))).toHaveLength(recording.packets);
  });

  it('goes on where a write takes only a part', async () => {
    const { trace, batch } = batches();
    const path = join(folder, 'run.pcapng');
    for (const most of [1, 7, 4096]) {
      const recording = new RunRecording(path, HEAD, new Device(path, 1e9, 'EIO', most));
      recording.add(batch);
      await recording.finish();
      expect(await opened(path)).toMatchObject({ facts: trace.count, damage: null });
    }
  });
});

describe('a recording that begins while the run goes on', () => {
  /** Facts as they were told, for who has to tell them again. */
  function kept(labs: readonly Lab[]) {
    const batches: Batch[] = [];
    const states: LabState[] = [];
    const changes = new Changes();
    const engine = new Engine(labs.map((lab) => ({ lab, lessons: new Map() })), {
      onBatch: (_run, batch) => void batches.push(batch),
      onState: (state) => {
        states.push(state);
        changes.tell();
      },
    });
    return { engine, batches, until: (fits: (state: LabState) => boolean): Promise<LabState> => changes.find(() => states.find(fits)) };
  }

  it('has the run from its first fact on, whenever what came before is told', async () => {
    const path = join(folder, 'late.pcapng');
    const { engine, batches, until } = kept([tinyLab('127.0.203.27', 7227)]);
    const { run } = await engine.start('tiny', {});
    await until(({ state }) => state === 'open');
    const { facts } = await engine.startRecording(run, { ...WISH, path });
    const before = [...batches];
    expect(facts).toBe(before.reduce((sum, { count }) => sum + count, 0));
    await expect(engine.startRecording(run, { ...WISH, path: join(folder, 'other.pcapng') })).rejects.toMatchObject({ code: 'RECORDING_BUSY' });
    // New facts come before the old ones are told again; the run is stopped meanwhile.
    await engine.act(run, 'ask', { line: 'late' });
    const stopped = engine.stopRecording(run);
    engine.noteRecording(run, { answers: [], bookmarks: [2] });
    for (const batch of before) engine.fillRecording(run, batch);
    await stopped;
    const { recording } = await until((state) => state.recording?.on === false);
    const { trace, damage, notes, ladder } = await opened(path);
    expect([damage, notes]).toEqual([null, { answers: [], bookmarks: [2] }]);
    expect(ladder).toContain('late');
    expect(recording).toMatchObject({ facts: trace.count, bytes: (await stat(path)).size, error: null });
    expect(recording?.packets).toBeGreaterThan(8);
    // And once more, into another file, up to the run's end.
    const next = join(folder, 'next.pcapng');
    const again = await engine.startRecording(run, { ...WISH, path: next });
    for (const batch of batches) if (batch.first < again.facts) engine.fillRecording(run, batch);
    await engine.stop(run);
    expect((await opened(next)).facts).toBe(batches.reduce((sum, { count }) => sum + count, 0));
    await expect(engine.startRecording(run, { ...WISH, path })).rejects.toMatchObject({ code: 'RUN_STATE' });
    await expect(engine.startRecording(run + 1, { ...WISH, path })).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await engine.dispose();
  });

  it('is told at once where it cannot be, and what runs goes on', async () => {
    const { engine, until } = kept([tinyLab('127.0.203.28', 7228)]);
    const { run } = await engine.start('tiny', {});
    await until(({ state }) => state === 'open');
    await expect(engine.startRecording(run, { ...WISH, path: join(folder, 'no', 'run.pcapng') })).rejects.toMatchObject({ code: 'ENOENT' });
    await engine.act(run, 'ask', { line: 'on' });
    await engine.dispose();
  });
});

describe('opening', () => {
  it('gives the run to the engine’s listeners in the place of the one that ran, as gzip too', async () => {
    const path = join(folder, 'run.pcapng');
    const { engine, facts, until } = observe([tinyLab('127.0.203.25', 7225)]);
    const { run } = await engine.start('tiny', {}, { record: { ...WISH, path } });
    await until(({ state }) => state === 'open');
    await engine.stop(run);
    const before = facts();
    await writeFile(`${path}.gz`, gzipSync(await readFile(path)));
    for (const [index, name] of [path, `${path}.gz`].entries()) {
      expect(await engine.open(name)).toMatchObject({ run: run + 1 + index, facts: before.length, head: { lab: 'tiny' }, damage: null });
      expect(facts()).toEqual(before);
    }
    await expect(engine.act(run, 'ask', {})).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await engine.dispose();
  });

  it('leaves what runs alone when the file is no run', async () => {
    const { engine, until } = observe([tinyLab('127.0.203.26', 7226)]);
    const { run } = await engine.start('tiny', {});
    await until(({ state }) => state === 'open');
    await writeFile(join(folder, 'text'), 'hello');
    await expect(engine.open(join(folder, 'text'))).rejects.toMatchObject({ code: 'RUN_BROKEN' });
    await expect(engine.open(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT', message: expect.stringContaining('no such file') as string });
    await expect(engine.open(folder)).rejects.toMatchObject({ code: 'EISDIR' });
    await engine.act(run, 'ask', {});
    await engine.dispose();
  });
});
