// A role that is a process of the system (LabContext.process): started, told what to run, heard, and killed. What the process did is in its
// facts; how it ended the system says. When it dies, whoever killed it, the kernel closes what it had open.

import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import * as v from 'valibot';
import { never } from '../../../shared/base/assert';
import type { Batch } from '../../../shared/trace/columns';
import type { ProgramOptions } from '../../roles/lab';
import { EngineError, errorCode } from '../engineError';
import type { LabRole, RoleEnd, RoleSetup } from '../runningRole';
import { ForeignFacts } from './foreignFacts';
import { FrameReader } from './frames';
import { entryFile, launchOf, unbuilt } from './launch';
import { reportSchema, type ProgramSetup, type Report } from './messages';
import { writeSetup } from './setup';

export interface ProcessSetup extends Omit<RoleSetup, 'network'> {
  readonly program: string;
  readonly options: ProgramOptions;
}

/** ms that a program has to end by itself when it is asked to. One that is blocked cannot hear it. */
const GRACE = 150;
/** ms that its report may stay open after it died: what still writes there is killed. */
const DRAIN = 300;
/** Characters of what it said on stderr that are kept, for the message of a crash. */
const STDERR = 2048;

/** Signals by which people and systems end programs; any other is a crash. */
const KILLS: ReadonlySet<string> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']);

export class ProcessRole implements LabRole {
  readonly id: string;
  readonly ready: Promise<boolean>;
  readonly ended: Promise<RoleEnd>;
  outcome: RoleEnd | null = null;
  error: unknown = null;
  listened = false;

  private readonly facts: ForeignFacts;
  private child: ChildProcess | null = null;
  private stopping = false;
  private killed = false;
  /** What it said of its end. */
  private last: Extract<Report, { readonly type: 'ended' }> | null = null;
  private stderr = '';
  /** When it was first seen to be dying, in microseconds of the trace. */
  private diedAt: number | null = null;
  private grace: NodeJS.Timeout | null = null;
  private resolveReady: (ready: boolean) => void = () => undefined;
  private resolveEnded: (how: RoleEnd) => void = () => undefined;

  constructor(private readonly setup: ProcessSetup) {
    this.id = setup.id;
    this.facts = new ForeignFacts(setup.recorder, setup.index);
    this.ready = new Promise((resolve) => (this.resolveReady = resolve));
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
  }

  /** The process's id, while it runs. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  start(): void {
    if (unbuilt.build === null) this.startFrom(entryFile);
    else void unbuilt.build().then((entry) => this.startFrom(() => entry));
  }

  kill(): void {
    if (this.outcome !== null) return;
    this.killed = true;
    this.killAll();
  }

  askToStop(): void {
    if (this.outcome !== null || this.stopping) return;
    this.stopping = true;
    this.child?.kill('SIGTERM');
    this.grace = setTimeout(() => this.killAll(), GRACE);
  }

  /** Its grace is running. */
  forceStop(): void {
    this.askToStop();
  }

  dismiss(): void {
    this.stopping = true;
    this.killAll();
  }

  private startFrom(entry: () => string): void {
    try {
      if (this.killed || this.stopping) this.finish(this.killed ? 'killed' : 'done', '', null);
      else this.spawn(entry());
    } catch (thrown) {
      // Where there are no processes for programs: the lab shows it.
      this.finish('failed', errorCode(thrown), thrown);
    }
  }

  private spawn(entry: string): void {
    const { file, args, env } = launchOf(entry);
    // A group of its own, so that all that it starts can be killed together.
    const child = spawn(file, args, { env, detached: process.platform !== 'win32', windowsHide: true, stdio: ['pipe', 'ignore', 'pipe', 'pipe'] });
    this.child = child;
    child.once('error', (error) => {
      if (child.pid === undefined) this.finish('failed', errorCode(error), error);
    });
    if (child.pid === undefined) return;
    const report = child.stdio[3] as Readable;
    this.hear(report);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr = (this.stderr + text).slice(-STDERR)));
    // The kernel closes a dying process's descriptors in their order: these before its sockets.
    for (const stream of [child.stderr, report]) stream?.once('end', () => this.seenDying());
    child.once('exit', (code, signal) => {
      this.seenDying();
      this.killAll();
      const end = (): void => this.concluded(code, signal);
      if (report.closed || report.readableEnded) return end();
      const timer = setTimeout(() => report.destroy(), DRAIN);
      report.once('close', () => {
        clearTimeout(timer);
        end();
      });
    });
    writeSetup(child.stdin, this.said());
  }

  private said(): ProgramSetup {
    const { recorder, program, options, id, host } = this.setup;
    return { kind: 'program', origin: recorder.clock.origin, program, options: { ...options } as ProgramSetup['options'], role: id, host: host.id, address: host.address };
  }

  private hear(report: Readable): void {
    const reader = new FrameReader((writer, given) => this.take(writer, v.parse(reportSchema, given)));
    report.on('error', () => undefined);
    report.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (thrown) {
        // Whatever writes there is not our program any more.
        this.error = thrown;
        report.destroy();
        this.killAll();
      }
    });
  }

  private take(writer: number, report: Report): void {
    switch (report.type) {
      case 'facts':
        return this.facts.take(writer, report.batch as Batch);
      case 'listening':
        if (this.outcome !== null) return;
        this.listened = true;
        this.setup.onListening({ role: this.id, protocol: report.protocol, address: report.address, port: report.port });
        return this.resolveReady(true);
      case 'ended':
        this.last = report;
        return;
      case 'gone':
        return this.facts.forget(writer);
      default:
        never(report);
    }
  }

  private seenDying(): void {
    this.diedAt ??= this.setup.recorder.now();
  }

  /** The process and all that it started; no error when there is nobody any more. */
  private killAll(): void {
    const { child } = this;
    if (child?.pid === undefined) return;
    // From here on it does nothing more: what follows of it, a peer's end of stream say, comes after this.
    if (child.exitCode === null && child.signalCode === null) this.seenDying();
    try {
      if (process.platform === 'win32') child.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
    } catch {
      // ESRCH.
    }
  }

  private concluded(code: number | null, signal: NodeJS.Signals | null): void {
    const { last } = this;
    if (this.killed) return this.finish('killed', '', null);
    if (this.stopping) return this.finish('done', '', null);
    if (this.error !== null) return this.finish('failed', errorCode(this.error), this.error);
    if (last !== null) return last.failed ? this.finish('failed', last.code, new EngineError(last.code, last.message)) : this.finish('done', '', null);
    const why = signal ?? `EXIT_${code ?? 0}`;
    if (signal !== null && KILLS.has(signal)) return this.finish('killed', why, null);
    this.finish('failed', why, new EngineError(why, this.stderr.trim() || `the process ended with ${why}`));
  }

  private finish(how: RoleEnd, err: string, error: unknown): void {
    if (this.outcome !== null) return;
    this.outcome = how;
    this.error = error;
    if (this.grace !== null) clearTimeout(this.grace);
    const { recorder, index } = this.setup;
    this.facts.dead(this.diedAt ?? recorder.now());
    recorder.roleEnded(index, how, err);
    this.facts.leave();
    this.child?.stdin?.destroy();
    this.child = null;
    this.setup.onEnded(this);
    this.resolveReady(false);
    this.resolveEnded(how);
  }
}
