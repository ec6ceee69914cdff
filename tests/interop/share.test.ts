// Sharing over a real network: another machine's curl, nc and aria2c reach what was agreed to, while it is shared, and never before or after.
// Two network namespaces with a cable between them stand for the two machines.

import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { generateFile, isPiece, parseTorrent } from '../../electron/roles/bittorrent/metainfo';
import { buildEntry, type Built } from '../../electron/runtime/build.fixture';
import { bringUp, endAll, lanProblem, on, otherNetwork, OURS, ran, takeAddress, takeDown, Teacher, THEIRS } from './lan.fixture';

const problem = lanProblem();

describe.skipIf(problem !== null)(`sharing on a LAN${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  let driver: Built;
  let cli: Built;
  let folder = '';
  beforeAll(async () => {
    driver = await buildEntry('tests/interop/lanDriver.ts');
    cli = await buildEntry('electron/cli.ts');
  }, 120_000);
  afterAll(async () => {
    await driver.remove();
    await cli.remove();
  });
  beforeEach(async () => {
    bringUp();
    folder = await mkdtemp(join(tmpdir(), 'looplab-lan-'));
  });
  afterEach(async () => {
    await endAll();
    takeDown();
    await rm(folder, { recursive: true, force: true });
  });

  const share = (teacher: Teacher, ...offers: readonly (readonly [role: string, protocol: 'tcp' | 'udp', port: number])[]): Promise<unknown> =>
    teacher.tell({ do: 'share', request: { address: OURS, public: false, offers: offers.map(([role, protocol, port]) => ({ role, protocol, port })) } });
  /** curl's exit status 7: the connection was refused. */
  const curl = (url: string, ...args: string[]): ReturnType<typeof ran> => ran(on('theirs', 'curl', '-s', '-m', '30', ...args, url));
  const nc = (port: number, input: string): ReturnType<typeof ran> => ran(on('theirs', 'nc', '-N', '-w', '30', OURS, String(port)), input);

  it('nothing answers before it is shared, the server answers while it is, nothing answers after', async () => {
    const teacher = new Teacher(driver.file);
    await teacher.start('tcp-echo');
    expect((await nc(7007, 'hello\n')).status).toBe(1);
    await share(teacher, ['server', 'tcp', 7007]);
    expect(await nc(7007, 'hello\n')).toEqual({ out: 'hello\n', status: 0 });
    await teacher.tell({ do: 'unshare' });
    expect((await nc(7007, 'hello\n')).status).toBe(1);
  }, 120_000);

  it('HTTP by curl, with the real address in what the engine tells', async () => {
    const teacher = new Teacher(driver.file);
    await teacher.start('http-api');
    const { endpoints } = teacher.states.at(-1) ?? {};
    const port = endpoints?.[0]?.port ?? 0;
    // The lab's own address is no way in either.
    expect((await curl(`http://${endpoints?.[0]?.address}:${port}/api/user`)).status).toBe(7);
    await share(teacher, ['server', 'tcp', 8080]);
    const { out, status } = await curl(`http://${OURS}:8080/api/user`, '-i');
    expect([status, out]).toEqual([0, expect.stringContaining('홍길동')]);
    expect((await curl(`http://${OURS}:${port}/api/user`)).status).toBe(port === 8080 ? 0 : 7);
    await teacher.until(() => (teacher.shares.at(-1)?.share?.doors[0]?.total ?? 0) > 0);
    await teacher.tell({ do: 'stop' });
    expect((await curl(`http://${OURS}:8080/api/user`)).status).toBe(7);
    expect(teacher.shares.at(-1)).toMatchObject({ share: null, ended: 'run-over' });
  }, 120_000);

  it('datagrams, and their answers', async () => {
    const teacher = new Teacher(driver.file);
    await teacher.start('udp-uppercase');
    const [server] = teacher.states.at(-1)?.endpoints ?? [];
    await share(teacher, [server?.role ?? '', 'udp', 9000]);
    const ask = `import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(30); s.sendto(b"hello", ("${OURS}", 9000)); print(s.recvfrom(100))`;
    expect((await ran(on('theirs', 'python3', '-c', ask))).out).toContain(`(b'HELLO', ('${OURS}', 9000))`);
  }, 120_000);

  it('a machine of another network on the same cable is turned away', async () => {
    otherNetwork('10.9.9.1', '10.9.9.2');
    const teacher = new Teacher(driver.file);
    await teacher.start('tcp-echo');
    await share(teacher, ['server', 'tcp', 7007]);
    const from = `import socket; s = socket.create_connection(("${OURS}", 7007), 5, ("10.9.9.2", 0)); s.sendall(b"x"); print(s.recv(10))`;
    expect((await ran(on('theirs', 'python3', '-c', from))).out).toBe('');
    // It listens at the address that was agreed to, not at all that the machine has.
    expect((await ran(on('theirs', 'nc', '-N', '-w', '30', '10.9.9.1', '7007'), 'x')).status).toBe(1);
    await teacher.until(() => teacher.shares.at(-1)?.share?.doors[0]?.refused === 1);
    expect(await nc(7007, 'hello\n')).toMatchObject({ out: 'hello\n' });
  }, 120_000);

  it('says so when the address goes, and closes', async () => {
    const teacher = new Teacher(driver.file);
    await teacher.start('tcp-echo');
    await share(teacher, ['server', 'tcp', 7007]);
    takeAddress();
    await teacher.until(() => teacher.shares.at(-1)?.ended === 'address-gone');
    expect(teacher.shares.at(-1)?.share).toBeNull();
    await expect(share(teacher, ['server', 'tcp', 7007])).rejects.toThrow('SHARE_ADDRESS');
  }, 120_000);

  it.each(['quit', 'kill'] as const)('ends when the program does (%s)', async (how) => {
    const teacher = new Teacher(driver.file);
    await teacher.start('tcp-echo');
    await share(teacher, ['server', 'tcp', 7007]);
    expect((await nc(7007, 'hello\n')).out).toBe('hello\n');
    const ended = new Promise((resolve) => teacher.process.once('exit', resolve));
    if (how === 'kill') teacher.process.kill('SIGKILL');
    else void teacher.tell({ do: 'quit' });
    await ended;
    expect((await nc(7007, 'hello\n')).status).toBe(1);
  }, 120_000);

  it('another Looplab joins: its own programs reach our server by their loopback address', async () => {
    const teacher = new Teacher(driver.file);
    await teacher.start('http-api');
    await share(teacher, ['server', 'tcp', 8080]);
    const student = new Teacher(driver.file, 'theirs');
    await student.start('http-api');
    const inside = student.states.at(-1)?.endpoints[0];
    // Where it may go is decided before: not to a network that it is not in.
    await expect(student.tell({ do: 'join', request: { role: 'server', protocol: 'tcp', address: '192.168.78.1', port: 8080 } })).rejects.toThrow('SHARE_ADDRESS');
    await student.tell({ do: 'join', request: { role: 'server', protocol: 'tcp', address: OURS, port: 8080 } });
    const url = `http://${inside?.address}:${inside?.port}/api/user`;
    expect((await curl(url)).out).toContain('홍길동');
    await teacher.until(() => teacher.shares.at(-1)?.share?.doors[0]?.total === 1);
    await student.tell({ do: 'leave' });
    expect((await curl(url)).status).toBe(7);
  }, 120_000);

  it('looplab serve --share says what is open, to whom, and ends with the signal', async () => {
    const refused = await ran(on('ours', process.execPath, cli.file, 'serve', 'tcp-echo', '--share', THEIRS));
    expect(refused.status).toBe(2);
    const child = on('ours', process.execPath, cli.file, 'serve', 'tcp-echo', '--share', OURS);
    let out = '';
    let err = '';
    child.stderr?.on('data', (bytes: Buffer) => (err += bytes.toString()));
    await new Promise<void>((resolve) => child.stdout?.on('data', (bytes: Buffer) => {
      out += bytes.toString();
      if (out.includes('"shared":true')) resolve();
    }));
    expect(out).toContain(`{"role":"server","protocol":"tcp","address":"${OURS}","port":7007,"shared":true}`);
    expect(err).toContain(`open to every machine of ${OURS}/24, without a password`);
    expect(await nc(7007, 'hello\n')).toMatchObject({ out: 'hello\n' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    expect((await nc(7007, 'hello\n')).status).toBe(1);
  }, 120_000);

  describe('a swarm', () => {
    const SWARM = [['tracker', 'tcp', 6969], ['tracker', 'udp', 6969], ['peer', 'tcp', 6881], ['seeder', 'tcp', 7081]] as const;
    const aria2 = (...args: string[]): ReturnType<typeof on> =>
      on('theirs', 'aria2c', '--no-conf=true', '--enable-dht=false', '--enable-dht6=false', '--bt-enable-lpd=false', '--enable-peer-exchange=false', '--disable-ipv6=true', '--listen-port=6890-6899', `--dir=${folder}`,
        '--file-allocation=none', '--summary-interval=0', '--console-log-level=warn', '--seed-ratio=0.0', ...args, `http://${OURS}:6969/film-1.torrent`);
    /** The file that aria2c has written, against the torrent that it fetched. */
    const isWhole = async (): Promise<boolean> => {
      const parsed = parseTorrent(await readFile(join(folder, 'film-1.torrent')).catch(() => new Uint8Array(0)));
      if (!parsed.ok) return false;
      const { torrent } = parsed;
      expect(torrent.announce).toBe(`http://${OURS}:6969/announce`);
      const file = await readFile(join(folder, torrent.name)).catch(() => new Uint8Array(0));
      return file.length === torrent.length && Array.from({ length: torrent.pieceCount }, (_, piece) => piece).every((piece) => isPiece(torrent, piece, file.subarray(piece * torrent.pieceLength, (piece + 1) * torrent.pieceLength)));
    };
    /** TCP connections to another machine that are open there. */
    const established = async (machine: 'ours' | 'theirs'): Promise<number> => (await ran(on(machine, 'ss', '-Htn', 'state', 'established', 'dst', OURS))).out.split('\n').filter((line) => line !== '').length;
    /** Where the trackers of others have been on loopback. */
    const heardDoors = ({ shares }: Teacher): string[] => shares.flatMap(({ joined }) => joined.map(({ inside }) => `${inside.address}:${inside.port}`));
    const notes = async (teacher: Teacher): Promise<string[]> => (await teacher.tell({ do: 'notes' })) as string[];
    const untilNoted = async (teacher: Teacher, holds: (all: string[]) => boolean): Promise<string[]> => {
      for (;;) {
        const all = await notes(teacher);
        if (holds(all)) return all;
        await sleepFor(50);
      }
    };

    /** What the teacher's swarm has heard by the time that its leecher is done. It lacks something, its links being slow, until it has a piece from the other machine. */
    const doneBetween = async (teacher: Teacher): Promise<string[]> => {
      await untilNoted(teacher, (heard) => heard.some((line) => line.includes('"bt.have"') && line.includes('127.0.0.1:')));
      await teacher.tell({ do: 'act', action: 'links', args: { up: 0, down: 0 } });
      return untilNoted(teacher, (heard) => heard.some((line) => line.includes('"bt.done"')));
    };

    it('aria2c on the other machine takes the file from our seeder, by the torrent that names our doors', async () => {
      const teacher = new Teacher(driver.file);
      const text = 'Over a real cable.\n'.repeat(600);
      await teacher.start('p2p-swarm', { file: 'text', text, up: 0 });
      expect((await curl(`http://${OURS}:6969/film-1.torrent`)).status).toBe(7);
      await share(teacher, ...SWARM.slice(0, 2), SWARM[3]);
      const { status } = await ran(aria2('--seed-time=0'));
      expect(status).toBe(0);
      expect(await readFile(join(folder, 'film-1.txt'), 'utf8')).toBe(text);
      expect(await isWhole()).toBe(true);
      await teacher.tell({ do: 'unshare' });
      expect((await curl(`http://${OURS}:6969/film-1.torrent`)).status).toBe(7);
    }, 120_000);

    it('and gives to our leecher what it has: both have the whole file in the end', async () => {
      const teacher = new Teacher(driver.file);
      await teacher.start('p2p-swarm', { pieces: 60, 'piece-size': 16, up: 20, interval: 1 });
      await teacher.tell({ do: 'act', action: 'add-peer', args: { brings: 'nothing' } });
      await share(teacher, ...SWARM);
      const program = aria2('--seed-time=9999', '--bt-tracker-interval=1');
      // Our leecher ends with what it has heard from both.
      const all = await doneBetween(teacher);
      expect(all.some((line) => line.includes('"bt.bad"'))).toBe(false);
      // And it has every piece in the end, as the torrent says that they are.
      while (!(await isWhole())) await sleepFor(100);
      program.kill();
    }, 120_000);

    it('another Looplab joins: takes all of the file with equal hash, gives to our leecher, reaches nobody else, and nothing is left when it leaves', async () => {
      const teacher = new Teacher(driver.file);
      const film = generateFile(60 * 16 * 1024, 7);
      await teacher.start('p2p-swarm', { pieces: 60, 'piece-size': 16, seed: 7, up: 20, interval: 1, 'choke-interval': 300 });
      await teacher.tell({ do: 'act', action: 'add-peer', args: { brings: 'nothing' } });
      await share(teacher, ...SWARM);
      const student = new Teacher(driver.file, 'theirs');
      const join = (role: string): Promise<unknown> => student.tell({ do: 'join', request: { role, protocol: 'tcp', address: OURS, port: 6969 } });
      // Another film than ours, and peers that share it: they are not to come with it.
      await student.start('p2p-swarm', { up: 100, interval: 1, 'choke-interval': 300 });
      await student.tell({ do: 'act', action: 'add-peer', args: { brings: 'nothing' } });

      await join('tracker');
      await untilNoted(student, (heard) => heard.some((line) => line.includes('"bt.have"') && line.includes('"of":60')));
      expect(await established('theirs')).toBeGreaterThan(0);
      await student.tell({ do: 'leave' });
      expect(student.shares.at(-1)).toMatchObject({ joined: [], ended: 'stopped' });
      while ((await established('theirs')) > 0) await sleepFor(20);
      const [inside] = heardDoors(student);
      expect((await ran(on('theirs', 'curl', '-s', '-m', '30', `http://${inside}/film-1.torrent`))).status).toBe(7);

      await student.tell({ do: 'act', action: 'start-tracker', args: {} });
      await join('tracker-2');
      const heard = await doneBetween(teacher);
      expect(heard.some((line) => line.includes('"bt.bad"'))).toBe(false);
      const hash = createHash('sha1').update(film).digest('hex');
      await untilNoted(student, (all) => all.some((line) => line.includes(`60 of 60 pieces have the torrent's hashes; SHA-1 of the ${film.length} bytes: ${hash}`)));
      await student.until(() => student.shares.at(-1)?.joined[0]?.named.length === 2);
      expect(student.shares.at(-1)?.joined[0]?.named.map(({ address }) => address)).toEqual([OURS, OURS]);
      expect(((await student.tell({ do: 'remotes' })) as string[]).filter((address) => !address.startsWith('127.'))).toEqual([OURS]);
      await student.tell({ do: 'stop' });
      expect(student.shares.at(-1)).toMatchObject({ joined: [], ended: 'run-over' });
      while ((await established('theirs')) > 0) await sleepFor(20);
    }, 120_000);

    it('one that gives no torrent is not joined, and says why', async () => {
      const teacher = new Teacher(driver.file);
      await teacher.start('http-api');
      await share(teacher, ['server', 'tcp', 8080]);
      const student = new Teacher(driver.file, 'theirs');
      await student.start('p2p-swarm');
      const join = (port: number): Promise<unknown> => student.tell({ do: 'join', request: { role: 'tracker', protocol: 'tcp', address: OURS, port } });
      await expect(join(8080)).rejects.toThrow('SHARE_SWARM: no torrent there (404)');
      await student.tell({ do: 'act', action: 'start-tracker', args: {} });
      await student.until(() => student.states.at(-1)?.endpoints.some(({ role }) => role === 'tracker-2') === true);
      await expect(student.tell({ do: 'join', request: { role: 'tracker-2', protocol: 'udp', address: OURS, port: 6969 } })).rejects.toThrow('SHARE_NOTHING');
    }, 120_000);
  });
});
