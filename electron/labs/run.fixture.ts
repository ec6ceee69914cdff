// For the labs' tests: runs a lab on real sockets through the engine, and asks the trace about it as a lesson would.

import { afterEach } from 'vitest';
import { must } from '../../shared/base/assert';
import type { ParameterValues } from '../../shared/lab/manifest';
import { AppBuilder } from '../../shared/trace/app/appBuilder';
import type { AppStory } from '../../shared/trace/app/appStory';
import { appLadder } from '../../shared/trace/app/describeApp';
import { evaluate } from '../../shared/trace/evaluate';
import type { EventKind, Fact } from '../../shared/trace/event';
import { PacketFinder } from '../../shared/trace/filtered/packetFinder';
import { StoryBuilder } from '../../shared/trace/fold';
import type { Matcher } from '../../shared/trace/match';
import { TraceStore } from '../../shared/trace/store';
import type { Segment, Story } from '../../shared/trace/story';
import { textLadder } from '../../shared/trace/textLadder';
import { Changes } from '../runtime/changes.fixture';
import { Engine, type LabState } from '../runtime/engine';
import '../runtime/process/entry.fixture';
import type { Lab } from '../roles/lab';
import { NETWORK } from './network.fixture';

/** An address of the labs' hosts in this process's own network. */
export const local = (address: string): string => address.replace(/^127\.0\./, NETWORK);

const WAITS = /\b(?:accept\(\)|recv(?:from)?\(\d+\)) → …$/;
const ACCEPTS = /^ {2}(#\d+) .* (\S+) {2}accept\(\) → fd$/;

/**
 * A ladder without what only the kernel's pace decides: whether accept() and recv() had to wait; and who is told first that a handshake is over, for
 * which accept() stands as early as its program may have called it.
 */
function settled(ladder: string): string {
  const lines: string[] = [];
  for (const line of ladder.split('\n')) {
    if (WAITS.test(line)) continue;
    const [, conn = '', role = ''] = ACCEPTS.exec(line) ?? [];
    const from = conn === '' ? lines.length : lines.findLastIndex((other) => other.includes(` ${role}  `) || (other.startsWith(`  ${conn} `) && other.includes(' ACK ··'))) + 1;
    lines.splice(from, 0, line);
  }
  return lines.join('\n');
}

const moved = (lab: Lab): Lab => ({
  ...lab,
  manifest: { ...lab.manifest, hosts: lab.manifest.hosts.map((host) => ({ ...host, address: local(host.address) })) },
});

const engines = new Set<Engine>();

afterEach(async () => {
  for (const engine of engines) await engine.dispose();
  engines.clear();
});

interface PlayOptions {
  /** The kernel's packets too. */
  readonly capture?: boolean;
  /** ms until a run whose script is not over fails. */
  readonly timeout?: number;
}

/** A run whose script is over and whose servers still listen. */
export class LabTest {
  private readonly trace = new TraceStore();
  private readonly builder = new StoryBuilder(this.trace);
  private readonly appBuilder = new AppBuilder(this.trace, this.builder.story);
  private readonly packets = new PacketFinder(this.builder.story, this.trace);
  private readonly changes = new Changes();
  private readonly engine: Engine;
  private state: LabState | null = null;
  private run = 0;

  private constructor(private readonly lab: Lab) {
    this.engine = new Engine([{ lab, lessons: new Map() }], {
      onBatch: (_run, batch) => {
        this.trace.append(batch);
        this.changes.tell();
      },
      onState: (state) => {
        this.state = state;
        this.changes.tell();
      },
    });
    engines.add(this.engine);
  }

  /** Runs the lab's script to its end. Rejects when the run fails. */
  static async play(lab: Lab, params: ParameterValues = {}, options: PlayOptions = {}): Promise<LabTest> {
    return LabTest.start(lab, params, 'play', options);
  }

  /** Starts the lab's servers only. */
  static async serve(lab: Lab, params: ParameterValues = {}): Promise<LabTest> {
    return LabTest.start(lab, params, 'serve');
  }

  private static async start(lab: Lab, params: ParameterValues, mode: 'play' | 'serve', options: PlayOptions = {}): Promise<LabTest> {
    const test = new LabTest(moved(lab));
    test.run = (await test.engine.start(lab.manifest.id, params, { mode, timeout: 15_000, ...options })).run;
    await test.until(() => test.state?.state === 'open' || test.state?.state === 'failed');
    const error = test.state?.error ?? null;
    if (error !== null) throw new Error(`${error.where}: ${error.code}: ${error.message}`);
    return test;
  }

  /** The user's action; rejects as it does for the user. */
  async act(action: string, args: ParameterValues = {}): Promise<void> {
    await this.engine.act(this.run, action, args);
  }

  /** Turns the recording of the kernel's packets on or off. */
  async record(on: boolean): Promise<void> {
    await this.engine.setCapture({ run: this.run, on });
  }

  /** How it goes with them; null: not asked for. */
  get capture(): LabState['capture'] {
    return this.state?.capture ?? null;
  }

  async stop(): Promise<void> {
    await this.engine.stop(this.run);
  }

  /** Waits until the trace or the run's state makes it true. */
  until(holds: () => boolean): Promise<void> {
    return this.changes.until(holds);
  }

  /** Waits until so many facts match. */
  untilFacts(kind: EventKind, role: string, count = 1): Promise<void> {
    return this.until(() => this.facts(kind, role).length >= count);
  }

  /** The facts so far. */
  get store(): TraceStore {
    return this.trace;
  }

  get story(): Story {
    this.builder.advance();
    return this.builder.story;
  }

  /** What the bytes so far mean: messages, exchanges, queries, sessions. */
  get app(): AppStory {
    this.builder.advance();
    this.appBuilder.advance();
    return this.appBuilder.app;
  }

  /** Facts of a kind, in order; `role` may end with '*'. */
  facts(kind: EventKind, role?: string): Fact[] {
    const found: Fact[] = [];
    for (let seq = 0; seq < this.trace.count; seq++) {
      if (this.trace.kind(seq) !== kind) continue;
      const fact = this.trace.at(seq);
      if (role === undefined || this.isRole(fact, role)) found.push(fact);
    }
    return found;
  }

  /** The bytes of a fact as text. */
  text(fact: Fact): string {
    return new TextDecoder().decode(this.trace.payload(fact.seq));
  }

  /** The sum of the sizes of facts that did not fail. */
  bytes(kind: EventKind, role: string): number {
    return this.facts(kind, role).reduce((sum, fact) => sum + (fact.err === '' ? fact.size : 0), 0);
  }

  /** What each role's program showed, in order. */
  prints(role: string): string[] {
    return this.facts('role.printed', role).map((fact) => fact.text);
  }

  /** errno names of all failed calls of a role, in order. */
  errors(role: string): string[] {
    const errors: string[] = [];
    for (let seq = 0; seq < this.trace.count; seq++) {
      const fact = this.trace.at(seq);
      if (fact.err !== '' && !fact.kind.startsWith('role.') && this.isRole(fact, role)) errors.push(fact.err);
    }
    return errors;
  }

  segments(): Segment[] {
    const { segments } = this.story;
    return Array.from({ length: segments.count }, (_, index) => segments.at(index));
  }

  /** The steps of the lesson that have their moment. */
  stepsDone(): string[] {
    return this.lab.manifest.steps.filter((step) => this.exists(step.match)).map((step) => step.id);
  }

  /** What the trace says of a prediction: the first option whose condition holds. */
  verdict(prediction: string): string | null {
    const spec = must(this.lab.manifest.predictions.find((one) => one.id === prediction), prediction);
    const { story, app } = this;
    return spec.options.find((option) => evaluate(option.when, story, this.trace, app, () => this.looked))?.id ?? null;
  }

  /** The text ladder without times and without what differs from run to run, as if on 127.0.x.y. */
  ladder(): string {
    // The wire shows the start of a payload only: of a time of day, what is left of it.
    return settled(textLadder(this.story, this.trace, { stable: true, width: 110 })).replaceAll(NETWORK, '127.0.').replace(/“\d{4}-\d\d-[^”]*…”/g, '“<time>……………”');
  }

  /** Lookups, queries, sessions and exchanges as lines, without what differs from run to run, as if on 127.0.x.y. */
  appLadder(): string {
    return appLadder(this.app, this.story).replaceAll(NETWORK, '127.0.');
  }

  /** What looks for packets, once it has seen all that there are. */
  private get looked(): PacketFinder {
    while (!this.packets.advance());
    return this.packets;
  }

  private exists(match: Matcher): boolean {
    return evaluate({ exists: match }, this.story, this.trace, this.app, () => this.looked);
  }

  private isRole(fact: Fact, role: string): boolean {
    const id = this.story.role(fact.role)?.id ?? '';
    return role.endsWith('*') ? id.startsWith(role.slice(0, -1)) : id === role;
  }
}
