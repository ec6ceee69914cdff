// The kernel's packets in a run's own trace: beside the calls, on the same clock, marked captured. And what is told where they cannot be had.
import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TraceStore } from '../../../shared/trace/store';
import type { LabState } from '../engine';
import { Engine } from '../engine';
import { LabTest, local } from '../../labs/run.fixture';
import tcpEcho from '../../labs/tcp-echo/lab';
import { captureProblem } from './captureProblem';
import { filterOf } from './kernelCapture';
import type { PcapPacket } from './pcapReader';
import { startTool } from './tools';
import { wallOffset } from './wallClock';

const problem = await captureProblem();

describe('the filter', () => {
  const plan = (addresses: readonly string[]) => ({
    hosts: addresses.map((address, index) => ({ id: `h${index}`, address, fallback: false, late: false })),
    endpoints: new Map([['server', { address: addresses[0] ?? '', port: 7007 }]]),
  });

  it("names the run's hosts, and ports where an address is not its own", () => {
    expect(filterOf(plan(['127.0.10.1', '127.0.20.1', '127.0.10.1']))).toBe('host 127.0.10.1 or host 127.0.20.1 or (host ::1 and (port 7007))');
    expect(filterOf(plan(['127.0.0.1']))).toBe('(host 127.0.0.1 and (port 7007)) or (host ::1 and (port 7007))');
  });

  it('names the network of many', () => {
    expect(filterOf(plan(Array.from({ length: 200 }, (_, index) => `127.0.61.${index + 1}`)))).toBe('net 127.0.61.0/24 or (host ::1 and (port 7007))');
  });
});

it('takes the clock of day for what it is', () => {
  let now = 0;
  // A clock of day that shows milliseconds, 5 s ahead of the trace's, whose reading takes 10 us.
  const offset = wallOffset({ origin: '0', now: () => now }, () => Math.floor((now += 10) / 1000) + 5000);
  expect(Math.abs(offset - 5_000_000)).toBeLessThanOrEqual(20);
});

describe('the programs that record', () => {
  it('are tried one after the other', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      await expect(startTool('less 1', () => undefined, 'linux')).rejects.toMatchObject({ code: 'ENOENT', where: 'tcpdump' });
      await expect(startTool('less 1', () => undefined, 'win32')).rejects.toMatchObject({ code: 'ENOENT', where: 'dumpcap' });
      await expect(startTool('less 1', () => undefined, 'aix')).rejects.toMatchObject({ code: 'ENOTSUP' });
    } finally {
      process.env['PATH'] = path;
    }
  });

  it.runIf(process.platform === 'linux')('tell while they record how many packets were thrown away, when they can', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'looplab-tools-'));
    const path = process.env['PATH'];
    try {
      // One that has an answer, and one that the question would end.
      for (const [answer, told] of [["trap 'echo 7 packets dropped by kernel >&2' USR1", 7], ['', 0]] as const) {
        const program = ['#!/bin/sh', "trap 'echo 9 packets dropped by kernel >&2; exit 0' INT", answer, 'echo listening on lo >&2', 'while :; do /bin/sleep 0.02; done', ''].join('\n');
        await writeFile(join(folder, 'tcpdump'), program, { mode: 0o755 });
        process.env['PATH'] = folder;
        const tool = await startTool('less 1', () => undefined, 'linux');
        expect(tool.dropped).toBe(0);
        tool.ask();
        if (told > 0) await expect.poll(() => tool.dropped, { timeout: 60_000 }).toBe(told);
        expect(await tool.stop()).toEqual({ dropped: 9 });
      }
    } finally {
      process.env['PATH'] = path;
      await rm(folder, { recursive: true });
    }
  });

  const dumpcap = process.platform === 'linux' && problem === null ? ['/usr/bin/dumpcap', '/usr/local/bin/dumpcap'].find((file) => existsSync(file)) : undefined;
  it.runIf(dumpcap !== undefined)('are tcpdump, else dumpcap, whose packets come a quarter of a second later', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'looplab-tools-'));
    const path = process.env['PATH'];
    await symlink(dumpcap ?? '', join(folder, 'dumpcap'));
    process.env['PATH'] = folder;
    try {
      const found: PcapPacket[] = [];
      const tool = await startTool('udp and port 9 and host 127.0.77.99', (packets) => found.push(...packets));
      expect([tool.name, tool.delay]).toEqual(['dumpcap', 250_000]);
      const socket = createSocket('udp4');
      await new Promise<void>((resolve) => socket.send('hello', 9, '127.0.77.99', () => resolve()));
      socket.close();
      expect(await tool.stop()).toEqual({ dropped: 0 });
      expect(found.map(({ bytes }) => Buffer.from(bytes).includes('hello'))).toEqual([true]);
    } finally {
      process.env['PATH'] = path;
      await rm(folder, { recursive: true });
    }
  });
});

describe('a run that asks for them', () => {
  it.runIf(problem === null)('has the segments of its connections between its calls, as captured', { timeout: 120_000 }, async () => {
    const run = await LabTest.play(tcpEcho, { client: 'half-closes' }, { capture: true });
    await run.stop();
    const packets = run.facts('packet.captured');
    expect(packets.every(({ evidence, a, size }) => evidence === 'captured' && a === 1 && size > 50)).toBe(true);
    // A handshake, a FIN from each side, and the data with their acknowledgments.
    expect(packets.length).toBeGreaterThanOrEqual(8);
    const wire = packets.map(({ seq }) => Buffer.from(run.store.payload(seq)));
    const addresses = [local('127.0.10.1'), local('127.0.20.1')].sort();
    for (const frame of wire) expect([[...frame.subarray(26, 30)].join('.'), [...frame.subarray(30, 34)].join('.')].sort()).toEqual(addresses);

    // The first SYN is carried between the beginning of connect() and its end, the data after send() began: give or take the clocks' difference.
    const SLACK = 2000;
    const t = (kind: Parameters<typeof run.facts>[0], role: string): number => run.facts(kind, role)[0]?.t ?? Number.NaN;
    const first = packets[0]?.t ?? Number.NaN;
    expect(first).toBeGreaterThan(t('connect.started', 'client*') - SLACK);
    expect(first).toBeLessThan(t('connect.ended', 'client*') + SLACK);
    const said = run.text(run.facts('bytes.sent', 'client*')[0] as ReturnType<typeof run.facts>[0]);
    const data = packets[wire.findIndex((frame) => frame.includes(said))]?.t ?? Number.NaN;
    expect(data).toBeGreaterThan(t('bytes.sent', 'client*') - SLACK);
    expect(data).toBeLessThan(t('bytes.received', 'server*') + SLACK);
    // Times never fall, and the story is that of a run without.
    for (let seq = 1; seq < run.store.count; seq++) expect(run.store.at(seq).t).toBeGreaterThanOrEqual(run.store.at(seq - 1).t);
    expect(run.story.connections.count).toBe(1);
  });

  it.runIf(problem === null)('turns it on and off ten times while it goes on, and the trace says when', { timeout: 120_000 }, async () => {
    const run = await LabTest.serve(tcpEcho);
    const TURNS = Array.from({ length: 21 }, (_, turn) => turn % 2 === 0);
    const calls: string[] = [];
    for (const on of TURNS) {
      await run.record(on);
      calls.push(`${run.capture?.on}`);
    }
    await run.stop();
    expect(calls).toEqual(TURNS.map(String));
    expect(run.facts('capture.changed').map(({ a, text, err }) => [a, text, err])).toEqual([...TURNS, false].map(Number).map((a) => [a, expect.stringMatching(/^(tcpdump|dumpcap)$/), '']));
  });

  it.runIf(problem === null && process.platform === 'linux')('goes on when the program that records is killed, says so, and takes another', { timeout: 240_000 }, async () => {
    const run = await LabTest.serve(tcpEcho);
    await run.record(true);
    // Not every machine has ps. A process may be gone before its turn comes.
    const processes = await Promise.all((await readdir('/proc')).map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')));
    const ours = processes.map((stat) => /^(\d+) \((?:tcpdump|dumpcap)\) \S (\d+) /.exec(stat)).filter((found) => Number(found?.[2]) === process.pid);
    expect(ours).toHaveLength(1);
    process.kill(Number(ours[0]?.[1]), 'SIGKILL');
    await run.untilFacts('capture.changed', '', 2);
    await run.record(true);
    await run.stop();
    expect(run.facts('capture.changed').map(({ a, err }) => [a, err])).toEqual([[1, ''], [0, 'ENDED'], [1, ''], [0, '']]);
  });

  it('goes on without where it cannot be had, and says why', { timeout: 120_000 }, async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      const states: LabState[] = [];
      const trace = new TraceStore();
      const moved = { ...tcpEcho, manifest: { ...tcpEcho.manifest, hosts: tcpEcho.manifest.hosts.map((host) => ({ ...host, address: local(host.address) })) } };
      const engine = new Engine([{ lab: moved, lessons: new Map() }], { onBatch: (_run, batch) => trace.append(batch), onState: (state) => states.push(state) });
      const opened = new Promise<void>((resolve) => {
        const look = setInterval(() => {
          if (states.at(-1)?.state !== 'open') return;
          clearInterval(look);
          resolve();
        }, 10);
      });
      await engine.start('tcp-echo', {}, { capture: true });
      await opened;
      expect(states.at(-1)?.capture).toMatchObject({ on: false, packets: 0, error: { code: 'ENOENT', where: 'tcpdump' } });
      await engine.dispose();
    } finally {
      process.env['PATH'] = path;
    }
  });
});
