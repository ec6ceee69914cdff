// The run as main tells it: pushes may come before answers, late ones of older runs mean nothing.
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bridge, BridgeAnswer, PushPayload } from '../../shared/ipc/contract';
import { useRun } from './run';

type State = PushPayload<'lab.state'>;
const state = (run: number, at: State['state'], more: Partial<State> = {}): State => ({ run, lab: 'daytime', state: at, endpoints: [], relays: [], capture: null, error: null, ...more });

/** Main, as the page sees it: answers by hand. */
function main() {
  const asked: { name: string; input: unknown; answer: (answer: BridgeAnswer<unknown>) => void }[] = [];
  const bridge = {
    request: (name: string, input: unknown) => new Promise((answer) => asked.push({ name, input, answer })),
    onPush: () => () => undefined,
  } as unknown as Bridge;
  vi.stubGlobal('looplab', bridge);
  const answer = async (name: string, value: BridgeAnswer<unknown>): Promise<void> => {
    await vi.waitFor(() => expect(asked.map((one) => one.name)).toContain(name));
    asked.splice(asked.findIndex((one) => one.name === name), 1)[0]?.answer(value);
    await Promise.resolve();
  };
  return { asked, answer };
}
const ok = (value: unknown): BridgeAnswer<unknown> => ({ ok: true, value });

beforeEach(() => setActivePinia(createPinia()));
afterEach(() => vi.unstubAllGlobals());

describe('a run', () => {
  it('starts, runs, is open, is stopped', async () => {
    const { asked, answer } = main();
    const run = useRun();
    const starting = run.start('daytime', { fault: 'none' });
    await vi.waitFor(() => expect(asked[0]?.input).toEqual({ lab: 'daytime', params: { fault: 'none' } }));
    expect(run.phase).toBe('starting');
    await answer('lab.start', ok({ run: 1 }));
    await starting;
    run.hear(state(1, 'running'));
    expect(run.busy).toBe(true);
    run.hear(state(1, 'open', { endpoints: [{ role: 'server', protocol: 'tcp', address: '127.0.20.1', port: 7013 }] }));
    expect([run.phase, run.live, run.busy]).toEqual(['open', true, false]);
    expect(run.endpoints[0]?.port).toBe(7013);
    const stopping = run.stop();
    await answer('lab.stop', ok(undefined));
    await stopping;
    expect(run.phase).toBe('stopped');
  });

  it('is not stopped by the end of a run of the same lab that this page never knew', async () => {
    const { answer } = main();
    const run = useRun();
    const starting = run.start('daytime', {});
    await Promise.resolve();
    run.hear(state(3, 'stopped'));
    run.hear(state(4, 'running'));
    await answer('lab.start', ok({ run: 4 }));
    await starting;
    expect([run.run, run.phase]).toEqual([4, 'running']);
  });

  it('believes a push that comes before the answer', async () => {
    const { answer } = main();
    const run = useRun();
    const starting = run.start('daytime', {});
    await Promise.resolve();
    run.hear(state(4, 'running'));
    await answer('lab.start', ok({ run: 4 }));
    await starting;
    expect([run.run, run.phase]).toEqual([4, 'running']);
  });

  it('pays no heed to what is still said of the run before', async () => {
    const { answer } = main();
    const run = useRun();
    const first = run.start('daytime', {});
    await answer('lab.start', ok({ run: 1 }));
    await first;
    run.hear(state(1, 'open'));
    const second = run.start('daytime', {});
    await answer('lab.stop', ok(undefined));
    await vi.waitFor(() => expect(run.phase).toBe('starting'));
    run.hear(state(1, 'stopped'));
    expect(run.phase).toBe('starting');
    await answer('lab.start', ok({ run: 2 }));
    await second;
    run.hear(state(1, 'failed'));
    expect([run.run, run.phase]).toEqual([2, 'starting']);
  });

  it('that cannot start says why, and where', async () => {
    const { answer } = main();
    const run = useRun();
    const starting = run.start('daytime', {});
    await answer('lab.start', { ok: false, error: { code: 'EADDRINUSE', message: 'address in use', where: 'server: listen 127.0.20.1:7013' } });
    await starting;
    expect(run.phase).toBe('failed');
    expect(run.error).toEqual({ code: 'EADDRINUSE', message: 'address in use', where: 'server: listen 127.0.20.1:7013' });
  });

  it('cancelled while it starts is stopped as soon as it has a number', async () => {
    const { asked, answer } = main();
    const run = useRun();
    const starting = run.start('daytime', {});
    await vi.waitFor(() => expect(run.phase).toBe('starting'));
    await run.stop();
    expect(run.phase).toBe('stopped');
    await answer('lab.start', ok({ run: 9 }));
    await vi.waitFor(() => expect(asked[0]).toMatchObject({ name: 'lab.stop', input: { run: 9 } }));
    await answer('lab.stop', ok(undefined));
    await starting;
    expect(run.phase).toBe('stopped');
  });

  it('goes on when an action fails', async () => {
    const { answer } = main();
    const run = useRun();
    const starting = run.start('daytime', {});
    await answer('lab.start', ok({ run: 1 }));
    await starting;
    run.hear(state(1, 'open'));
    const acting = run.act('send-line', { text: 'hello' });
    await answer('role.act', { ok: false, error: { code: 'EPIPE', message: 'broken pipe', where: 'client: send' } });
    await acting;
    expect([run.phase, run.actionError?.code]).toEqual(['open', 'EPIPE']);
  });

  it('that a reloaded page finds is taken over, and its pushes are heard', () => {
    main();
    const run = useRun();
    run.adopt(5, { id: 'daytime', params: { fault: 'none' }, outcome: 'running', err: '', services: [] });
    expect(run.phase).toBe('running');
    run.adopt(5, { id: 'daytime', params: { fault: 'none' }, outcome: 'reached', err: '', services: [] });
    expect([run.run, run.lab, run.phase, run.params]).toEqual([5, 'daytime', 'open', { fault: 'none' }]);
    run.hear(state(5, 'stopped'));
    expect(run.phase).toBe('stopped');
    run.adopt(6, { id: 'tcp-echo', params: {}, outcome: 'running', err: '', services: [] });
    expect(run.run).toBe(5);
  });
});
