import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concatBytes } from '../../shared/base/bytes';
import { sectionBlock } from '../../shared/codec/pcapng/write';
import type { OpenedFile } from '../../shared/ipc/fileContract';
import { NO_NOTES, type RunHead } from '../../shared/trace/runFile/meta';
import { beginBlocks } from '../../shared/trace/runFile/write';
import { fileOfArguments, OpenFiles } from './openFiles';
import { RecentFiles } from './recentFiles';

let folder = '';
let heard: (OpenedFile | string | null)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-open-'));
  heard = [];
});
afterEach(() => rm(folder, { recursive: true }));

const HEAD: RunHead = { format: 'looplab-run', application: 'Looplab test', lab: 'tcp-echo', order: 'saved', packets: 'none', keys: false };
const RUN = concatBytes(...beginBlocks(HEAD));

/** The opener with a window that listens, an engine and sessions that take everything. `chosen`: what the dialog is answered with. */
function opener(chosen: string | null = null): OpenFiles {
  const files = new OpenFiles({
    recent: new RecentFiles(join(folder, 'recent.json')),
    openRun: () => Promise.resolve({ run: 7, head: HEAD, facts: 0, notes: NO_NOTES, damage: null }),
    openCapture: () => 3,
    choose: () => Promise.resolve(chosen),
    opening: (name) => heard.push(name),
    opened: (file) => heard.push(file),
    changed: () => undefined,
  });
  return files;
}

async function put(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

describe('opening a file', () => {
  it('tells runs from captures by what is in them, gzip too, and remembers what is one of them', async () => {
    const files = opener();
    files.heard(0);
    await files.open(await put('a.bin', RUN));
    await files.open(await put('b.pcapng', sectionBlock('dumpcap')));
    await files.open(await put('c.gz', gzipSync(RUN)));
    await files.open(await put('d.pcapng', 'hello'));
    expect(heard.filter((one) => typeof one === 'object' && one !== null)).toMatchObject([
      { kind: 'run', name: 'a.bin', run: 7 }, { kind: 'capture', name: 'b.pcapng', capture: 3 }, { kind: 'run', name: 'c.gz' }, { kind: 'capture', name: 'd.pcapng' },
    ]);
    expect(heard.filter((one) => typeof one !== 'object' || one === null)).toEqual(['a.bin', null, 'b.pcapng', null, 'c.gz', null, 'd.pcapng', null]);
    expect((await files.recent()).map(({ name, kind }) => `${name} ${kind}`)).toEqual(['c.gz run', 'b.pcapng capture', 'a.bin run']);
  });

  it('plays a run that was made of what is open, and remembers nothing of it', async () => {
    const files = opener();
    files.heard(0);
    await files.play(await put('stage.pcapng', RUN), 'talk.pcap');
    expect(heard).toEqual([expect.objectContaining({ kind: 'run', name: 'talk.pcap', run: 7 })]);
    expect(await files.recent()).toEqual([]);
  });

  it('shows the packets of a run, and the run of packets, and keeps both in the list', async () => {
    const files = opener();
    files.heard(0);
    const path = await put('a.pcapng', RUN);
    expect(() => files.showPackets(7)).toThrow(expect.objectContaining({ code: 'FILE_UNKNOWN' }) as Error);
    await files.open(path);
    files.showPackets(7);
    await files.open(path, 'run');
    expect(heard.filter((one) => typeof one === 'object' && one !== null).map((one) => (one as OpenedFile).kind)).toEqual(['run', 'capture', 'run']);
    const recent = await files.recent();
    expect(recent.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['a.pcapng run', 'a.pcapng capture']);
    await files.openRecent(recent[1]?.id ?? '');
    await files.open(await put('b.pcapng', RUN));
    expect(heard.filter((one) => typeof one === 'object' && one !== null).map((one) => (one as OpenedFile).kind)).toEqual(['run', 'capture', 'run', 'capture', 'run']);
    // What is played comes from no file that the user knows.
    await files.play(path, 'talk.pcap');
    expect(() => files.showPackets(7)).toThrow(expect.objectContaining({ code: 'FILE_UNKNOWN' }) as Error);
  });

  it('says why when it cannot, without the folder', async () => {
    const files = opener();
    files.heard(0);
    await files.open(join(folder, 'gone.pcapng'));
    await files.open(folder);
    expect(heard.filter((one) => typeof one === 'object' && one !== null)).toMatchObject([
      { kind: 'failed', name: 'gone.pcapng', error: { code: 'ENOENT', message: 'cannot read gone.pcapng: no such file', where: 'gone.pcapng' } }, { kind: 'failed', error: { code: 'EISDIR' } },
    ]);
    expect(await files.recent()).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('refuses what is no file, never waits for it, and opens what follows', async () => {
    const files = opener();
    files.heard(0);
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.pcapng')]);
    await writeFile(odd, RUN);
    await symlink(join(folder, 'gone'), join(folder, 'dangling'));
    await symlink(join(folder, 'circle'), join(folder, 'circle'));
    for (const path of [pipe, '/dev/zero', '/dev/null', join(folder, 'dangling'), join(folder, 'circle'), `${folder}/${'n'.repeat(300)}`, `${folder}/a\0b`]) await files.open(path);
    // A name that is no UTF-8 comes as the system's text of it, which names no file: that is said, too.
    await files.open(odd.toString());
    await files.open(await put('실행 \u202e.pcapng', RUN));
    expect(heard.filter((one) => typeof one === 'object' && one !== null).map((one) => ('error' in (one as object) ? (one as { error: { code: string } }).error.code : (one as OpenedFile).kind))).toEqual([
      'NOT_A_FILE', 'NOT_A_FILE', 'NOT_A_FILE', 'ENOENT', 'ELOOP', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE', 'ENOENT', 'run',
    ]);
  });

  it.runIf(process.platform === 'linux')('says that the device failed when the kernel does', async () => {
    const files = opener();
    files.heard(0);
    await files.open('/proc/self/mem');
    expect(heard.filter((one) => typeof one === 'object' && one !== null)).toMatchObject([{ kind: 'failed', name: 'mem', error: { code: 'EIO', message: 'cannot read mem: the device failed', where: 'mem' } }]);
    expect(await files.recent()).toEqual([]);
  });

  it('refuses a file that this user may not read', async () => {
    // Root reads everything.
    if (process.platform === 'win32' || process.getuid?.() === 0) return;
    const files = opener();
    files.heard(0);
    const path = await put('secret.pcapng', RUN);
    await chmod(path, 0);
    await files.open(path);
    expect(heard).toContainEqual(expect.objectContaining({ kind: 'failed', error: expect.objectContaining({ code: 'EACCES', message: 'cannot read secret.pcapng: permission denied' }) as unknown }));
  });

  it('waits until the page can hear, and says it again to a page that comes anew', async () => {
    const files = opener();
    await files.open(await put('a.pcapng', RUN));
    expect(heard).toEqual([]);
    files.heard(0);
    await files.open(await put('b.pcapng', RUN));
    expect(heard.filter((one) => typeof one === 'object' && one !== null)).toHaveLength(2);
    files.heard(6);
    files.heard(7);
    expect(heard.at(-1)).toMatchObject({ kind: 'run', name: 'b.pcapng' });
    // Its window is closed; the system asks for a file, and a new one comes.
    const before = heard.length;
    files.away();
    await files.open(await put('c.pcapng', sectionBlock('dumpcap')));
    expect(heard).toHaveLength(before);
    files.heard(9);
    await expect.poll(() => heard.at(-2)).toMatchObject({ kind: 'capture', name: 'c.pcapng' });
    heard.length = before;
    expect(heard.filter((one) => typeof one === 'object' && one !== null)).toHaveLength(3);
  });

  it('asks for the place, and takes no for an answer', async () => {
    expect(await opener(null).choose()).toBe(false);
    expect(await opener(await put('a.pcapng', RUN)).choose()).toBe(true);
  });
});

describe('the recent files', () => {
  it('are known to the page by an id only, the newest first, each once, kept for their owner', async () => {
    const recent = new RecentFiles(join(folder, 'recent.json'));
    for (let n = 0; n < 15; n++) await recent.add(join(folder, `${n}.pcapng`), 'run');
    await recent.add(join(folder, '7.pcapng'), 'capture');
    const list = await recent.list();
    expect(list.map(({ name }) => name)).toEqual(['7.pcapng', '14.pcapng', '13.pcapng', '12.pcapng', '11.pcapng', '10.pcapng', '9.pcapng', '8.pcapng', '7.pcapng', '6.pcapng', '5.pcapng', '4.pcapng']);
    expect(list[0]).toMatchObject({ kind: 'capture', folder });
    const again = new RecentFiles(join(folder, 'recent.json'));
    expect(await again.find(list[1]?.id ?? '')).toEqual({ path: join(folder, '14.pcapng'), kind: 'run' });
    expect(await again.find('/etc/passwd')).toBeNull();
    if (process.platform !== 'win32') expect((await stat(join(folder, 'recent.json'))).mode & 0o777).toBe(0o600);
    await again.forget();
    expect(JSON.parse(await readFile(join(folder, 'recent.json'), 'utf8'))).toEqual([]);
    await expect(opener().openRecent(list[0]?.id ?? '')).rejects.toMatchObject({ code: 'FILE_UNKNOWN' });
  });

  it('begin anew where the list is broken', async () => {
    const file = await put('recent.json', '[{"path":"relative","kind":"run"},{"path":"/whole.pcapng","kind":"run"},7,{"__proto__":{}}]');
    expect((await new RecentFiles(file).list()).map(({ name }) => name)).toEqual(['whole.pcapng']);
    expect(await new RecentFiles(await put('other.json', '{')).list()).toEqual([]);
  });
});

it('takes the file that the app was started with', () => {
  expect(fileOfArguments(['/opt/looplab', '--no-sandbox', 'a.pcapng'], '/home/a', null)).toBe('/home/a/a.pcapng');
  expect(fileOfArguments(['/opt/looplab', '/b c.pcapng'], '/home/a', null)).toBe('/b c.pcapng');
  expect(fileOfArguments(['/opt/looplab', '--inspect'], '/', null)).toBeNull();
  expect(fileOfArguments(['electron', '-r', '/loader.js', '--lang=en', '/app', 'a.pcapng'], '/x', '/app')).toBe('/x/a.pcapng');
  expect(fileOfArguments(['electron', '.'], '/app', '/app')).toBeNull();
  expect(fileOfArguments(['electron', '/elsewhere', 'a.pcapng'], '/x', '/app')).toBeNull();
});
