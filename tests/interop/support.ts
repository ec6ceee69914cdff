// Foreign programs in tests: started with their input, waited for by what they print or by their end, killed when the test is over.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { NETWORK } from '../../electron/labs/network.fixture';

const COURSE = fileURLToPath(new URL('./course/', import.meta.url));
const running = new Set<ChildProcess>();

afterEach(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  running.clear();
});

export interface Program {
  /** What it has printed so far. */
  readonly output: () => string;
  /** Types to its standard input. */
  type(text: string): void;
  /** Ends its standard input: Ctrl+D. */
  endInput(): void;
  /** Resolves with the first group of the match once its output matches; rejects when it ends before. */
  printed(pattern: RegExp): Promise<string>;
  /** Resolves with its whole output and its exit status when it ends. */
  readonly ended: Promise<{ readonly output: string; readonly status: number | null }>;
  /** Ctrl+C. */
  interrupt(): void;
  kill(): void;
}

/** Starts a program; throws when there is none of that name. The test fails with its standard error when a wait cannot be met. */
export function start(command: string, ...args: string[]): Program {
  const child = spawn(command, args, { stdio: 'pipe', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' } });
  child.on('error', () => undefined);
  if (child.pid === undefined) throw new Error(`${command} cannot be started: is it installed?`);
  running.add(child);
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  // Its input may be closed before ours is: that is its affair.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<{ output: string; status: number | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ output, status }));
  });
  return {
    output: () => output,
    type: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(output);
          if (match !== null) resolve(match[1] ?? match[0]);
        };
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`${command} ${args.join(' ')} ended without printing ${String(pattern)}: ${output}${errors}`)));
        look();
      }),
    ended,
    interrupt: () => void child.kill('SIGINT'),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** What wrk reports of a second, or of as long as it takes until `enough`: how much that is, is the machine's affair. */
export async function wrk(enough: Promise<void>, ...args: string[]): Promise<string> {
  const program = start('wrk', '-t1', '-d60s', '--timeout', '30s', ...args);
  await Promise.all([pause(1000), enough]);
  program.interrupt();
  return (await program.ended).output;
}

/** Ports of this test process alone, below those that the system gives to who asks for any. */
const PORTS = 60;
const FIRST_PORT = 10_000 + PORTS * Number(NETWORK.split('.')[1]);
let ports = 0;

/** A port of 127.0.0.1 that nobody has, and that nobody else is given until it is used. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS; tries++) {
    const port = FIRST_PORT + (ports++ % PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port is free from ${FIRST_PORT} up`);
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });

/** One of the course's programs. */
export const course = (file: string, ...args: (string | number)[]): Program => start('python3', `${COURSE}${file}`, ...args.map(String));

/** Starts one of the course's servers on a free port of `address`; resolves with the port when it listens. */
export async function courseServer(file: string, address: string): Promise<{ readonly program: Program; readonly port: number }> {
  const program = course(file, address, 0);
  return { program, port: Number(await program.printed(/listening (\d+)/)) };
}
