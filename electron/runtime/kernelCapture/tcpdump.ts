// The kernel's own view of the loopback interface, where this user may have it: tcpdump, run as a program, never bundled. Its packets as they
// come. Which of them become facts is kernelCapture.ts' business.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../within';
import { EngineError } from '../engineError';
import { PcapReader, type PcapPacket } from './pcapReader';

/** What tcpdump can be asked for on which system. */
const LOOPBACK: Partial<Record<NodeJS.Platform, string>> = { linux: 'lo', darwin: 'lo0' };
/** Bytes kept of a packet: all headers, and more of the payload than any picture shows. */
const SNAP_LENGTH = 2048;
/** ms that it may take to begin, and to end. */
const PATIENCE = 3000;
const LINGER = 50;
const MOST_SAID = 4096;

export interface Tcpdump {
  /** Ends it; resolves when all that it had read was given. How many packets the kernel threw away because nobody read them in time. */
  stop(): Promise<{ readonly dropped: number }>;
  /** Resolves when it ends by itself, with why. */
  readonly failed: Promise<EngineError>;
}

/** Resolves when it records. Rejects with ENOTSUP, ENOENT (no tcpdump), EPERM (no right), or EINVAL with what it said. */
export async function startTcpdump(filter: string, onPackets: (packets: readonly PcapPacket[]) => void): Promise<Tcpdump> {
  const device = LOOPBACK[process.platform];
  if (device === undefined) throw new EngineError('ENOTSUP', 'no capture of the loopback interface on this system', 'tcpdump');
  const child = spawn('tcpdump', ['-i', device, '-n', '-p', '--immediate-mode', '-U', '-s', String(SNAP_LENGTH), '-B', '16384', '-w', '-', filter], { stdio: ['ignore', 'pipe', 'pipe'] });
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
      fail(new EngineError('EINVAL', thrown instanceof Error ? thrown.message : String(thrown), 'tcpdump'));
      child.kill('SIGKILL');
    }
  });
  const begun = new Promise<EngineError | null>((resolve) => {
    child.once('error', (error) => resolve(new EngineError('code' in error && error.code === 'ENOENT' ? 'ENOENT' : 'EPERM', `tcpdump: ${error.message}`, 'tcpdump')));
    child.once('close', () => resolve(problem(said)));
    child.stderr.on('data', (piece: Buffer) => {
      said = (said + piece.toString()).slice(-MOST_SAID);
      if (said.includes('listening on')) resolve(null);
    });
    setTimeout(() => resolve(new EngineError('ETIMEDOUT', `tcpdump did not begin within ${PATIENCE} ms`, 'tcpdump')), PATIENCE).unref();
  });
  const why = await begun;
  if (why !== null) {
    child.kill('SIGKILL');
    throw why;
  }
  void ended.then(() => {
    if (!stopping) fail(problem(said));
  });
  return {
    failed,
    async stop() {
      stopping = true;
      // What the kernel carried last is still on its way to it.
      await sleep(LINGER);
      child.kill('SIGINT');
      await within(PATIENCE, ended);
      child.kill('SIGKILL');
      return { dropped: Number(/(\d+) packets? dropped by kernel/.exec(said)?.[1] ?? 0) };
    },
  };
}

/** What tcpdump's last words mean. */
function problem(said: string): EngineError {
  const text = said.trim().split('\n').at(-1) ?? '';
  return new EngineError(/permission|not permitted/i.test(said) ? 'EPERM' : 'EINVAL', `tcpdump: ${text === '' ? 'it ended' : text}`, 'tcpdump');
}
