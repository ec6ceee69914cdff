// looplab ladder of a capture of other programs: what the arrows say, with keys, ports that somebody named, and names.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { concatBytes } from '../../shared/base/bytes';
import { RFC_8448, RFC_8448_KEYS, RFC_8448_ORDER } from '../../shared/codec/tls/rfc8448.fixture';
import { Line } from '../../shared/packets/dissection/captured.fixture';
import { blocksIn } from '../../shared/packets/file/captureBytes.fixture';
import { fileOf, http1Line } from '../../shared/packets/follow/web.fixture';
import { looplab } from './inProcess.fixture';

const folder = mkdtempSync(join(tmpdir(), 'looplab-ladder-'));
afterAll(() => rmSync(folder, { recursive: true }));

function kept(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
const lineWith = (text: string, part: string): string => text.split('\n').find((line) => line.includes(part)) ?? '';

describe('the ladder of a capture', () => {
  it('says on its arrows what the packets say', async () => {
    const { status, out, err } = await looplab('ladder', kept('web.pcapng', fileOf(http1Line(new Uint8Array(8), 'gzip').frames)));
    expect([status, err]).toEqual([0, '']);
    expect(lineWith(out, 'GET /story')).toMatch(/127\.0\.0\.1:40000 +── HTTP GET \/story HTTP\/1\.1 ─+> 127\.0\.0\.2:80$/u);
    expect(lineWith(out, '201 Created')).toMatch(/127\.0\.0\.1:40000 +<─+ HTTP\/1\.1 201 Created ── 127\.0\.0\.2:80$/u);
    expect(out).toContain('── SYN ──');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('opens TLS with a key log, and says so in its events too', async () => {
    const line = new Line(443);
    for (const [dir, name] of RFC_8448_ORDER) line.say(dir, RFC_8448[name]);
    const [path, keys] = [kept('sealed.pcapng', fileOf(line.frames)), kept('keys.txt', Buffer.from(RFC_8448_KEYS))];
    const [sealed, opened] = [await looplab('ladder', path, '--json'), await looplab('ladder', path, '--json', '--keys', keys)];
    const infos = (text: string): string[] => text.trimEnd().split('\n').map((one) => (JSON.parse(one) as { readonly info: string }).info);
    expect(infos(sealed.out)).not.toContainEqual(expect.stringContaining('Finished'));
    expect(infos(opened.out)).toContainEqual(expect.stringContaining('Finished'));
    expect((await looplab('ladder', path, '--keys', keys)).out).toContain('Finished');
  });

  it('takes what ports speak, and names', async () => {
    const b = blocksIn(true);
    const frames = new Line(8888).say('up', 'XYZZY / HTTP/1.1\r\nHost: a\r\n\r\n').frames;
    const packets = frames.map((bytes, at) => b.block(6, [0, 4], [0, 4], [at, 4], [bytes.length, 4], [bytes.length, 4], bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)));
    const path = kept('named.pcapng', concatBytes(b.section(), b.interface(1), b.names([[1, [127, 0, 0, 2], 'there.example\0']]), ...packets));
    const plain = (await looplab('ladder', path)).out;
    expect(lineWith(plain, 'XYZZY')).toMatch(/── HTTP XYZZY \/ HTTP\/1\.1 ─+> 127\.0\.0\.2:8888$/u);
    const { out } = await looplab('ladder', path, '-d', 'tcp.port==8888,data', '-N', 'n');
    expect(lineWith(out, 'XYZZY')).toMatch(/── 29 B “XYZZY \/ HTTP…” ─+> there\.example:8888$/u);
    const followed = await looplab('follow', path, 'tcp', '0', '-N', 'n');
    expect(followed.out).toContain('Node 0: 127.0.0.1:40000\nNode 1: there.example:8888\n');
  });

  it.each([[['-N', 'x'], '-N takes d'], [['-d', 'nonsense'], 'nonsense']])('%j is wrong', async (args, why) => {
    expect(await looplab('ladder', join(folder, 'web.pcapng'), ...args)).toMatchObject({ status: 2, out: '', err: expect.stringContaining(why) as string });
  });
});
