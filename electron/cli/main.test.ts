import { mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyLab } from '../runtime/lab.fixture';
import { parseLesson } from '../../shared/lab/parseLesson';
import type { FoundLab } from '../runtime/discovery';
import type { Io } from './io';
import { main } from './main';

const ADDRESS = '127.0.203.1';
const PORT = 7207;
const TINY: FoundLab = { lab: tinyLab(ADDRESS, PORT), lessons: new Map([['en', parseLesson('# Tiny\n\n> One question.\n\nAsk.\n')]]) };

interface Result {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. `onOut` sees all of standard output so far, and may interrupt. */
async function looplab(args: string, onOut?: (out: string, interrupt: () => void) => void): Promise<Result> {
  const abort = new AbortController();
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => {
      out += text;
      onOut?.(out, () => abort.abort());
      return Promise.resolve();
    },
    err: (text) => void (err += text),
    signal: abort.signal,
    onFault: () => undefined,
    version: () => Promise.resolve('1.2.3'),
    labs: () => [TINY],
  };
  const status = await main(args.split(' ').filter((part) => part !== ''), io);
  return { status, out, err };
}

const lines = (text: string): Record<string, unknown>[] => text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

describe('looplab', () => {
  it('helps, for each command and for all', async () => {
    for (const args of ['--help', '-h', 'help']) expect(await looplab(args)).toMatchObject({ status: 0, err: '', out: expect.stringContaining('looplab run <lab>') as string });
    for (const command of ['list', 'run', 'compare', 'serve']) {
      expect(await looplab(`${command} --help`)).toMatchObject({ status: 0, err: '', out: expect.stringMatching(`^looplab ${command}`) as string });
    }
    expect((await looplab('--version')).out).toBe('1.2.3\n');
  });

  it('shares on the LAN only at an address of this machine, and only when told to', async () => {
    expect(await looplab('serve tiny --share 192.0.2.250')).toMatchObject({ status: 2, out: '', err: expect.stringContaining('is no address of this machine on a network') as string });
    expect(await looplab('serve tiny --share 127.0.0.1')).toMatchObject({ status: 2, out: '' });
    expect(await looplab('serve tiny --public')).toMatchObject({ status: 2, out: '', err: expect.stringContaining('--public needs --share') as string });
  });

  it('keeps its help within 128 columns', async () => {
    for (const args of ['--help', 'list --help', 'run --help', 'compare --help', 'serve --help']) {
      for (const line of (await looplab(args)).out.split('\n')) expect(line.length).toBeLessThanOrEqual(128);
    }
  });

  it.each([
    ['', 'which command?'],
    ['dance', 'there is no command "dance"'],
    ['run', 'which lab?'],
    ['run tidy', 'there is no lab "tidy"'],
    ['run tiny tiny', 'one lab at a time: "tiny" is one too many'],
    ['run tiny --colour', "Unknown option '--colour'"],
    ['run tiny --set', "Option '--set <value>' argument missing"],
    ['run tiny --json --text', '--json and --text exclude each other'],
    ['run tiny --payload', '--payload needs --json or --out'],
    ['run tiny --timeout never', '--timeout must be a time in seconds'],
    ['run tiny --set port=1', 'no parameter "port"; there are: server, script, clients, line'],
    ['run tiny --set clients=99', 'clients must be an integer from 1 to 8, not 99'],
    ['run tiny --set clients', '"clients" is not of the form name=value'],
    ['compare tiny', 'compare needs --with or --with-fault'],
    ['compare tiny --with port=1', 'no parameter "port"'],
    ['compare tiny --with-fault wire.delay=1', 'lab tiny has no relay "wire"'],
    ['serve', 'which lab?'],
    ['serve tiny --for 0', '--for must be a time in seconds'],
    ['serve tiny --payload', '--payload needs --json'],
    ['list tiny', 'list takes no argument'],
  ])('refuses "%s" with status 2: %s', async (args, message) => {
    const { status, out, err } = await looplab(args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(`looplab: ${message}`);
  });

  it('lists what exists when something does not', async () => {
    expect((await looplab('run tidy')).err).toContain('  tiny                    Tiny\n');
    expect((await looplab('serve tidy')).err).toContain('  tiny                    Tiny\n');
    expect((await looplab('run tiny --set x=1')).err).toContain('  clients         an integer from 1 to 8; default 1\n');
  });
});

describe('looplab list', () => {
  it('shows titles and parameters', async () => {
    const { status, out } = await looplab('list');
    expect(status).toBe(0);
    expect(out).toContain('tiny: Tiny\n  One question.\n  server          one of runs | absent; default "runs"\n');
  });

  it('gives one JSON array', async () => {
    const { out } = await looplab('list --json');
    expect(JSON.parse(out)).toMatchObject([{ id: 'tiny', group: 'sockets', title: 'Tiny', summary: 'One question.', endpoints: [{ role: 'server', port: PORT }] }]);
  });
});

describe('looplab compare', () => {
  it('runs twice and says what differs', async () => {
    const { status, out, err } = await looplab('compare tiny --set line=hello --with line=goodbye --brief');
    expect([status, err]).toEqual([0, '']);
    expect(out).toContain('≠ line                 hello | goodbye\n');
    expect(out).toMatch(/≠ client-1 {2}send\(5\) → 5 +client-1 {2}send\(7\) → 7\n {6}size: 5 \| 7\n/);
  });
});

describe('looplab run', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'looplab-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('prints the ladder and ends with 0 when the lab reached its end', async () => {
    const { status, out, err } = await looplab('run tiny --set line=hello');
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/ms +conn +clients +servers\n/);
    expect(out).toMatch(/#1 {2}client-1 {2}send\(5\) → 5 +-- 5 B “hello” -+> server\n/);
    expect(out).toContain('== the lab reached its end\n');
  });

  it('prints events, one JSON object a line, with payload when asked', async () => {
    const { status, out } = await looplab('run tiny --set line=hello --json --payload');
    const events = lines(out);
    expect(status).toBe(0);
    expect(events.map((event) => event['seq'])).toEqual(events.map((_, index) => index));
    const sent = events.find((event) => event['kind'] === 'bytes.sent' && event['role'] === 'client-1');
    expect(sent).toMatchObject({ evidence: 'observed', host: 'client', conn: 1, payload: Buffer.from('hello').toString('base64') });
    expect((await looplab('run tiny --json')).out).not.toContain(Buffer.from('hello').toString('base64'));
  });

  it('ends with 0 too when a client finds nobody: that is a lesson', async () => {
    const { status, out } = await looplab('run tiny --set server=absent');
    expect(status).toBe(0);
    expect(out).toContain('ECONNREFUSED');
  });

  it('ends with 1 and says why when the port is taken, the script breaks or does not end', async () => {
    const foreign = net.createServer().listen({ host: ADDRESS, port: PORT });
    await new Promise((resolve) => foreign.once('listening', resolve));
    expect(await looplab('run tiny')).toMatchObject({
      status: 1, err: `looplab: lab tiny: role server could not start: another program has tcp ${ADDRESS}:${PORT} (EADDRINUSE)\n`,
    });
    await new Promise((resolve) => foreign.close(resolve));
    expect(await looplab('run tiny --set script=throws')).toMatchObject({ status: 1, err: 'looplab: the script is broken\n' });
    expect(await looplab('run tiny --set script=hangs --timeout 0.05')).toMatchObject({ status: 1, err: 'looplab: lab tiny did not end within 0.05 s\n' });
  });

  it('writes the run to a file that only its owner may read, and leaves nothing else there', async () => {
    const file = join(folder, 'run.json');
    expect((await looplab(`run tiny --payload --out ${file}`)).status).toBe(0);
    const run = JSON.parse(await readFile(file, 'utf8')) as { events: unknown[] };
    expect(run).toMatchObject({ format: 'looplab-run', version: 1, lab: 'tiny', params: { line: 'hello' }, outcome: 'reached', err: '' });
    expect(run.events.length).toBeGreaterThan(20);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['run.json']);
    const again = await looplab(`run tiny --set server=absent --out ${file}`);
    expect(again.status).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('"server":"absent"');
  });

  it('writes through a link, and keeps the link', async () => {
    const target = join(folder, 'target.json');
    const link = join(folder, 'link.json');
    await writeFile(target, 'old');
    await symlink(target, link);
    expect((await looplab(`run tiny --out ${link}`)).status).toBe(0);
    expect(await readFile(target, 'utf8')).toContain('looplab-run');
  });

  it('says what is wrong with a place that cannot be written, before it runs anything', async () => {
    expect(await looplab(`run tiny --out ${folder}/no/run.json`)).toEqual({ status: 1, out: '', err: `looplab: cannot write ${folder}/no/run.json: no such folder (ENOENT)\n` });
    expect(await looplab(`run tiny --out ${folder}`)).toMatchObject({ status: 1, out: '', err: `looplab: cannot write ${folder}: it is a folder (EISDIR)\n` });
  });

  it.runIf(process.platform === 'linux')('says so when the disk is full', async () => {
    expect(await looplab('run tiny --out /dev/full')).toMatchObject({ status: 1, err: 'looplab: cannot write /dev/full: no space is left on the device (ENOSPC)\n' });
    expect((await stat('/dev/full')).isCharacterDevice()).toBe(true);
  });
});

describe('looplab serve', () => {
  it('prints each endpoint as it listens, serves foreign clients, and stops at a signal with 0', async () => {
    let answer = '';
    const { status, out, err } = await looplab('serve tiny', (text, interrupt) => {
      if (answer !== '' || !text.includes('"port"')) return;
      answer = 'asked';
      const client = net.connect(PORT, ADDRESS, () => client.end('good day'));
      client.on('data', (bytes) => (answer = bytes.toString()));
      client.on('close', interrupt);
    });
    expect([status, err]).toEqual([0, '']);
    expect(lines(out)).toEqual([{ role: 'server', protocol: 'tcp', address: ADDRESS, port: PORT }]);
    expect(answer).toBe('good day');
  });

  it('prints events as they happen: the foreign client is seen while it is served', async () => {
    let asked = false;
    const { status, out } = await looplab('serve tiny --json --payload', (text, interrupt) => {
      if (!asked && text.includes('"port":7207}\n')) {
        asked = true;
        net.connect(PORT, ADDRESS).end('good day').resume();
      }
      if (text.includes('"bytes.received"')) interrupt();
    });
    const events = lines(out).filter((line) => 'seq' in line);
    expect(status).toBe(0);
    expect(events.map((event) => event['seq'])).toEqual(events.map((_, index) => index));
    expect(events.find((event) => event['kind'] === 'bytes.received')).toMatchObject({ role: 'server', payload: Buffer.from('good day').toString('base64') });
  });

  it('stops by itself after its time', async () => {
    expect((await looplab('serve tiny --for 0.05')).status).toBe(0);
  });

  it('says when with these parameters nobody listens, and when the port is taken', async () => {
    expect(await looplab('serve tiny --set server=absent --for 0.05')).toMatchObject({ status: 0, out: '', err: 'looplab: with these parameters no server of the lab listens\n' });
    const foreign = net.createServer().listen({ host: ADDRESS, port: PORT });
    await new Promise((resolve) => foreign.once('listening', resolve));
    expect(await looplab('serve tiny --for 5')).toMatchObject({ status: 1, out: '', err: expect.stringContaining('EADDRINUSE') as string });
    await new Promise((resolve) => foreign.close(resolve));
  });
});
