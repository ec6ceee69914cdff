// Compressed messages of a WebSocket (RFC 7692): what tshark inflates is what we do, whatever was agreed on; followed, they are what was said.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { looplab } from '../../electron/cli/inProcess.fixture';
import { createDissector } from '../../shared/packets/dissection/dissector';
import { openFrames, type Line } from '../../shared/packets/dissection/captured.fixture';
import { PacketFields } from '../../shared/packets/dissection/packetFields';
import { fileOf } from '../../shared/packets/follow/web.fixture';
import { hasTshark } from './tshark.fixture';
import { webSocketLine, type Said } from './webSocketFrames.fixture';

const folder = mkdtempSync(join(tmpdir(), 'looplab-websocket-'));
afterAll(() => rmSync(folder, { recursive: true }));

const STORY = 'once upon a time, and again: once upon a time, ';
const SAID: readonly Said[] = [
  { dir: 'up', text: `hello ${STORY.repeat(3)}` }, { dir: 'down', text: STORY.repeat(40) }, { dir: 'up', text: `hello ${STORY.repeat(3)}` }, { dir: 'up', text: 'not made smaller', plain: true },
  { dir: 'down', text: `ünïcödé ${STORY}` }, { dir: 'down', text: STORY.repeat(40), binary: true },
];
/** tshark 4.0 looks for the bit of a compressed message in its last frame, but it is in the first (RFC 7692 6.1): it does not inflate these. */
const IN_FRAMES: readonly Said[] = [{ dir: 'down', text: STORY.repeat(40), frames: 3 }, { dir: 'up', text: STORY, frames: 2 }, { dir: 'down', text: STORY.repeat(40), frames: 4 }];
const FIELDS = ['websocket.fin', 'websocket.rsv', 'websocket.pmc', 'websocket.opcode', 'websocket.payload_length', 'websocket.payload.text'] as const;

function kept(line: Line): string {
  const path = join(folder, 'socket.pcapng');
  writeFileSync(path, fileOf(line.frames));
  return path;
}
function ours(line: Line, names: readonly string[]): string[][] {
  const dissector = createDissector(openFrames(line.frames));
  return line.frames.map((_, number) => {
    const fields = new PacketFields(dissector.dissect(number));
    return names.map((name) => fields.texts(name).join());
  });
}
function theirs(line: Line, names: readonly string[]): string[][] {
  const text = execFileSync('tshark', ['-n', '-r', kept(line), '-T', 'fields', '-E', 'separator=\u001f', ...names.flatMap((name) => ['-e', name])], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return text.split('\n').slice(0, -1).map((one) => one.split('\u001f'));
}
const followed = async (line: Line): Promise<{ readonly texts: string[]; readonly err: string }> => {
  const { out, err } = await looplab('follow', kept(line), 'websocket', '0', '--as', 'raw');
  return { texts: out.split('\n').filter((one) => /^\t?[0-9a-f]+$/.test(one)).map((one) => Buffer.from(one.trim(), 'hex').toString('utf8')), err };
};

describe(`compressed messages of a WebSocket${hasTshark ? '' : ' (not compared: tshark is not installed)'}`, () => {
  it.each([
    ['that take their windows over', 'permessage-deflate', true], ['each for itself', 'permessage-deflate; server_no_context_takeover; client_no_context_takeover', false],
    ['with windows of a size', 'permessage-deflate; client_max_window_bits=15; server_max_window_bits="15"', true],
  ])('%s are what tshark inflates, and what was said', async (_, extensions, takeOver) => {
    const line = webSocketLine(SAID, { extensions, takeOver });
    if (hasTshark) expect(ours(line, FIELDS)).toEqual(theirs(line, FIELDS));
    const { texts, err } = await followed(line);
    expect([texts, err]).toEqual([SAID.map(({ text }) => text), '']);
    const inFrames = webSocketLine(IN_FRAMES, { extensions, takeOver });
    expect((await followed(inFrames)).texts).toEqual(IN_FRAMES.map(({ text }) => text));
    expect(ours(inFrames, ['websocket.payload.text']).flat().filter((text) => text !== '')).toEqual(IN_FRAMES.map(({ text }) => text));
  });

  it('say how they were sent, and are a source of bytes of their own', () => {
    const line = webSocketLine(SAID, { extensions: 'permessage-deflate; server_no_context_takeover', takeOver: false });
    const packet = createDissector(openFrames(line.frames)).dissect(5);
    expect(packet.sources.map(({ name, bytes }) => [name, bytes.length])).toContainEqual(['decompressed', STORY.length * 40]);
    expect(JSON.stringify(packet.layers.at(-1)?.tree)).toContain('B, permessage-deflate; server_no_context_takeover');
  });

  it('stay as they are behind a gap, and are cut where they grow without end', async () => {
    const lost = webSocketLine(SAID);
    lost.frames.splice(5, 1);
    expect((await followed(lost)).err).toContain('a message in "permessage-deflate": nothing here undoes it');
    const bomb = webSocketLine([{ dir: 'down', text: 'a'.repeat(6 * 1024 * 1024) }]);
    const { texts, err } = await followed(bomb);
    expect(texts[0]?.length).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(err).toContain('it grows beyond the bound and is cut there');
    const unagreed = webSocketLine(SAID.slice(0, 1), { extensions: '' });
    expect((await followed(unagreed)).err).toContain('nothing here undoes it');
  });
});
