import { describe, expect, it } from 'vitest';
import { readFrames } from '../../../tests/interop/captureFile.fixture';
import { concatBytes, equalBytes } from '../../base/bytes';
import { crc32 } from '../../base/crc32';
import { createRandom } from '../../base/random';
import { AppBuilder } from '../app/appBuilder';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import type { Batch } from '../columns';
import { eventJson } from '../eventJson';
import { packetsOf } from '../export/pcapng';
import { scenario, type Scenario } from '../fixture';
import { capture } from '../fixtureCaptured';
import { echoClosesEarly, udpUppercase } from '../fixtureScenes';
import { StoryBuilder } from '../fold';
import { TraceStore } from '../store';
import { textLadder } from '../textLadder';
import { TraceWriter } from '../writer';
import { BODY_AT } from './block';
import { isRunFile, RUN_AT, RUN_BLOCK, RUN_LIMITS } from './format';
import { NO_NOTES, type RunHead, type RunNotes } from './meta';
import { LivePackets } from './livePackets';
import { RunFileReader } from './read';
import { beginBlocks, endBlocks, recordedBlock, runFileBlocks } from './write';
import { batchesOf } from './batches';

const HEAD: RunHead = { format: 'looplab-run', application: 'Looplab test', lab: 'test', order: 'saved', packets: 'reconstructed', keys: false };
const NOTES: RunNotes = { answers: [{ question: 'who-closes', option: 'client' }, { question: 'why', option: null }], bookmarks: [3, 17] };
const SECRET = `CLIENT_TRAFFIC_SECRET_0 ${'ab'.repeat(32)} ${'cd'.repeat(32)}`;
const SERVER = { address: '127.0.20.1', port: 7007 };

/** A client that keeps its keys, and says one of them aloud before it does. */
function withKeys(): Scenario {
  const scene = scenario();
  const listener = scene.role('server', SERVER.address, 'server').listen(SERVER.port);
  const client = scene.role('client', '127.0.20.2', 'client').connect(SERVER);
  listener.accept();
  scene.fact('role.printed', { role: 2, text: `look: ${SECRET}` });
  client?.keyLogged(SECRET);
  client?.keyLogged('AN ODD LINE OF A KEY LOG');
  return scene.end();
}

interface Opened {
  readonly trace: TraceStore;
  readonly reader: RunFileReader;
}

function open(file: Uint8Array, step = file.length): Opened {
  const trace = new TraceStore();
  const reader = new RunFileReader((batch) => trace.append(batch));
  for (let at = 0; at < file.length; at += Math.max(step, 1)) reader.push(file.subarray(at, at + step));
  reader.end();
  return { trace, reader };
}

function told(trace: TraceStore): { readonly trace: TraceStore; readonly story: StoryBuilder['story'] } {
  const builder = new StoryBuilder(trace);
  builder.advance();
  return { trace, story: builder.story };
}

const save = (trace: TraceStore, head: RunHead = HEAD, notes: RunNotes = NOTES): Uint8Array => concatBytes(...runFileBlocks({ ...told(trace), notes }, head));
const facts = (trace: TraceStore): string[] => Array.from({ length: trace.count }, (_, seq) => JSON.stringify(eventJson(trace, told(trace).story, seq, { payload: true })));
/** As an engine records it: each batch when it comes. */
function recorded(trace: TraceStore, head: RunHead): Uint8Array {
  const live = new LivePackets(head);
  const blocks = [...batchesOf(trace, false)].flatMap((batch) => [recordedBlock(batch, head.keys), ...live.after(batch)]);
  return concatBytes(...beginBlocks(head), ...blocks, ...endBlocks(NO_NOTES, { facts: trace.count, packets: live.packets }));
}

describe('a run file', () => {
  it('opens to the same facts, the same ladder and the same notes', () => {
    for (const scene of [echoClosesEarly(), udpUppercase()]) {
      const { trace, story } = scene.told();
      const opened = open(save(trace));
      expect(opened.reader).toMatchObject({ head: HEAD, notes: NOTES, damage: null, facts: trace.count });
      expect(facts(opened.trace)).toEqual(facts(trace));
      expect(textLadder(told(opened.trace).story, opened.trace)).toBe(textLadder(story, trace));
      expect(opened.trace.thinned).toBe(trace.thinned);
    }
  });

  it('is saved again byte for byte, whether it was saved or recorded', () => {
    const { trace } = withKeys().told();
    for (const keys of [true, false]) {
      for (const packets of ['reconstructed', 'captured', 'both', 'none'] as const) {
        for (const order of ['saved', 'recorded'] as const) {
          const file = save(trace, { ...HEAD, keys, packets, order });
          const { trace: again, reader } = open(file);
          expect(equalBytes(save(again, reader.head ?? HEAD, reader.notes), file)).toBe(true);
        }
      }
    }
    const live = recorded(trace, { ...HEAD, order: 'recorded' });
    const { trace: again, reader } = open(live);
    expect(reader.damage).toBeNull();
    expect(equalBytes(save(again, reader.head ?? HEAD, reader.notes), live)).toBe(true);
  });

  it('is recorded with as many bytes in memory as wait, however long the run', () => {
    const scene = scenario();
    const listener = scene.role('server', SERVER.address, 'server').listen(SERVER.port);
    const client = scene.role('client', '127.0.20.2', 'client').connect(SERVER);
    const peer = listener.accept();
    for (let n = 0; n < 300; n++) {
      client?.send(`message ${n}`.repeat(90));
      peer.recv(2000);
    }
    const batches = [...batchesOf(cut(scene.end().told().trace, 5), false)];
    const tell = (live: LivePackets): Uint8Array => concatBytes(...batches.flatMap((batch) => live.after(batch)));
    const [all, few] = [new LivePackets(HEAD), new LivePackets(HEAD, 8000)];
    expect(equalBytes(tell(few), tell(all))).toBe(true);
    expect(few.packets).toBeGreaterThan(300);
    expect(all.memory - few.memory).toBeGreaterThan(400_000);
  });

  it('puts small batches together, and keeps those that were recorded', () => {
    const { trace } = echoClosesEarly().told();
    const { trace: next } = open(recorded(cut(trace, 3), { ...HEAD, order: 'recorded' }));
    expect(next.batches.length).toBeGreaterThan(5);
    expect(open(save(next)).trace.batches).toHaveLength(1);
    expect(facts(open(save(next)).trace)).toEqual(facts(trace));
    expect(open(save(next, { ...HEAD, order: 'recorded' })).trace.batches).toHaveLength(next.batches.length);
  });

  it('has the packets of the picture for other programs, and the kernel’s on interfaces of their own', () => {
    const scene = echoClosesEarly();
    const ends = { from: { address: '127.0.10.1', port: 40_000 }, to: { address: '127.0.20.1', port: 7007 } };
    for (let n = 0; n < 3; n++) capture(scene, { ...ends, flags: TCP_FLAGS.ACK, text: 'seen' });
    const { trace, story } = scene.told();
    const { packets } = packetsOf(story, trace);
    const frames = (of: RunHead['packets']): number => readFrames(save(trace, { ...HEAD, packets: of })).length;
    expect([frames('reconstructed'), frames('captured'), frames('both'), frames('none')]).toEqual([packets, 3, packets + 3, 0]);
  });

  it('has the packets of each batch behind its facts while it is recorded, so that a cut one has them up to there', () => {
    const scene = echoClosesEarly();
    const ends = { from: { address: '127.0.10.1', port: 40_000 }, to: { address: '127.0.20.1', port: 7007 } };
    for (let n = 0; n < 3; n++) capture(scene, { ...ends, flags: TCP_FLAGS.ACK, text: 'seen' });
    const { trace, story } = scene.told();
    const { packets } = packetsOf(story, trace);
    const file = recorded(cut(trace, 3), { ...HEAD, order: 'recorded', packets: 'both' });
    const frames = readFrames(file);
    expect(frames.length).toBe(packets + 3);
    // Each block of facts is followed by what it brought: at no place are facts far ahead of their packets.
    let [before, most] = [0, 0];
    for (let length = 200; length < file.length; length += 97) {
      const part = open(file.subarray(0, length)).trace;
      const known = part.count === 0 ? 0 : packetsOf(told(part).story, part).packets;
      const seen = readFrames(file.subarray(0, length)).length;
      expect(seen).toBeGreaterThanOrEqual(before);
      most = Math.max(most, known - seen);
      before = seen;
    }
    expect(most).toBeLessThan(6);
    // What they say is the same, however the facts were cut into batches.
    const one = recorded(trace, { ...HEAD, order: 'recorded', packets: 'reconstructed' });
    const several = recorded(cut(trace, 3), { ...HEAD, order: 'recorded', packets: 'reconstructed' });
    const said = (of: Uint8Array): string[] => readFrames(of).map(({ bytes }) => [...bytes.subarray(0, 38), ...bytes.subarray(54)].join(' ')).sort();
    expect(said(several)).toEqual(said(one));
  });

  it('has no key anywhere when keys are not wanted', () => {
    const { trace } = withKeys().told();
    const has = (file: Uint8Array, text: string): boolean => new TextDecoder('latin1').decode(file).includes(text);
    for (const order of ['saved', 'recorded'] as const) {
      const [open, closed] = [true, false].map((keys) => save(trace, { ...HEAD, keys, order })) as [Uint8Array, Uint8Array];
      expect([has(open, 'cdcdcd'), has(open, 'AN ODD LINE')]).toEqual([true, true]);
      expect([has(closed, 'cdcdcd'), has(closed, 'AN ODD LINE')]).toEqual([false, false]);
    }
    // Nobody knows yet what comes when a fact is recorded: the shape of a line tells.
    expect(has(recorded(trace, { ...HEAD, order: 'recorded' }), 'cdcdcd')).toBe(false);
  });

  it('is known by its first blocks, and nothing else is', () => {
    const file = save(echoClosesEarly().told().trace);
    expect(isRunFile(file.subarray(0, RUN_LIMITS.recognised))).toBe(true);
    for (let length = 0; length < 28; length++) expect(isRunFile(file.subarray(0, length))).toBe(false);
    // The section alone.
    expect(isRunFile(file.subarray(0, new DataView(file.buffer).getUint32(4, true)))).toBe(false);
    expect(isRunFile(new Uint8Array(64))).toBe(false);
  });
});

it('hands on batches with memory of their own, whatever the bytes of the file lie in', () => {
  const file = recorded(cut(echoClosesEarly().told().trace, 4), { ...HEAD, order: 'recorded' });
  const chunk = Buffer.from(file);
  const buffers: ArrayBufferLike[] = [chunk.buffer];
  let payloads = 0;
  const reader = new RunFileReader(({ columns, payload }) => {
    payloads += payload.length;
    for (const { buffer } of [columns, payload]) {
      expect(buffers).not.toContain(buffer);
      buffers.push(buffer);
    }
  });
  // A part is used again once it was given.
  for (let at = 0; at < chunk.length; at += 1000) {
    const part = Buffer.from(chunk.subarray(at, at + 1000));
    reader.push(part);
    part.fill(0xff);
  }
  reader.end();
  expect([reader.damage, payloads > 0]).toEqual([null, true]);
});

describe('a run file that is not as it should be', () => {
  const trace = cut(withKeys().told().trace, 4);
  const whole = save(trace, { ...HEAD, keys: true, order: 'recorded' });

  it('gives every whole block before its end, wherever it is cut', () => {
    let before = 0;
    for (let length = 0; length < whole.length; length++) {
      const { trace: part, reader } = open(whole.subarray(0, length));
      expect(part.count).toBeGreaterThanOrEqual(before);
      expect(reader.damage).not.toBeNull();
      expect(reader.damage?.offset).toBeLessThanOrEqual(length);
      before = part.count;
    }
    expect(before).toBe(trace.count);
    expect(facts(open(whole.subarray(0, whole.length - 1)).trace)).toEqual(facts(trace));
  });

  it('reads the same in pieces of any size', () => {
    for (const step of [1, 7, 64, 1000]) {
      const { trace: pieces, reader } = open(whole, step);
      expect(reader.damage).toBeNull();
      expect(pieces.count).toBe(trace.count);
    }
  });

  it('says where it was damaged, and keeps what came before', () => {
    const random = createRandom(20_261_121);
    for (let round = 0; round < 400; round++) {
      const bytes = whole.slice();
      for (let n = 1 + random.below(3); n > 0; n--) bytes[random.below(bytes.length)] = random.below(256);
      const { trace: part, reader } = open(bytes);
      // A byte of a packet is no fact's.
      if (reader.damage === null) expect(facts(part)).toEqual(facts(trace));
      else expect(part.count).toBeLessThanOrEqual(trace.count);
    }
  });

  it('is refused with a reason when it is another file', () => {
    const why = (bytes: Uint8Array): string | undefined => open(bytes).reader.damage?.why;
    expect(why(new Uint8Array(0))).toBe('this is no run of Looplab');
    expect(why(new Uint8Array(100))).toBe('this is no pcapng');
    expect(why(concatBytes(whole.subarray(0, 28 + 12)))).toBe('the file ends within a block');
    const section = whole.subarray(0, new DataView(whole.buffer).getUint32(4, true));
    expect(why(section)).toBe('this is no run of Looplab');
    expect(why(concatBytes(section, section))).toBe('this is no run of Looplab');
    const newer = whole.slice();
    newer[section.length + 8 + 16] = RUN_BLOCK.version + 1;
    expect(why(newer)).toBe('a block of format 2, and format 1 is known here');
  });
});

describe('facts that no recorder wrote', () => {
  it('make some picture, whatever they say', () => {
    const random = createRandom(7);
    let refused = 0;
    for (let round = 0; round < 120; round++) {
      const { trace } = (round % 2 === 0 ? withKeys() : udpUppercase()).told();
      const [batch] = batchesOf(trace, true);
      const block = recordedBlock(batch as Batch, true);
      const columns = 56 * trace.count;
      for (let n = 1 + random.below(12); n > 0; n--) block[BODY_AT + 32 + random.below(columns)] = [0, 1, 2, 255, 127, 128][random.below(9)] ?? random.below(256);
      // The checksum is right: somebody wrote this.
      const view = new DataView(block.buffer);
      view.setUint32(8 + RUN_AT.crc, crc32(block, 8 + RUN_AT.version, BODY_AT + view.getUint32(8 + RUN_AT.length, true)), true);
      // What the reader takes of it, the story can be told of.
      const { trace: read } = open(concatBytes(...beginBlocks(HEAD), block));
      refused += read.count === 0 ? 1 : 0;
      const { story } = told(read);
      new AppBuilder(read, story).advance();
      expect(textLadder(story, read)).toEqual(expect.any(String));
      expect(save(read).length).toBeGreaterThan(0);
    }
    expect(refused).toBeGreaterThan(15);
    expect(refused).toBeLessThan(115);
  });
});

/** The same facts in batches of `rows`, as they come one after the other. */
function cut(trace: TraceStore, rows: number): TraceStore {
  const store = new TraceStore();
  const writer = new TraceWriter((batch) => store.append(batch));
  for (let seq = 0; seq < trace.count; seq++) {
    const { columns, row } = trace.locate(seq);
    const text = (column: 'local' | 'remote' | 'text' | 'err'): number => writer.intern(trace.string(columns[column][row] ?? 0));
    const { t, role, sock, a, b, offset, size } = trace.at(seq);
    writer.write(t, columns.kind[row] ?? 0, role, sock, a, b, text('err'), text('local'), text('remote'), offset, size, trace.payload(seq), text('text'), columns.evidence[row]);
    if (seq % rows === rows - 1) store.append(writer.take());
  }
  if (writer.pending) store.append(writer.take());
  return store;
}
