// One of the programs that may record the loopback interface, run as a program and never bundled: what it is asked for, when it has begun, what its
// last words mean. Its packets as they come. Which of them become facts is kernelCapture.ts' business.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../within';
import { EngineError } from '../engineError';
import { PcapReader, type PcapPacket } from './pcapReader';

export interface ToolSpec {
  readonly name: 'tcpdump' | 'dumpcap';
  readonly args: readonly string[];
  /** It says this when it records. */
  readonly begun: RegExp;
  /** It tells how many packets were thrown away so far: the first group. At its end, and before that when it is asked by this signal. */
  readonly dropped: RegExp;
  readonly asked?: NodeJS.Signals;
  /** µs until a packet is told of at the latest. */
  readonly delay: number;
}

export interface CaptureTool {
  readonly name: ToolSpec['name'];
  readonly delay: number;
  /** How many packets the kernel threw away, as far as it has told. */
  readonly dropped: number;
  /** Has it tell of them, where it can. */
  ask(): void;
  /** Ends it; resolves when all that it had read was given. How many packets the kernel threw away because nobody read them in time. */
  stop(): Promise<{ readonly dropped: number }>;
  /** Resolves when it ends by itself, with why: ENDED. */
  readonly failed: Promise<EngineError>;
}

/** Bytes kept of a packet: all headers, and more of the payload than any picture shows. */
export const SNAP_LENGTH = 2048;
/** ms that it may take to begin, and to end. */
const PATIENCE = 3000;
const LINGER = 50;
const MOST_SAID = 4096;

/** Resolves when it records. Rejects with ENOENT (no such program), EPERM (no right), ETIMEDOUT, or EINVAL with what it said. */
export async function runTool(spec: ToolSpec, onPackets: (packets: readonly PcapPacket[]) => void): Promise<CaptureTool> {
  const { name } = spec;
  const child = spawn(name, spec.args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const reader = new PcapReader();
  let said = '';
  let stopping = false;
  let fail: (error: EngineError) => void = () => undefined;
  const failed = new Promise<EngineError>((resolve) => (fail = resolve));
  const ended = once(child, 'close').catch(() => undefined);
  child.stdout.on('data', (piece: Buffer) => {
    try {
      onPackets(reader.push(piece));
    } catch (thrown) {
      fail(new EngineError('EINVAL', thrown instanceof Error ? thrown.message : String(thrown), name));
      child.kill('SIGKILL');
    }
  });
  const begun = new Promise<EngineError | null>((resolve) => {
    child.once('error', (error) => resolve(new EngineError('code' in error && error.code === 'ENOENT' ? 'ENOENT' : 'EPERM', `${name}: ${error.message}`, name)));
    child.once('close', () => resolve(problem(name, said)));
    child.stderr.on('data', (piece: Buffer) => {
      said = (said + piece.toString()).slice(-MOST_SAID);
      if (spec.begun.test(said)) resolve(null);
    });
    setTimeout(() => resolve(new EngineError('ETIMEDOUT', `${name} did not begin within ${PATIENCE} ms`, name)), PATIENCE).unref();
  });
  const why = await begun;
  if (why !== null) {
    child.kill('SIGKILL');
    throw why;
  }
  void ended.then(() => {
    if (!stopping) fail(new EngineError('ENDED', `${name} ended with ${child.signalCode ?? `status ${child.exitCode ?? 'unknown'}`}`, name));
  });
  const dropped = (): number => Number([...said.matchAll(spec.dropped)].at(-1)?.[1] ?? 0);
  return {
    name, failed, delay: spec.delay,
    get dropped() {
      return dropped();
    },
    ask() {
      if (spec.asked !== undefined && !stopping && catches(child.pid, spec.asked)) child.kill(spec.asked);
    },
    async stop() {
      stopping = true;
      // What the kernel carried last is still on its way to it.
      await sleep(LINGER + spec.delay / 1000);
      child.kill('SIGINT');
      await within(PATIENCE, ended);
      child.kill('SIGKILL');
      return { dropped: dropped() };
    },
  };
}

/** Whether the program has something to do with a signal that would end it otherwise: of Linux only, where it can be looked up. Nothing ends by SIGINFO. */
function catches(pid: number | undefined, signal: NodeJS.Signals): boolean {
  if (signal === 'SIGINFO') return true;
  try {
    const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return caught !== undefined && ((BigInt(`0x${caught}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
  } catch {
    return false;
  }
}

/** What its last words mean. */
function problem(name: string, said: string): EngineError {
  const text = said.trim().split('\n').findLast((line) => line.trim() !== '') ?? '';
  return new EngineError(/permission|not permitted|privilege/i.test(said) ? 'EPERM' : 'EINVAL', `${name}: ${text === '' ? 'it ended' : text}`, name);
}
