import { describe, expect, it } from 'vitest';
import type { Batch } from './columns';
import { KIND_CODE } from './event';
import { TraceStore } from './store';
import { TraceWriter } from './writer';

const write = (writer: TraceWriter, t: number, payload = 'ping'): void => {
  const bytes = new TextEncoder().encode(payload);
  writer.write(
    t, KIND_CODE['datagram.sent'], 2, 3, bytes.length, -1, writer.intern('EMSGSIZE'),
    writer.intern('127.0.0.1 9'), writer.intern('::1 7'), 0, bytes.length, bytes, writer.intern('note'),
  );
};

const batchOf = (...times: number[]): Batch => {
  const writer = new TraceWriter(() => {});
  for (const t of times) write(writer, t);
  return writer.take();
};

describe('a trace store', () => {
  it('gives a fact back as it was written', () => {
    const store = new TraceStore();
    store.append(batchOf(1.25));
    expect(store.at(0)).toEqual({
      seq: 0, t: 1.25, kind: 'datagram.sent', evidence: 'observed', role: 2, sock: 3, a: 4, b: -1, err: 'EMSGSIZE',
      local: { address: '127.0.0.1', port: 9 }, remote: { address: '::1', port: 7 }, offset: 0, size: 4, kept: 4, text: 'note',
    });
  });

  it('gives the same after structuredClone of every batch: that is how batches cross threads and processes', () => {
    const writer = new TraceWriter(() => {});
    const store = new TraceStore();
    for (let n = 0; n < 10; n++) {
      for (let k = 0; k <= n; k++) write(writer, n * 10 + k, `payload ${n}.${k}`);
      store.append(structuredClone(writer.take()));
    }
    expect(store.count).toBe(55);
    expect(store.t(54)).toBe(99);
    expect(new TextDecoder().decode(store.payload(54))).toBe('payload 9.9');
    expect(new TextDecoder().decode(store.payload(0))).toBe('payload 0.0');
  });

  it('reads a batch whose bytes lie inside of a larger buffer', () => {
    const batch = batchOf(5, 6);
    const within = new Uint8Array(batch.columns.length + 64);
    within.set(batch.columns, 64);
    const store = new TraceStore();
    store.append({ ...batch, columns: within.subarray(64) });
    expect([store.t(0), store.t(1)]).toEqual([5, 6]);
  });

  it('spreads batches over its chunks', () => {
    const writer = new TraceWriter((batch) => store.append(batch));
    const store = new TraceStore();
    for (let n = 0; n < 10_000; n++) write(writer, n, String(n));
    store.append(writer.take());
    expect(store.count).toBe(10_000);
    for (const seq of [0, 4095, 4096, 8191, 8192, 9999]) {
      expect(store.t(seq)).toBe(seq);
      expect(new TextDecoder().decode(store.payload(seq))).toBe(String(seq));
    }
    expect(store.columnsOf(1).t[0]).toBe(4096);
    expect(store.locate(4097).row).toBe(1);
  });

  it('refuses a lost batch, a repeated one and a damaged one, and stays as it was', () => {
    const writer = new TraceWriter(() => {});
    const batches = [0, 1, 2].map((n) => (write(writer, n), writer.take()));
    const [first, second, third] = batches as [Batch, Batch, Batch];
    const store = new TraceStore();
    store.append(first);
    expect(() => store.append(third)).toThrow('batch starts at fact 2, the trace has 1');
    expect(() => store.append(first)).toThrow('batch starts at fact 0, the trace has 1');
    expect(() => store.append({ ...second, columns: second.columns.slice(8) })).toThrow('B of columns');
    expect(() => store.append({ ...second, dictFirst: 99 })).toThrow('dictionary starts at 99');
    expect(store.count).toBe(1);
    store.append(second);
    store.append(third);
    expect(store.count).toBe(3);
  });

  it('has no facts beyond its end', () => {
    const store = new TraceStore();
    store.append(batchOf(1));
    expect(() => store.at(1)).toThrow('no fact 1, the trace has 1');
    expect(() => store.payload(7)).toThrow(RangeError);
  });

  it('lets the oldest payloads go when it is asked to, and counts that', () => {
    const writer = new TraceWriter(() => {});
    const store = new TraceStore();
    for (let n = 0; n < 4; n++) {
      write(writer, n, `payload ${n}`);
      store.append(writer.take());
    }
    const whole = store.memory;
    store.holdAtMost(20);
    expect(whole - store.memory).toBe(2 * 'payload 0'.length);
    expect([0, 1, 2, 3].map((seq) => new TextDecoder().decode(store.payload(seq)))).toEqual(['', '', 'payload 2', 'payload 3']);
    expect(store.at(0)).toMatchObject({ size: 9, kept: 9 });
    // The last batch keeps its own.
    store.holdAtMost(0);
    expect(new TextDecoder().decode(store.payload(3))).toBe('payload 3');
  });

  it('counts the memory that it holds', () => {
    const store = new TraceStore();
    expect(store.memory).toBe(0);
    store.append(batchOf(1));
    expect(store.memory).toBeGreaterThan(4096 * 60);
  });

  it('takes a dictionary of any length at once', () => {
    const writer = new TraceWriter(() => {});
    for (let n = 0; n < 300_000; n++) writer.intern(`127.0.0.1 ${n}`);
    const store = new TraceStore();
    store.append(writer.take());
    expect(store.string(300_000)).toBe('127.0.0.1 299999');
  });
});
