// Headers against the kernel's: a lab's run with what tcpdump saw of it put into the same trace. Each message finds its frames, what we call
// known is what was on the wire, and checksums summed step by step are those that tshark calculates. On lo the kernel leaves TCP's and UDP's
// to a network card that is not there, and we can tell that from damage.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import lab from '../../../electron/labs/encapsulation/lab';
import { LabTest, local } from '../../../electron/labs/run.fixture';
import { must } from '../../../shared/base/assert';
import { checksumState, ipSummable, receiverSum, senderSum, transportSummable, writtenFor } from '../../../shared/codec/checksumSteps';
import { dissect } from '../../../shared/codec/dissect';
import { walkFields } from '../../../shared/codec/field';
import { EVIDENCE_CODE, KIND_CODE } from '../../../shared/trace/event';
import { reconstruct } from '../../../shared/trace/headers';
import { groundOf, headersFrames } from '../../../shared/trace/headersFrames';
import type { TraceStore } from '../../../shared/trace/store';
import type { Segment } from '../../../shared/trace/story';
import { TraceWriter } from '../../../shared/trace/writer';
import { readFrames, type Frame } from '../captureFile.fixture';
import { tsharkFields } from '../tshark.fixture';
import { captureProblem, withCapture } from './capture';
import { hostsOf } from './judged';

const problem = await captureProblem();

/** The frames as facts at the end of the trace, as a capture of the kernel's will write them. */
function addCaptured(trace: TraceStore, frames: readonly Frame[]): void {
  const writer = new TraceWriter((batch) => trace.append(batch));
  for (const { bytes, linkType, wire } of frames) writer.write(0, KIND_CODE['packet.captured'], 0, 0, linkType, 1, 0, 0, 0, 0, wire, bytes, 0, EVIDENCE_CODE.captured);
  const batch = writer.take();
  const { dictionary } = trace as unknown as { readonly dictionary: readonly string[] };
  trace.append({ ...batch, first: trace.count, dict: [], dictFirst: dictionary.length });
}

async function captured(params: Record<string, string | number>): Promise<{ readonly run: LabTest; readonly frames: readonly Frame[] }> {
  let frames: readonly Frame[] = [];
  const { result: run } = await withCapture(hostsOf(lab), async () => {
    const played = await LabTest.play(lab, params);
    await played.stop();
    return played;
  }, 'whole', (file) => {
    frames = readFrames(readFileSync(file)).filter(({ bytes }) => dissect(bytes).some(({ tree }) => [...walkFields(tree)].some(({ node }) => node.name === 'ip.dst' && String(node.value).startsWith(local('127.0.75.')))));
    return Promise.resolve();
  });
  addCaptured(run.store, frames);
  return { run, frames };
}

/** Every field of a frame by its name; of those that come twice, the first. */
const fieldsOf = (bytes: Uint8Array): Map<string, string> => {
  const found = new Map<string, string>();
  for (const { tree } of dissect(bytes)) for (const { node } of walkFields(tree)) if (node.value !== null && !node.generated && !found.has(node.name)) found.set(node.name, node.display);
  return found;
};

const carrying = (run: LabTest): Segment[] => run.segments().filter(({ kind, transport }) => (kind === 'data' || kind === 'datagram') && transport !== 'unix');

describe.skipIf(problem !== null)(`headers of the kernel${problem === null ? '' : ` (skipped: ${problem})`}`, () => {
  it('are found for every segment, and are what we say of known fields', async () => {
    const { run, frames } = await captured({});
    const { story, store } = run;
    expect(frames.length).toBeGreaterThan(8);
    for (const segment of run.segments().filter(({ transport }) => transport !== 'unix')) {
      const [frame] = headersFrames(story, store, segment.id);
      expect(frame?.source, segment.kind).toBe('captured');
      const real = fieldsOf(must(frame, 'frame').bytes);
      const ours = fieldsOf(must(reconstruct(story, store, segment.id), 'rebuilt').bytes);
      const known = [...ours].filter(([name]) => segment.transport !== 'icmp' && groundOf(name, 'reconstructed', segment.transport === 'udp' ? 'udp' : 'tcp') !== 'made' && name !== 'udp.checksum');
      expect(known.length).toBeGreaterThan(7);
      for (const [name, value] of known) expect(real.get(name), `${segment.kind} ${name}`).toBe(value);
      const { transportStart } = must(reconstruct(story, store, segment.id), 'rebuilt');
      // Timestamps are what ours lack: 12 bytes in each segment of Linux's after the SYN.
      if (segment.kind === 'data') expect(must(frame, 'frame').payloadStart - transportStart).toBe(32);
    }
  });

  it('have the checksums that tshark calculates, step by step; on lo they are left partial', async () => {
    const { run, frames } = await captured({ text: 'odd' });
    const rows = await tsharkFields(frames, ['ip.checksum', 'tcp.checksum_calculated', 'udp.checksum_calculated', 'tcp.checksum', 'udp.checksum']);
    const states = new Set<string>();
    for (const [index, { bytes }] of frames.entries()) {
      const layers = dissect(bytes);
      const [ip, transport] = [must(layers[1], 'ip'), must(layers[2], 'transport')];
      const fields = fieldsOf(bytes);
      const header = ipSummable(bytes.subarray(ip.start, ip.start + ip.length));
      expect([checksumState(header), receiverSum(header).sum]).toEqual(['right', 0xffff]);
      const kind = transport.protocol === 'tcp' ? 'tcp' : 'udp';
      const summable = transportSummable(kind, must(fields.get('ip.src'), 'source'), must(fields.get('ip.dst'), 'destination'), bytes.subarray(transport.start, transport.start + transport.length), bytes.subarray(transport.payload.start, transport.payload.end));
      const [ipWritten, tcpRight = '', udpRight = '', tcpWritten = '', udpWritten = ''] = must(rows[index], 'row');
      expect(Number(ipWritten)).toBe(header.written);
      expect(Number(kind === 'tcp' ? tcpWritten : udpWritten)).toBe(summable.written);
      // tshark calculates it where it was wrong; where it was right, it is the one that is written.
      const right = Number((kind === 'tcp' ? tcpRight : udpRight) || (kind === 'tcp' ? tcpWritten : udpWritten));
      expect(writtenFor(kind, senderSum(summable).complement), `frame ${index}`).toBe(right);
      const state = checksumState(summable);
      states.add(state);
      expect(state === 'right' ? receiverSum(summable).sum : 0xffff).toBe(0xffff);
    }
    expect([...states].every((state) => state === 'partial' || state === 'right')).toBe(true);
    expect(states.has('partial')).toBe(true);
    expect(run.errors('sender-tcp')).toEqual([]);
  });

  it('of a long message are as many as the kernel made of one send(), and carry each byte once', async () => {
    const { run } = await captured({ transport: 'tcp', size: 100_000 });
    const { story, store } = run;
    for (const segment of carrying(run)) {
      const frames = headersFrames(story, store, segment.id);
      if (segment.size > 65_483) expect(frames.length).toBeGreaterThan(1);
      let next = 0;
      for (const frame of frames) {
        expect(frame.source).toBe('captured');
        expect(frame.offset).toBeLessThanOrEqual(next);
        next = Math.max(next, frame.offset + frame.size);
        expect(frame.size).toBeLessThanOrEqual(65_483);
      }
      expect(next).toBeGreaterThanOrEqual(segment.size);
    }
  });
});
