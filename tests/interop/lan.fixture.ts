// A real LAN for tests: two network namespaces with a cable between them, made and taken down by the test. In the one runs our engine, in the
// other the programs of another machine. Needs the rights of an administrator.

import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ReportedError, ShareState } from '../../shared/ipc/contract';
import { Changes } from '../../electron/runtime/changes.fixture';
import type { LabState } from '../../electron/runtime/engine';
import type { Order } from './lanDriver';

type Ask = Order extends infer O ? (O extends Order ? Omit<O, 'id'> : never) : never;

/** Of our machine, and of the other one. */
export const OURS = '192.168.77.1';
export const THEIRS = '192.168.77.2';
const NAMES = { ours: `looplab-a-${process.pid}`, theirs: `looplab-b-${process.pid}` } as const;
type Machine = keyof typeof NAMES;

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });

/** Null when namespaces can be made here, with the reason why not. */
export function lanProblem(): string | null {
  try {
    takeDown();
    ip('netns', 'add', NAMES.ours);
    return null;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    return `network namespaces cannot be made here: ${said}`;
  } finally {
    takeDown();
  }
}

export function bringUp(): void {
  ip('netns', 'add', NAMES.ours);
  ip('netns', 'add', NAMES.theirs);
  ip('link', 'add', 'eth0', 'netns', NAMES.ours, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', NAMES.theirs);
  for (const [name, address] of [[NAMES.ours, OURS], [NAMES.theirs, THEIRS]] as const) {
    ip('-n', name, 'address', 'add', `${address}/24`, 'dev', 'eth0');
    ip('-n', name, 'link', 'set', 'lo', 'up');
    ip('-n', name, 'link', 'set', 'eth0', 'up');
  }
  // The kernel takes a moment to see that both ends are up; before, programs are told of no such interface.
  for (const name of Object.values(NAMES)) while (!execFileSync('ip', ['-n', name, '-o', 'link', 'show', 'eth0'], { encoding: 'utf8' }).includes('state UP')) spawnSync('sleep', ['0.05']);
}

export const takeAddress = (): void => ip('-n', NAMES.ours, 'address', 'delete', `${OURS}/24`, 'dev', 'eth0');
/** An address of another network on our cable: a machine of that network comes by it too. */
export function otherNetwork(ours: string, theirs: string): void {
  ip('-n', NAMES.ours, 'address', 'add', `${ours}/24`, 'dev', 'eth0');
  ip('-n', NAMES.theirs, 'address', 'add', `${theirs}/24`, 'dev', 'eth0');
}

export function takeDown(): void {
  for (const name of Object.values(NAMES)) spawnSync('ip', ['netns', 'delete', name], { stdio: 'ignore' });
}

const running = new Set<ChildProcess>();
export async function endAll(): Promise<void> {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  running.clear();
}

/** Starts a program on one of the machines. */
export function on(machine: Machine, command: string, ...args: string[]): ChildProcess {
  const child = spawn('ip', ['netns', 'exec', NAMES[machine], command, ...args], { stdio: 'pipe' });
  running.add(child);
  child.stdin.on('error', () => undefined);
  return child;
}

/** What it printed and how it ended. */
export function ran(child: ChildProcess, input = ''): Promise<{ readonly out: string; readonly status: number | null }> {
  let out = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stdin?.end(input);
  return new Promise((resolve) => child.once('close', (status) => resolve({ out, status })));
}

/** Our engine on our machine. */
export class Teacher {
  readonly states: LabState[] = [];
  readonly shares: ShareState[] = [];
  private readonly changes = new Changes();
  private readonly answers = new Map<number, { readonly value?: unknown; readonly error?: ReportedError }>();
  private orders = 0;
  readonly process: ChildProcess;

  /** `driver`: lanDriver.ts as built. */
  constructor(driver: string, machine: Machine = 'ours') {
    this.process = on(machine, process.execPath, driver);
    this.process.stderr?.pipe(process.stderr);
    const { stdout } = this.process;
    if (stdout === null) throw new Error('the driver has no output');
    createInterface({ input: stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { state?: LabState; share?: ShareState; answer?: number; value?: unknown; error?: ReportedError };
      if (said.state !== undefined) this.states.push(said.state);
      if (said.share !== undefined) this.shares.push(said.share);
      if (said.answer !== undefined) this.answers.set(said.answer, said);
      this.changes.tell();
    });
  }

  /** Rejects with the engine's error: its code first. */
  async tell(order: Ask): Promise<unknown> {
    const id = ++this.orders;
    this.process.stdin?.write(`${JSON.stringify({ id, ...order })}\n`);
    await this.until(() => this.answers.has(id));
    const answer = this.answers.get(id);
    if (answer?.error !== undefined) throw new Error(`${answer.error.code}: ${answer.error.message}`);
    return answer?.value;
  }

  async start(lab: string, params: Record<string, unknown> = {}): Promise<void> {
    this.states.length = 0;
    await this.tell({ do: 'start', lab, params, mode: 'serve' });
    await this.until(() => this.states.some(({ state }) => state === 'open' || state === 'failed'));
    const { error = null } = this.states.at(-1) ?? {};
    if (error !== null) throw new Error(`${error.code}: ${error.message}`);
  }

  until(holds: () => boolean): Promise<void> {
    return this.changes.until(holds);
  }
}
