// The port that the preload script forwards: batches come in, answers go back, and only our own window may bring one.
import { describe, expect, it, vi } from 'vitest';
import { TRACE_PORT_CHANNEL } from '../../shared/ipc/contract';
import { receiveTracePort } from './tracePort';

interface FakePort { onmessage: ((event: { data: unknown }) => void) | null; postMessage(data: unknown): void; close(): void }
const port = (): FakePort => ({ onmessage: null, postMessage: vi.fn(), close: vi.fn() });
function forward(sent: FakePort, data: unknown = { type: TRACE_PORT_CHANNEL }, source: unknown = window): void {
  const event = new Event('message');
  Object.assign(event, { data, source, ports: [sent] });
  window.dispatchEvent(event);
}

describe('the trace port', () => {
  it('hands on batches with a way to answer', () => {
    const onBatch = vi.fn((_message, answer: (run: number, read: number) => void) => answer(3, 10));
    const stop = receiveTracePort(onBatch, vi.fn());
    const sent = port();
    forward(sent);
    sent.onmessage?.({ data: { run: 3, batch: {} } });
    expect(onBatch.mock.calls[0]?.[0]).toEqual({ run: 3, batch: {} });
    expect(sent.postMessage).toHaveBeenCalledWith({ run: 3, read: 10 });
    stop();
  });

  it('takes the newest port and says that it came', () => {
    const onPort = vi.fn();
    const stop = receiveTracePort(vi.fn(), onPort);
    const [old, fresh] = [port(), port()];
    forward(old);
    forward(fresh);
    expect(onPort).toHaveBeenCalledTimes(2);
    expect(old.close).toHaveBeenCalled();
    stop();
    expect(fresh.close).toHaveBeenCalled();
  });

  it('takes nothing from another window and no other message', () => {
    const onPort = vi.fn();
    const stop = receiveTracePort(vi.fn(), onPort);
    forward(port(), { type: TRACE_PORT_CHANNEL }, null);
    forward(port(), { type: 'something else' });
    forward(port(), 'text');
    expect(onPort).not.toHaveBeenCalled();
    stop();
  });
});
