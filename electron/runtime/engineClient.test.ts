import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReportedError } from '../../shared/ipc/contract';
import { TraceStore } from '../../shared/trace/store';
import { buildEntry, type Built } from './build.fixture';
import { Changes } from './changes.fixture';
import type { LabState } from './engine';
import { EngineClient } from './engineClient';

const clients: EngineClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

/** A client that keeps what it is told and tells when something came. */
function listen(script: URL) {
  const states: LabState[] = [];
  const failures: ReportedError[] = [];
  const traces = new Map<number, TraceStore>();
  const changes = new Changes();
  const client = new EngineClient(script, {
    onBatch: (run, batch) => {
      const trace = traces.get(run) ?? new TraceStore();
      traces.set(run, trace);
      trace.append(batch);
      changes.tell();
    },
    onState: (state) => {
      states.push(state);
      changes.tell();
    },
    onFailed: (error) => {
      failures.push(error);
      changes.tell();
    },
  });
  clients.push(client);
  return { client, states, failures, traces, until: (holds: () => boolean) => changes.until(holds) };
}

describe('the real worker', () => {
  let built: Built;
  beforeAll(async () => {
    built = await buildEntry('electron/runtime/worker.ts');
  }, 120_000);
  afterAll(() => built.remove());
  const open = () => listen(pathToFileURL(built.file));

  it('runs a lab on real sockets: states in order, facts before the state that follows from them', async () => {
    const { client, states, traces, until } = open();
    const { run } = await client.start('daytime', {});
    await until(() => states.some((state) => state.state === 'open'));
    expect(run).toBe(1);
    const trace = traces.get(run);
    const kinds = Array.from({ length: trace?.count ?? 0 }, (_, seq) => trace?.kind(seq));
    expect(kinds[0]).toBe('lab.started');
    expect(kinds).toContain('bytes.received');
    expect(kinds).toContain('lab.ended');
    await client.act(run, 'kill-server', {});
    await until(() => states.at(-1)?.endpoints.length === 0);
    await client.stop(run);
    expect(states.at(-1)?.state).toBe('stopped');
  });

  it('answers errors with their code and place', async () => {
    const { client } = open();
    await expect(client.start('nonsense', {})).rejects.toMatchObject({ code: 'LAB_UNKNOWN' });
    await expect(client.start('daytime', { clients: 1e9 })).rejects.toMatchObject({ code: 'LAB_PARAMETERS', where: 'daytime' });
    await expect(client.act(77, 'ask-again', {})).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    // Not what the types allow; a page that was taken over could send it.
    await expect(client.start('../../etc', {})).rejects.toMatchObject({ code: 'ENGINE_MESSAGE' });
    await expect(client.start('daytime', JSON.parse('{"clients": {"valueOf": 1}}'))).rejects.toMatchObject({ code: 'ENGINE_MESSAGE' });
    await expect(client.stop(-1)).rejects.toMatchObject({ code: 'ENGINE_MESSAGE' });
  });

  it('ends its sockets with itself', async () => {
    const first = open();
    await first.client.start('daytime', {});
    await first.until(() => first.states.some((state) => state.state === 'open'));
    await first.client.dispose();
    await expect(first.client.leave(1)).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    expect(first.failures).toEqual([]);
    const second = open();
    await second.client.start('daytime', {});
    await second.until(() => second.states.some((state) => state.state === 'open'));
  });
});

describe('a worker that misbehaves', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'looplab-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function script(code: string): Promise<URL> {
    const file = join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
    await writeFile(file, `import { parentPort, workerData } from 'node:worker_threads';\nconst answer = (id, value) => parentPort.postMessage({ type: 'answer', id, ok: true, value });\n${code}`);
    return pathToFileURL(file);
  }

  it('is reported when it ends, what waits is rejected, and the next request starts a new one that counts on', async () => {
    const { client, failures, until } = listen(await script(`
      parentPort.on('message', ({ id, name, input }) => {
        if (name === 'start') answer(id, { run: workerData.firstRun });
        else process.exit(3);
      });`));
    expect(await client.start('x', {})).toEqual({ run: 1 });
    await expect(client.stop(1)).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    await until(() => failures.length === 1);
    expect(failures).toEqual([{ code: 'ENGINE_STOPPED', message: "the engine's thread ended with status 3", where: 'engine' }]);
    expect(await client.start('x', {})).toEqual({ run: 2 });
  });

  it('is reported with its error when it throws', async () => {
    const { client, failures } = listen(await script(`parentPort.on('message', () => { throw Object.assign(new Error('no memory'), { code: 'ENOMEM' }); });`));
    await expect(client.leave(1)).rejects.toMatchObject({ code: 'ENGINE_STOPPED', message: 'no memory' });
    expect(failures).toMatchObject([{ message: 'no memory' }]);
  });

  it('is reported when it cannot be started at all', async () => {
    const { client, failures } = listen(pathToFileURL(join(folder, 'not-there.mjs')));
    await expect(client.leave(1)).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    expect(failures).toHaveLength(1);
  });

  it('cannot pass on what does not fit the schema', async () => {
    const { client, failures, states, traces } = listen(await script(`
      parentPort.on('message', ({ id }) => {
        parentPort.postMessage({ type: 'state', state: { run: 1, lab: 'x', state: 'dancing', endpoints: [], error: null } });
        parentPort.postMessage({ type: 'batch', run: 1, batch: { first: 0, count: 4, columns: new Uint8Array(3), payload: new Uint8Array(0), dict: [], dictFirst: 1, thinned: false } });
        parentPort.postMessage('nonsense');
        answer(id, { run: 1 });
      });`));
    expect(await client.start('x', {})).toEqual({ run: 1 });
    expect(failures.map((failure) => failure.code)).toEqual(['ENGINE_MESSAGE', 'ENGINE_MESSAGE', 'ENGINE_MESSAGE']);
    expect(failures[1]?.message).toBe('batch: columns do not fit the count');
    expect([states.length, traces.size]).toEqual([0, 0]);
  });

  it('is ended by dispose even when it does not answer', async () => {
    const { client, failures } = listen(await script(`parentPort.on('message', () => undefined);`));
    const never = client.leave(1);
    const rejected = expect(never).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    await client.dispose();
    await rejected;
    expect(failures).toEqual([]);
  });
});
