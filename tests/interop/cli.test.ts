// The command line as a process of its own on plain Node: its exit status, its streams, its signals. What the commands do is tested
// beside them (electron/cli/main.test.ts).

import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildEntry, type Built } from '../../electron/runtime/build.fixture';
import { eventJsonSchema } from '../../shared/trace/eventJson';
import { readFrames } from './captureFile.fixture';
import { captureProblem } from './kernel/capture';
import { straceProblem, tracedCalls } from './strace.fixture';

let built: Built;
beforeAll(async () => {
  built = await buildEntry('electron/cli.ts');
}, 60_000);
afterAll(() => built.remove());

const start = (...args: string[]): ChildProcessWithoutNullStreams => spawn(process.execPath, [built.file, ...args]);

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

function end(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  return new Promise((resolve) => child.on('close', (status, signal) => resolve({ status, signal, out, err })));
}

interface Listening {
  readonly role: string;
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

/** The first endpoint that it prints; rejects when it ends without one. */
function endpointOf(child: ChildProcessWithoutNullStreams): Promise<Listening> {
  let out = '';
  let err = '';
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
    child.on('close', (status) => reject(new Error(`it ended with ${status}: ${err}`)));
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes.toString();
      const line = out.split('\n').slice(0, -1).find((one) => one.includes('"protocol"') && !one.includes('"seq"'));
      if (line !== undefined) resolve(JSON.parse(line) as Listening);
    });
  });
}

function ask(address: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    net.connect(port, address).on('data', (bytes) => (answer += bytes.toString())).on('end', () => resolve(answer)).on('error', reject);
  });
}

describe('looplab as a process', () => {
  it('needs no Electron', async () => {
    expect(await readFile(built.file, 'utf8')).not.toMatch(/from\s*["']electron["']|require\(["']electron["']\)/);
  });

  it('can be started by its name: the shell learns that it is for Node', async () => {
    expect(await readFile(built.file, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('lists the labs', async () => {
    const { status, out, err } = await end(start('list', '--json'));
    expect([status, err]).toEqual([0, '']);
    expect((JSON.parse(out) as { id: string }[]).map((lab) => lab.id)).toEqual(expect.arrayContaining(['daytime', 'udp-uppercase', 'tcp-echo']));
  });

  it.each(['daytime', 'udp-uppercase', 'tcp-echo'])('runs %s to its end', async (lab) => {
    const text = await end(start('run', lab));
    expect([text.status, text.err]).toEqual([0, '']);
    expect(text.out).toContain('== the lab reached its end');
    const json = await end(start('run', lab, '--json', '--payload'));
    expect(json.status).toBe(0);
    for (const line of json.out.trimEnd().split('\n')) expect(v.safeParse(eventJsonSchema, JSON.parse(line)).issues).toBeUndefined();
  });

  it('ends with 2 for what does not exist', async () => {
    const { status, out, err } = await end(start('run', 'no-such-lab'));
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain('daytime');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('serves until %s, then frees its port', async (signal) => {
    const child = start('serve', 'daytime');
    const ended = end(child);
    const endpoint = await endpointOf(child);
    expect(endpoint).toEqual({ role: 'server', protocol: 'tcp', address: expect.stringMatching(/^127\./) as string, port: expect.any(Number) as number });
    expect(await ask(endpoint.address, endpoint.port)).toMatch(/^\d{4}-\d\d-\d\dT.*\n$/);
    child.kill(signal);
    expect(await ended).toMatchObject({ status: 0, signal: null, err: '' });
    await expect(ask(endpoint.address, endpoint.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.runIf(process.platform !== 'win32')('ends with the shell that npm started it in', async () => {
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${built.file}" serve daytime; true`], { env: { ...process.env, npm_lifecycle_event: 'lab' } });
    const ended = end(shell);
    const { address, port } = await endpointOf(shell);
    shell.kill('SIGTERM');
    // Standard output is closed when the last of them has ended.
    await ended;
    await expect(ask(address, port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('ends quietly when nobody reads on: looplab ... | head', async () => {
    const child = start('serve', 'daytime', '--json');
    const ended = end(child);
    const { address, port } = await endpointOf(child);
    child.stdout.destroy();
    // It learns of it when it next has something to print.
    await ask(address, port);
    expect(await ended).toMatchObject({ status: 0, signal: null, err: '' });
  });

  it.skipIf(straceProblem !== '').each(['one', 'two'])(`calls what the ladder says, by strace${straceProblem === '' ? '' : ` (not run: ${straceProblem})`}: %s`, (servers) => {
    const kernel = tracedCalls([built.file, 'serve', 'daytime', '--set', `server=${servers}`, '--for', '0.2'], 7013);
    const ladder = spawnSync(process.execPath, [built.file, 'run', 'daytime', '--set', `server=${servers}`], { encoding: 'utf8' }).stdout;
    const ours = ladder.split('\n').flatMap((line) => /\bserver(?:-2)? {2}(?:·· )?(socket|setsockopt|bind|listen)\(/.exec(line)?.[1] ?? []);
    const each = ['socket', 'setsockopt SO_REUSEADDR', 'bind', 'listen'];
    expect(kernel).toEqual(servers === 'one' ? each : [...each, 'socket', 'setsockopt SO_REUSEADDR', 'bind']);
    expect(ours).toEqual(kernel.map((call) => call.split(' ')[0]));
    // No tap sees it: it follows from bind(), and is marked so.
    expect(ladder).toContain('·· setsockopt(SO_REUSEADDR=1)');
  });

  it.runIf(process.platform === 'linux')('says so when descriptors run out: socket() fails with EMFILE, the lab reaches its end all the same', () => {
    const limited = spawnSync('sh', ['-c', `ulimit -n 32; exec "${process.execPath}" "${built.file}" run tcp-echo --set clients=50`], { encoding: 'utf8' });
    expect([limited.status, limited.stderr]).toEqual([0, '']);
    expect(limited.stdout).toContain('socket(AF_INET, SOCK_STREAM) → EMFILE');
    expect(limited.stdout).toContain('EMFILE: no descriptor is left');
    expect(limited.stdout).toContain('== the lab reached its end');
  });

  const most = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout.trim();
  const few = process.platform !== 'linux' ? ' (not run: Linux has these limits)' : Number(most) < 1400 ? ` (not run: a process may have ${most} descriptors here)` : '';
  it.skipIf(few !== '')(`has a crowd echo all at once, its server in a process of its own, or says before it begins that it cannot${few}`, () => {
    const crowd = (descriptors: number) =>
      spawnSync('sh', ['-c', `ulimit -n ${descriptors}; exec "${process.execPath}" "${built.file}" run tcp-echo --set clients=1100 --set client=line-by-line --set lines=1 --set read-size=64 --set delay=0`], { encoding: 'utf8', maxBuffer: 64 << 20 });
    const run = crowd(1400);
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(run.stdout.match(/sent 32 B, received 32 B/g)).toHaveLength(1100);
    const refused = crowd(1100);
    expect([refused.status, refused.stderr]).toEqual([1, 'looplab: 1100 clients need 1164 descriptors, this process may have 1100: raise the limit (ulimit -n 1164) or take fewer clients\n']);
  }, 120_000);

  it('is interrupted in the middle of a script: status 130, what happened so far, and why', async () => {
    const child = start('run', 'tcp-echo', '--set', 'client=line-by-line', '--set', 'lines=1000', '--set', 'delay=2000');
    const ended = end(child);
    await listens('127.0.20.1', 7007);
    child.kill('SIGINT');
    const { status, out, err } = await ended;
    expect([status, err]).toEqual([130, 'looplab: interrupted before the lab reached its end\n']);
    expect(out).toContain('== the lab was stopped');
  });

  it('loses nothing that is older than 250 ms when it is killed while it records, and the file opens', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'looplab-killed-'));
    try {
      const path = join(folder, 'run.pcapng');
      const captured = (await captureProblem()) === null;
      const child = start('serve', 'daytime', '--json', '--record', path, ...(captured ? ['--capture', '--packets', 'both'] : []));
      let out = '';
      child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
      const { address, port } = await endpointOf(child);
      const closed = new Promise((resolve) => child.on('close', resolve));
      // Clients come and go until the last moment.
      let killed = false;
      const clients = (async () => {
        while (!killed) await ask(address, port).catch(() => '');
      })();
      const told = (): { readonly t_us: number; readonly kind: string }[] => out.split('\n').slice(0, -1).filter((line) => line.includes('"seq"')).map((line) => JSON.parse(line) as { t_us: number; kind: string });
      const until = async (holds: (facts: ReturnType<typeof told>) => boolean): Promise<void> => {
        while (!holds(told())) await new Promise((resolve) => child.stdout.once('data', resolve));
      };
      await until((facts) => facts.length >= 200 && (!captured || facts.filter(({ kind }) => kind === 'packet.captured').length >= 20));
      const known = told();
      // The promise is about time: that of the process which records.
      const from = known.at(-1)?.t_us ?? 0;
      await until((facts) => (facts.at(-1)?.t_us ?? 0) >= from + 250_000);
      child.kill('SIGKILL');
      await closed;
      killed = true;
      await clients;
      const { status, out: ladder, err } = await end(start('ladder', path, '--json'));
      expect(ladder.trimEnd().split('\n').length).toBeGreaterThanOrEqual(known.length);
      expect([status, err]).toEqual([1, expect.stringMatching(/is not whole: (the recording was not finished|the file ends within a block), at byte \d+\n$/)]);
      // Its packets too: those of the kernel, and those of the calls, as other programs read them up to the cut (to tshark our own blocks are frames without IP).
      const frames = readFrames(await readFile(path));
      const counted = (kind: string): number => known.filter((fact) => fact.kind === kind).length;
      expect(frames.length).toBeGreaterThanOrEqual(counted('packet.captured') + counted('bytes.sent'));
      const { stdout } = spawnSync('tshark', ['-r', path, '-n', '-Y', 'ip', '-T', 'fields', '-e', 'frame.number'], { encoding: 'utf8', maxBuffer: 1e9 });
      expect(stdout.trimEnd().split('\n')).toHaveLength(frames.length);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.runIf(process.platform === 'linux')('stops recording where the system takes no more, says what is saved, and the run goes on to its end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'looplab-full-'));
    try {
      // A file may have 4 KiB; a disk of 8 KiB, where this user may make one.
      const limits: readonly { readonly code: string; readonly before: string }[] = [
        { code: 'EFBIG', before: 'ulimit -f 4' },
        ...(spawnSync('unshare', ['-m', 'sh', '-c', `mount -t tmpfs -o size=8k none ${folder}`]).status === 0 ? [{ code: 'ENOSPC', before: `mount -t tmpfs -o size=8k none ${folder}` }] : []),
      ];
      for (const { code, before } of limits) {
        const path = join(folder, `${code}.pcapng`);
        const kept = `${folder}-${code}`;
        // What is on that disk goes with the process: it is copied out.
        const script = `${before}; "$@"; status=$?; ulimit -f unlimited 2>/dev/null; cat "${path}" > "${kept}"; exit $status`;
        const { status, out, err } = await end(spawn(code === 'ENOSPC' ? 'unshare' : 'sh', [...(code === 'ENOSPC' ? ['-m', 'sh'] : []), '-c', script, 'sh', process.execPath, built.file, 'run', 'tcp-echo', '--set', 'clients=3', '--record', path]));
        expect(err, code).toMatch(new RegExp(`recording into ${path} has stopped: .*; (nothing of the run is saved|fact \\d+ is the last one that is saved, (and no packet|packet \\d+ the last packet))\n$`, 'u'));
        // The lab reached its end: all of its ladder is there.
        expect([status, out]).toEqual([1, expect.stringMatching(/exit/u)]);
        const bytes = await readFile(kept);
        await rm(kept);
        expect(bytes.length).toBeLessThanOrEqual(8192);
        const saved = Number(/packet (\d+) the last packet/u.exec(err)?.[1] ?? 0);
        expect(readFrames(bytes)).toHaveLength(saved);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('records and saves a run that opens to the ladder that it printed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'looplab-recorded-'));
    try {
      const [recorded, saved] = [join(folder, 'recorded.pcapng'), join(folder, 'saved.pcapng')];
      const run = await end(start('run', 'tcp-echo', '--record', recorded, '--save', saved));
      expect([run.status, run.err]).toEqual([0, '']);
      expect(await end(start('ladder', saved))).toEqual({ status: 0, signal: null, out: run.out, err: '' });
      expect(await end(start('ladder', recorded))).toEqual({ status: 0, signal: null, out: run.out, err: '' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Resolves once somebody listens there. */
async function listens(address: string, port: number): Promise<void> {
  for (;;) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, address).on('error', () => resolve(false)).on('connect', () => {
        socket.destroy();
        resolve(true);
      });
    });
    if (connected) return;
  }
}
