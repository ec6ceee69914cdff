import { describe, expect, it } from 'vitest';
import type { Batch } from './columns';
import { KIND_CODE } from './event';
import { TraceStore } from './store';
import { TraceWriter } from './writer';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const LIMITS = { payloadPreview: 8, payloadTotal: 20, thinnedPreview: 2, events: 10 };

/** One bytes.sent row. */
const send = (writer: TraceWriter, t: number, payload: string, err = ''): number =>
  writer.write(t, KIND_CODE['bytes.sent'], 1, 7, payload.length, 0, writer.intern(err), writer.intern('127.0.0.1 1'), 0, 0, payload.length, bytes(payload), 0);

describe('a trace writer', () => {
  it('numbers facts from 0 and hands them on in batches that continue one another', () => {
    const writer = new TraceWriter(() => {});
    expect([send(writer, 1, 'a'), send(writer, 2, 'b')]).toEqual([0, 1]);
    const first = writer.take();
    expect(send(writer, 3, 'c', 'EPIPE')).toBe(2);
    const second = writer.take();
    expect([first.first, first.count, second.first, second.count]).toEqual([0, 2, 2, 1]);
    expect(first.dict).toEqual(['127.0.0.1 1']);
    expect(second.dict).toEqual(['EPIPE']);
    expect(second.dictFirst).toBe(2);
  });

  it('copies payloads: what the program does to its buffer afterwards changes nothing', () => {
    const writer = new TraceWriter(() => {});
    const buffer = bytes('hello');
    writer.write(0, KIND_CODE['bytes.sent'], 1, 1, 5, 0, 0, 0, 0, 0, 5, buffer, 0);
    buffer.fill(0);
    const store = new TraceStore();
    store.append(writer.take());
    expect(new TextDecoder().decode(store.payload(0))).toBe('hello');
  });

  it('gives up a full chunk by itself, by rows and by payload', () => {
    const batches: Batch[] = [];
    const writer = new TraceWriter((batch) => batches.push(batch));
    for (let n = 0; n < 4097; n++) writer.write(n, KIND_CODE['recv.started'], 1, 1, 0, 0, 0, 0, 0, 0, 0, null, 0);
    expect(batches.map((batch) => batch.count)).toEqual([4096]);
    const big = new Uint8Array(64 * 1024).fill(1);
    for (let n = 0; n < 17; n++) writer.write(5000 + n, KIND_CODE['bytes.sent'], 1, 1, 0, 0, 0, 0, 0, 0, big.length, big, 0);
    expect(batches.map((batch) => batch.count)).toEqual([4096, 9, 8]);
    expect(batches[1]?.payload.length).toBe(8 * 64 * 1024);
    expect(writer.count).toBe(4097 + 17);
  });

  it('keeps a preview of a long payload and its exact size', () => {
    const writer = new TraceWriter(() => {}, LIMITS);
    send(writer, 0, 'twelve bytes');
    const store = new TraceStore();
    store.append(writer.take());
    expect(store.at(0)).toMatchObject({ size: 12, kept: 8 });
    expect(new TextDecoder().decode(store.payload(0))).toBe('twelve b');
  });

  it('thins payloads once the trace holds its share of memory, and says so from that batch on', () => {
    const writer = new TraceWriter(() => {}, LIMITS);
    send(writer, 0, '12345678');
    const whole = writer.take();
    for (let n = 1; n < 4; n++) send(writer, n, '12345678');
    const thinned = writer.take();
    const store = new TraceStore();
    store.append(whole);
    expect(store.thinned).toBe(false);
    store.append(thinned);
    expect(store.thinned).toBe(true);
    expect([0, 1, 2, 3].map((seq) => [store.at(seq).size, store.at(seq).kept])).toEqual([[8, 8], [8, 8], [8, 8], [8, 2]]);
  });

  it('keeps small payloads of a thinned trace whole, until they are many', () => {
    const writer = new TraceWriter(() => {}, { ...LIMITS, thinnedWhole: 8 });
    const kept = ['12345678', '12345678', '1234', '123', '123456789', '123', 'too late'].map((text, n) => send(writer, n, text));
    const store = new TraceStore();
    store.append(writer.take());
    expect(kept.map((seq) => store.at(seq).kept)).toEqual([8, 8, 4, 3, 2, 2, 2]);
  });

  it('does not remember what is written once, and counts on behind it', () => {
    const writer = new TraceWriter(() => {});
    const indices = [writer.intern('a'), writer.once('said'), writer.intern('b')];
    const store = new TraceStore();
    const text = (index: number): number => writer.write(0, KIND_CODE['role.noted'], 1, 0, 0, 0, 0, 0, 0, 0, 0, null, index);
    for (const index of indices) text(index);
    store.append(writer.take());
    for (const index of [writer.once('said'), writer.intern('a'), writer.intern('b')]) text(index);
    store.append(writer.take());
    expect(Array.from({ length: 6 }, (_, seq) => store.at(seq).text)).toEqual(['a', 'said', 'b', 'said', 'a', 'b']);
  });

  it('stops at its number of events and tells the caller', () => {
    const writer = new TraceWriter(() => {}, LIMITS);
    const given = Array.from({ length: 12 }, (_, n) => send(writer, n, 'x'));
    expect(given).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -1]);
    expect(writer.count).toBe(10);
  });

  it('names an error right even after a hundred thousand other strings', () => {
    const writer = new TraceWriter(() => {});
    for (let n = 0; n < 100_000; n++) writer.intern(`127.0.0.1 ${n}`);
    send(writer, 0, '', 'ECONNRESET');
    const store = new TraceStore();
    store.append(writer.take());
    expect(store.at(0).err).toBe('ECONNRESET');
  });
});
