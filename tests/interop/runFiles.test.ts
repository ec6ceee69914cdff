// A run file before the eyes of others: of labs on real sockets, opened by tshark and capinfos, without the keys of TLS unless they were asked
// for, and opened by Looplab again to the same picture and the same bytes.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import dnsLookup from '../../electron/labs/dns-lookup/lab';
import https from '../../electron/labs/https/lab';
import { LabTest } from '../../electron/labs/run.fixture';
import tcpEcho from '../../electron/labs/tcp-echo/lab';
import type { Lab } from '../../electron/roles/lab';
import { readRunFile } from '../../electron/runtime/runFile/readRunFile';
import { concatBytes, equalBytes } from '../../shared/base/bytes';
import { AppBuilder } from '../../shared/trace/app/appBuilder';
import { appLadder } from '../../shared/trace/app/describeApp';
import { eventJson } from '../../shared/trace/eventJson';
import { pcapngBlocks } from '../../shared/trace/export/pcapng';
import { StoryBuilder } from '../../shared/trace/fold';
import { batchesOf } from '../../shared/trace/runFile/batches';
import type { RunHead } from '../../shared/trace/runFile/meta';
import { runFileBlocks } from '../../shared/trace/runFile/write';
import { TraceStore } from '../../shared/trace/store';
import type { Story } from '../../shared/trace/story';
import { textLadder } from '../../shared/trace/textLadder';

const folder = mkdtempSync(join(tmpdir(), 'looplab-run-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NOTES = { answers: [{ question: 'guess', option: 'a' }], bookmarks: [1, 4] };
const headOf = (lab: string, keys: boolean): RunHead => ({ format: 'looplab-run', application: 'Looplab test', lab, order: 'saved', packets: 'reconstructed', keys });
const save = (trace: TraceStore, story: Story, head: RunHead): Uint8Array => concatBytes(...runFileBlocks({ trace, story, notes: NOTES }, head));

/** Everything that the views tell of, as text: the ladder, the applications' ladder, every event with its bytes. */
function picture(trace: TraceStore, story: Story): string[] {
  const apps = new AppBuilder(trace, story);
  apps.advance();
  const events = Array.from({ length: trace.count }, (_, seq) => JSON.stringify(eventJson(trace, story, seq, { payload: true })));
  return [textLadder(story, trace), appLadder(apps.app, story), ...events];
}

/** The run so far: its servers still listen, and more may come. */
function frozen(live: TraceStore): { trace: TraceStore; story: Story } {
  const trace = new TraceStore();
  for (const batch of batchesOf(live, false)) trace.append(batch);
  const builder = new StoryBuilder(trace);
  builder.advance();
  return { trace, story: builder.story };
}

async function opened(path: string): Promise<{ trace: TraceStore; story: Story; head: RunHead }> {
  const trace = new TraceStore();
  const builder = new StoryBuilder(trace);
  const { head, damage, notes } = await readRunFile(path, (batch) => {
    trace.append(batch);
    builder.advance();
  });
  expect([damage, notes]).toEqual([null, NOTES]);
  return { trace, story: builder.story, head };
}

/** Lines of tshark, which must end with status 0. Our own blocks are no frames with bytes of a packet. */
const tshark = (file: string, fields: readonly string[]): string[] =>
  execFileSync('tshark', ['-r', file, '-n', '-Y', 'ip', '-T', 'fields', ...fields.flatMap((field) => ['-e', field])], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n').filter((line) => line !== '');

describe.each<[string, Lab]>([['tcp-echo', tcpEcho], ['dns-lookup', dnsLookup], ['https', https]])('a saved run of %s', (id, lab) => {
  it('opens to the same picture, is saved as it was, and shows others the same conversation', async () => {
    const run = await LabTest.play(lab, id === 'https' ? { keys: true } : {});
    const { trace, story } = frozen(run.store);
    const before = picture(trace, story);
    const path = join(folder, `${id}.pcapng`);
    const bytes = save(trace, story, headOf(id, true));
    writeFileSync(path, bytes);

    const again = await opened(path);
    expect(picture(again.trace, again.story)).toEqual(before);
    expect(equalBytes(save(again.trace, again.story, again.head), bytes)).toBe(true);

    const packets = join(folder, `${id}-packets.pcapng`);
    writeFileSync(packets, concatBytes(...pcapngBlocks(story, trace, { application: 'Looplab test', keys: true })));
    const fields = ['ip.src', 'ip.dst', 'tcp.srcport', 'tcp.dstport', 'tcp.flags', 'tcp.seq', 'tcp.len', 'udp.length', 'dns.qry.name', 'frame.time_epoch'];
    const conversation = tshark(path, fields);
    expect(conversation.length).toBeGreaterThan(3);
    expect(conversation).toEqual(tshark(packets, fields));
    expect(execFileSync('capinfos', ['-c', '-M', path], { encoding: 'utf8' })).toContain(String(conversation.length));
  });
});

it('has no byte of a key when keys are not asked for, wherever one looks', async () => {
  const run = await LabTest.play(https, { keys: true });
  const { trace, story } = frozen(run.store);
  const lines = run.facts('key.logged').map(({ text }) => text);
  expect(lines.length).toBeGreaterThan(3);
  const secrets = lines.map((line) => line.split(' ')[2] ?? line);
  const path = join(folder, 'sealed.pcapng');
  const holds = (file: string, text: string): boolean => readFileSync(file).includes(text);
  writeFileSync(path, save(trace, story, headOf('https', true)));
  expect(secrets.every((secret) => holds(path, secret))).toBe(true);
  writeFileSync(path, save(trace, story, headOf('https', false)));
  expect(secrets.some((secret) => holds(path, secret) || holds(path, Buffer.from(secret, 'hex').toString('latin1')))).toBe(false);
  expect(secrets.some((secret) => readFileSync(path).includes(Buffer.from(secret, 'hex')))).toBe(false);
  const again = await opened(path);
  // But for the keys nothing is gone.
  expect(textLadder(again.story, again.trace)).toBe(textLadder(story, trace));
  expect(again.trace.count).toBe(trace.count);
  expect(equalBytes(save(again.trace, again.story, again.head), readFileSync(path))).toBe(true);
});
