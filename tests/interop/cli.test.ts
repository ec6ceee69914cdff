// The command line as a process of its own on plain Node: its exit status, its streams, its signals. What the commands do is tested
// beside them (electron/cli/main.test.ts).

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import * as net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildEntry, type Built } from '../../electron/runtime/build.fixture';

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
      const line = out.split('\n').slice(0, -1).find((one) => one.includes('"protocol"'));
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
    for (const line of json.out.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('t_us');
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

  it('is interrupted in the middle of a script: status 130, what happened so far, and why', async () => {
    const child = start('run', 'tcp-echo', '--set', 'client=line-by-line', '--set', 'lines=1000', '--set', 'delay=2000');
    const ended = end(child);
    await listens('127.0.20.1', 7007);
    child.kill('SIGINT');
    const { status, out, err } = await ended;
    expect([status, err]).toEqual([130, 'looplab: interrupted before the lab reached its end\n']);
    expect(out).toContain('== the lab was stopped');
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
