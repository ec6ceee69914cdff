// `looplab follow` against `tshark -q -z follow`: the same text for TCP, UDP, TLS with keys and HTTP, in all three forms; of HTTP/2, where tshark
// prints its own frames, the same headers and contents.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { looplab } from '../../electron/cli/inProcess.fixture';
import { assemble, part } from '../../shared/codec/assemble';
import { codec as ethernet } from '../../shared/codec/ethernet/codec';
import { latin1Bytes } from '../../shared/codec/http/chars';
import { codec as ipv4 } from '../../shared/codec/ipv4/codec';
import { RFC_8448, RFC_8448_KEYS, RFC_8448_ORDER } from '../../shared/codec/tls/rfc8448.fixture';
import { codec as udpCodec } from '../../shared/codec/udp/codec';
import { Line } from '../../shared/packets/dissection/captured.fixture';
import { fileOf, http1Line, http2Line } from '../../shared/packets/follow/web.fixture';
import { hasTshark } from './tshark.fixture';
import { webSocketLine } from './webSocketFrames.fixture';

const folder = mkdtempSync(join(tmpdir(), 'looplab-follow-'));
afterAll(() => rmSync(folder, { recursive: true }));
const missing = hasTshark ? '' : ' (skipped: tshark is not installed)';

const STORY = 'once upon a time '.repeat(12);
function kept(name: string, frames: readonly Uint8Array[]): string {
  const path = join(folder, name);
  writeFileSync(path, fileOf(frames));
  return path;
}
const tshark = (path: string, ...args: readonly string[]): string => execFileSync('tshark', ['-n', '-q', '-r', path, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const FORMS = [['text', 'ascii'], ['hex', 'hex'], ['raw', 'raw']] as const;

function sealed(): { readonly path: string; readonly keys: string } {
  const line = new Line(443);
  for (const [dir, name] of RFC_8448_ORDER) line.say(dir, RFC_8448[name]);
  const keys = join(folder, 'keys.txt');
  writeFileSync(keys, RFC_8448_KEYS);
  return { path: kept('sealed.pcapng', line.frames), keys };
}

/** tshark's text of several things that are followed, in one run of it. */
const theirText = (path: string, options: readonly string[], layers: readonly string[]): string => tshark(path, ...options, ...layers.flatMap((layer) => FORMS.flatMap(([, spelt]) => ['-z', `follow,${layer},${spelt},0`])));
/** The same of ours. */
async function ourText(path: string, options: readonly string[], layers: readonly string[]): Promise<string> {
  let text = '';
  for (const layer of layers) for (const [as] of FORMS) text += (await looplab('follow', path, layer, '0', '--as', as, ...options)).out;
  return text;
}

describe(`what is followed is what tshark follows${missing}`, () => {
  it.skipIf(!hasTshark).each([['gzip', gzipSync(STORY)], ['deflate', deflateSync(STORY)], ['identity', Buffer.from(STORY)]] as const)('TCP and HTTP in %s, as text, hex and digits', async (coding, coded) => {
    const path = kept(`${coding}.pcapng`, http1Line(coded, coding).frames);
    expect(sections(await ourText(path, [], ['tcp', 'http']))).toEqual(sections(theirText(path, [], ['tcp', 'http'])));
  });

  it.skipIf(!hasTshark)('UDP, and TLS with its keys', async () => {
    const datagrams = [['up', 'what is the time?'], ['down', 'half past\tnine\r\n'], ['up', '\u0001\u00ff']] as const;
    const udp = kept('udp.pcapng', datagrams.map(([dir, text]) => datagram(dir === 'up', latin1Bytes(text))));
    expect(sections(await ourText(udp, [], ['udp']))).toEqual(sections(theirText(udp, [], ['udp'])));
    const { path, keys } = sealed();
    const [ours, theirs] = [sections(await ourText(path, ['--keys', keys], ['tls'])), sections(theirText(path, ['-o', `tls.keylog_file:${keys}`], ['tls']))];
    expect(ours.map(spoken)).toEqual(theirs.map(spoken));
  });

  it.skipIf(!hasTshark)('HTTP/2: the same headers and contents', async () => {
    const path = kept('h2.pcapng', http2Line(gzipSync(STORY), 'gzip').frames);
    const told = sections(tshark(path, '-z', 'follow,http2,raw,0,1', '-z', 'follow,http2,raw,0,3'));
    for (const [at, stream] of [1, 3].entries()) {
      const theirs = (told[at] ?? '').split('\n').flatMap((line) => (/^\t?[0-9a-f]+$/.test(line) ? [Buffer.from(line.trim(), 'hex')] : []));
      const ours = (await looplab('follow', path, 'http2', `0,${stream}`, '--as', 'raw')).out.split('\n').flatMap((line) => (/^\t?[0-9a-f]+$/.test(line) ? [Buffer.from(line.trim(), 'hex').toString('latin1')] : []));
      expect(ours.join('')).toBe(readable(theirs));
    }
  });
});

/** Without its nodes, of which tshark counts the second one of TLS as none and then the server as the first: the server's lines have the tab. */
function spoken(section: string): string {
  const turned = !section.includes('Node 0: 127.0.0.1:40000');
  return section.replace(/^Node .*\n/gm, '').split('\n').map((line) => (turned && /^\t?([0-9A-F]{8}  .*|[0-9a-f]{3,}|50)$/.test(line) ? (line.startsWith('\t') ? line.slice(1) : `\t${line}`) : line)).join('\n');
}

/** Each with its heading: tshark prints them in an order of its own. */
const sections = (text: string): string[] => text.split(/\n(?==+\nFollow)/).filter((one) => one.trim() !== '').sort();

function datagram(up: boolean, payload: Uint8Array): Uint8Array {
  const network = up ? { source: '10.0.0.1', destination: '10.0.0.2' } : { source: '10.0.0.2', destination: '10.0.0.1' };
  const ports = up ? { sourcePort: 4000, destinationPort: 7000 } : { sourcePort: 7000, destinationPort: 4000 };
  return assemble([part(ethernet, { destination: '02:00:00:00:00:02', source: '02:00:00:00:00:01', type: 0x0800 }), part(ipv4, { ...network, protocol: 17 }), part(udpCodec, ports, { network })], payload);
}

/** tshark's form of HTTP/2: header blocks as names and values with their lengths before them, contents as frames. */
function readable(pieces: readonly Buffer[]): string {
  let text = '';
  let body: Buffer[] = [];
  const close = (): void => {
    const whole = Buffer.concat(body);
    text += whole.length > 2 && whole.readUInt16BE(0) === 0x1f8b ? gunzipSync(whole).toString('latin1') : whole.toString('latin1');
    body = [];
  };
  for (const piece of pieces) {
    if (piece.length > 9 && piece.readUIntBE(0, 3) === piece.length - 9 && piece[3] === 0) {
      body.push(piece.subarray(9));
      if (((piece[4] ?? 0) & 1) !== 0) close();
      continue;
    }
    for (let at = 0; at < piece.length;) {
      const name = piece.readUInt32BE(at);
      const value = piece.readUInt32BE(at + 4 + name);
      text += `${piece.toString('latin1', at + 4, at + 4 + name)}: ${piece.toString('latin1', at + 8 + name, at + 8 + name + value)}\r\n`;
      at += 8 + name + value;
    }
    text += '\r\n';
  }
  return text;
}

it('without a name, the innermost is followed that has something to say', async () => {
  const { path, keys } = sealed();
  const followed = async (file: string, ...options: readonly string[]): Promise<string | undefined> => /Follow: (\w+),/.exec((await looplab('follow', file, '0', ...options)).out)?.[1];
  const socket = webSocketLine([{ dir: 'up', text: 'hello' }]);
  expect(await followed(kept('plain.pcapng', new Line(7007).say('up', 'GET READY\n').say('down', 'no HTTP\n').frames))).toBe('tcp');
  expect(await followed(kept('best1.pcapng', http1Line(gzipSync(STORY), 'gzip').frames))).toBe('http');
  expect(await followed(kept('best2.pcapng', http2Line(gzipSync(STORY), 'gzip').frames))).toBe('http2');
  expect([await followed(path), await followed(path, '--keys', keys)]).toEqual(['tcp', 'tls']);
  // The handshake of a WebSocket is HTTP, and all that was said as long as no message came.
  expect([await followed(kept('socket.pcapng', socket.frames)), await followed(kept('shaken.pcapng', webSocketLine([]).frames))]).toEqual(['websocket', 'http']);
  expect(await looplab('follow', path, '7')).toMatchObject({ status: 2, err: expect.stringContaining('there is no tcp stream 7') as string });
});

it('brotli, which tshark may not know, is undone; what grows without end is cut, and said', async () => {
  const told = await looplab('follow', kept('br.pcapng', http1Line(brotliCompressSync(Buffer.from(STORY)), 'br').frames), 'http', '0');
  expect(told.out).toContain(`\t${STORY.length}\n${STORY}\n`);
  const bomb = await looplab('follow', kept('bomb.pcapng', http1Line(gzipSync(Buffer.alloc(8 * 1024 * 1024)), 'gzip').frames), 'http', '0');
  expect(bomb.err).toContain('a body in "gzip": it grows beyond the bound and is cut there');
  const wrong = await looplab('follow', kept('wrong.pcapng', http1Line(Buffer.from('no gzip at all'), 'gzip').frames), 'http', '0');
  expect([wrong.status, wrong.err]).toEqual([0, expect.stringContaining('it is damaged')]);
  expect(wrong.out).toContain('no gzip at all');
});
