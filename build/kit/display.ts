// A display for Electron: the one that is there, or an Xvfb of our own for tests. Chooses a free display number through the server
// itself (-displayfd), so two test runs never meet.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { aptCommand } from '../electron-runtime/libraries';

const READY_MS = 20_000;

export interface Display {
  /** Variables to add to the environment of what draws on it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** True where windows can be shown: always on macOS and Windows, on Linux with an X or Wayland server named. */
export function hasDisplay(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): boolean {
  if (platform !== 'linux') return true;
  return (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
}

/** What to tell a person who starts the app without a display. */
export function noDisplayMessage(): string {
  return [
    'There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set. Do one of these:',
    '  - start it from a terminal of your desktop session;',
    '  - over SSH, connect with `ssh -X`;',
    `  - on a machine without a screen: ${aptCommand(['xvfb', 'xauth'])}`,
    '    and then: xvfb-run -a npm start',
    '  - or work without a window: npm run lab -- list',
  ].join('\n');
}

/** A display for tests: Xvfb on Linux, even beside a real screen, so that no window steals the focus. Throws with the apt command when there is none. */
export async function testDisplay(): Promise<Display> {
  if (process.platform !== 'linux') return { env: {}, stop: async () => undefined };
  return startXvfb().catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    if (hasDisplay()) return { env: {}, stop: async () => undefined };
    throw new Error(`Tests need Xvfb or a display. Install it: ${aptCommand(['xvfb', 'xauth'])}`);
  });
}

/** `-noreset`: else it begins anew whenever its last client goes, between two tests, and the next one finds no display meanwhile. */
async function startXvfb(): Promise<Display> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset'], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let complaint = '';
  server.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = once(server, 'exit');
  ended.catch(() => undefined);
  const number = await Promise.race([
    readLine(server.stdio[3] as Readable),
    once(server, 'exit').then(() => Promise.reject(new Error(`Xvfb ended at once: ${complaint.trim()}`))),
  ]);
  const kill = (): boolean => server.kill();
  process.once('exit', kill);
  return {
    env: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: '' },
    stop: async () => {
      process.off('exit', kill);
      if (server.exitCode === null && server.signalCode === null && server.kill()) await ended;
    },
  };
}

async function readLine(stream: Readable): Promise<string> {
  let text = '';
  const [line] = await Promise.race([
    new Promise<[string]>((done) => stream.setEncoding('utf8').on('data', (part: string) => (text += part).includes('\n') && done([text.trim()]))),
    once(stream, 'error', { signal: AbortSignal.timeout(READY_MS) }).then(() => Promise.reject(new Error('Xvfb named no display'))),
  ]);
  return line;
}
