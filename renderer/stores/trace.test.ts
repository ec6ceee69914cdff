// The trace of the page: batches in, one version a frame out, and main told what was read only once the story tells of it.
import { createPinia, setActivePinia } from 'pinia';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Batch } from '../../shared/trace/columns';
import { KIND_CODE } from '../../shared/trace/event';
import { TraceWriter } from '../../shared/trace/writer';
import { fetchApplications, useTrace } from './trace';

function recorder(): { host(name: string): void; batch(): Batch } {
  const writer = new TraceWriter(() => undefined);
  let hosts = 0;
  return {
    host: (name) => void writer.write(0, KIND_CODE['host.added'], 0, 0, ++hosts, 0, 0, 0, 0, 0, 0, null, writer.intern(JSON.stringify({ id: name, name, address: `127.0.${hosts}.1`, program: 'ours' }))),
    batch: () => writer.take(),
  };
}

beforeAll(fetchApplications);
beforeEach(() => setActivePinia(createPinia()));
const told = (trace: ReturnType<typeof useTrace>) => vi.waitFor(() => expect(trace.unread).toBe(false));

describe('the trace', () => {
  it('tells a new version once for all batches of a frame, then answers main', async () => {
    const trace = useTrace();
    const answer = vi.fn();
    const recorded = recorder();
    recorded.host('client');
    trace.take({ run: 1, batch: recorded.batch() }, answer);
    const before = trace.version;
    recorded.host('server');
    trace.take({ run: 1, batch: recorded.batch() }, answer);
    expect(trace.unread).toBe(true);
    expect(answer).not.toHaveBeenCalled();
    await told(trace);
    expect(trace.version).toBe(before + 1);
    expect(trace.story.hosts.map((host) => host.id)).toEqual(['client', 'server']);
    expect(answer.mock.calls).toEqual([[1, 2]]);
  });

  it('begins anew with a new run, and pays no heed to what is left of an old one', async () => {
    const trace = useTrace();
    const first = recorder();
    first.host('old');
    trace.take({ run: 1, batch: first.batch() }, vi.fn());
    await told(trace);
    const second = recorder();
    second.host('new');
    trace.take({ run: 2, batch: second.batch() }, vi.fn());
    first.host('late');
    trace.take({ run: 1, batch: first.batch() }, vi.fn());
    await told(trace);
    expect([trace.run, trace.story.hosts.map((host) => host.id)]).toEqual([2, ['new']]);
  });

  it('never hides a lost batch: it says so and shows what came before', async () => {
    const trace = useTrace();
    const recorded = recorder();
    recorded.host('client');
    trace.take({ run: 1, batch: recorded.batch() }, vi.fn());
    recorded.host('lost');
    recorded.batch();
    recorded.host('server');
    trace.take({ run: 1, batch: recorded.batch() }, vi.fn());
    await told(trace);
    expect(trace.error?.code).toBe('TRACE_BROKEN');
    expect(trace.story.hosts.map((host) => host.id)).toEqual(['client']);
  });
});
