import { describe, expect, it } from 'vitest';
import { roleIx, sockId } from '../../shared/base/brand';
import { KIND_CODE } from '../../shared/trace/event';
import { TraceStore } from '../../shared/trace/store';
import { createClock } from './clock';
import { HOLD, Merge, MergeSource } from './merge';
import { Recorder } from './recorder';
import type { ForeignRow } from './rowRecorder';

/** A merge that remembers times and sockets of what went on; `at` sets its clock. */
function merging(): { merge: Merge; went: string[]; tell(source: MergeSource, t: number, sock: number, bytes?: Uint8Array): void } {
  const went: string[] = [];
  const merge = new Merge((t, _kind, _role, sock, _a, _b, _err, _local, _remote, _offset, _size, bytes) => went.push(`${t}:${sock}${bytes === null ? '' : ` ${bytes.join()}`}`), () => 0, 2);
  return { merge, went, tell: (source, t, sock, bytes) => merge.hold(source, t, 24, 1, sock, 0, 0, 0, 0, 0, 0, 0, bytes ?? null, 0) };
}

describe('facts of several processes', () => {
  it('go on in the order of their times, each process in its own', () => {
    const { merge, went, tell } = merging();
    const [one, other] = [new MergeSource(), new MergeSource()];
    tell(one, 10, 1);
    tell(one, 30, 2);
    tell(other, 5, 3);
    tell(other, 20, 4);
    tell(other, 30, 5);
    // Told after a later one of the same process: not before it.
    tell(one, 29, 6);
    expect(went).toEqual([]);
    merge.drain(30);
    expect(went).toEqual(['5:3', '10:1', '20:4', '30:2', '30:5', '30:6']);
    expect(merge.late).toBe(0);
  });

  it('wait for earlier ones, and come as early as they still can when they are late', () => {
    const { merge, went, tell } = merging();
    const [one, other] = [new MergeSource(), new MergeSource()];
    tell(one, 10, 1);
    tell(one, 50, 2);
    merge.drain(40);
    expect(merge.waiting).toBe(1);
    tell(other, 4, 3);
    tell(other, 6, 4);
    merge.drain();
    expect(went).toEqual(['10:1', '10:3', '10:4', '50:2']);
    expect(merge.late).toBe(2);
  });

  it('keep bytes of their own, no more than the trace keeps', () => {
    const { merge, went, tell } = merging();
    const bytes = Uint8Array.of(1, 2, 3);
    tell(new MergeSource(), 1, 1, bytes);
    bytes.fill(0);
    merge.drain();
    expect(went).toEqual(['1:1 1,2']);
  });

  it('keep the bytes that they had, though the caller uses its buffer again', () => {
    const { merge, went, tell } = merging();
    const buffer = Buffer.from([1, 2, 3]);
    tell(new MergeSource(), 10, 1, buffer);
    buffer.fill(9);
    merge.drain();
    expect(went).toEqual(['10:1 1,2']);
  });

  it('go on as soon as everybody has told of that time', () => {
    const packets = new MergeSource(true);
    const program = new MergeSource();
    const near = (now: number): number => Math.min(packets.toldUntil(now), program.toldUntil(now));
    const held = (t: number) => ({ t, kind: 0, role: 0, sock: 0, a: 0, b: 0, err: 0, local: 0, remote: 0, offset: 0, size: 0, bytes: null, text: 0, order: 0 });
    // Nothing was told: any of them may still.
    expect(packets.toldUntil(1_000_000)).toBe(1_000_000 - HOLD);
    packets.add(held(999_000));
    expect(packets.toldUntil(1_000_000)).toBe(999_000);
    // A program has several that tell.
    program.add(held(999_000));
    expect(near(1_000_000)).toBe(1_000_000 - HOLD);
    // Who has been quick is waited for less long, and longer again when it is late; never longer than it said.
    for (let n = 0; n < 500; n++) packets.tookFor(300);
    const quick = 2_000_000 - packets.toldUntil(2_000_000);
    expect(quick).toBeLessThan(HOLD / 3);
    packets.tookFor(30_000);
    expect(2_000_000 - packets.toldUntil(2_000_000)).toBe(120_000);
    packets.tookFor(3_000_000);
    expect(2_000_000 - packets.toldUntil(2_000_000)).toBe(HOLD);
    packets.wait(250_000);
    expect(2_000_000 - packets.toldUntil(2_000_000)).toBe(HOLD + 250_000);
  });

  it('come in order whatever their number', () => {
    const { merge, went, tell } = merging();
    const sources = Array.from({ length: 7 }, () => new MergeSource());
    let seed = 1;
    for (let n = 0; n < 2000; n++) {
      seed = (seed * 48_271) % 2_147_483_647;
      const source = sources[seed % 7];
      if (source !== undefined) tell(source, (seed >> 8) % 1000, n);
    }
    merge.drain();
    const times = went.map((one) => Number(one.split(':')[0]));
    expect(times.length).toBe(2000);
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });
});

describe('a recorder', () => {
  const foreign = (t: number, sock: number): ForeignRow => ({ t, kind: KIND_CODE['socket.closed'], role: 1, sock, a: 0, b: 0, err: '', local: 0, remote: 0, offset: 0, size: 0, bytes: null, text: '' });

  it('holds nothing back until another process tells of its calls, and loses nothing then', async () => {
    const store = new TraceStore();
    const recorder = new Recorder({ clock: createClock(), onBatch: (batch) => store.append(batch) });
    const close = (sock: number): void => recorder.socketClosed(recorder.now(), roleIx(1), sockId(sock), false);
    close(1);
    recorder.flush();
    expect(store.count).toBe(1);

    const source = recorder.join();
    close(2);
    const early = recorder.now();
    close(3);
    recorder.flush();
    expect(store.count).toBe(1);
    recorder.foreign(source, foreign(early, 4));
    await recorder.settle();
    recorder.flush();
    expect(Array.from({ length: store.count }, (_, seq) => store.at(seq).sock)).toEqual([1, 2, 4, 3]);

    close(5);
    recorder.foreign(source, foreign(recorder.now() - HOLD * 10, 6));
    recorder.leave(source);
    close(7);
    recorder.flush();
    // The sixth is late: the fourth and third have gone on before.
    expect(Array.from({ length: store.count }, (_, seq) => store.at(seq).sock).slice(4)).toEqual([6, 5, 7]);
    expect(recorder.late).toBe(1);
  });
});
