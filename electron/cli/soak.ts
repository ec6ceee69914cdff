// looplab soak: a lab's script again and again for a time (or once, when it lasts as long), with everything recorded and nothing kept, to
// see whether anything is left behind: memory, descriptors, timers, sockets. Exit status 0 only when all of them stay flat.

import { Engine } from '../runtime/engine';
import type { ParameterValues } from '../../shared/lab/manifest';
import { readOptions, theLab, theParameters, theSeconds } from './arguments';
import { SOAK_HELP } from './help';
import { EXIT, UsageError, type Io } from './io';
import { measure, type SoakSample } from './soakSample';
import { sampleLine, SOAK_HEAD, verdictText } from './soakText';
import { judge } from './soakVerdict';

const OPTIONS = {
  set: { type: 'string', multiple: true },
  seconds: { type: 'string', default: '60' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Seconds at the most; samples that a soak aims at, and ms between two of them. */
const LONGEST = 3600;
const SAMPLES = { count: 60, least: 50, most: 5000 } as const;

export async function soak(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  if (values.help === true) {
    await io.out(SOAK_HELP);
    return EXIT.reached;
  }
  const ms = theSeconds('seconds', values.seconds);
  if (ms > LONGEST * 1000) throw new UsageError(`--seconds must be at most ${LONGEST}, not ${values.seconds}`);
  const found = theLab(io.labs(), positionals);
  const params = theParameters(found, values.set ?? []);
  const json = values.json === true;
  const soaked = new Soak(io, found.lab.manifest.id, params, (sample) => io.out(json ? `${JSON.stringify(sample)}\n` : sampleLine(sample)));
  if (!json) await io.out(SOAK_HEAD);
  const before = measure();
  await soaked.go(ms);
  const after = measure();
  const verdict = judge(soaked.samples, before, after);
  await io.out(json ? `${JSON.stringify({ runs: soaked.runs, facts: soaked.facts, failure: soaked.failure, ...verdict })}\n` : verdictText(verdict, soaked.runs, soaked.facts));
  if (soaked.failure !== null) io.err(`looplab: ${soaked.failure}\n`);
  else if (verdict.verdict === 'short') io.err('looplab: too few samples to tell; soak it longer\n');
  if (io.signal.aborted) return EXIT.interrupted;
  return soaked.failure === null && verdict.verdict === 'flat' ? EXIT.reached : EXIT.failed;
}

/** The runs of one soak, and what was measured meanwhile. */
class Soak {
  readonly samples: SoakSample[] = [];
  runs = 0;
  facts = 0;
  /** Why a run failed; null: none did. */
  failure: string | null = null;
  private readonly engine: Engine;
  private running = false;
  private began = 0;
  private sampled = 0;
  private pause = 0;
  private over: () => void = () => undefined;

  constructor(private readonly io: Io, private readonly lab: string, private readonly params: ParameterValues, private readonly tell: (sample: SoakSample) => Promise<void>) {
    this.engine = new Engine(io.labs(), {
      onBatch: (_run, batch) => void (this.facts += batch.count),
      onState: ({ state, error }) => {
        if (error !== null) this.failure ??= error.message;
        if (state === 'open' || state === 'stopped' || state === 'failed') this.over();
      },
    });
    io.onFault((thrown) => this.engine.fault(thrown));
  }

  /** Runs for `ms`, until a run fails, or until the user interrupts. */
  async go(ms: number): Promise<void> {
    this.began = this.sampled = performance.now();
    this.pause = Math.min(SAMPLES.most, Math.max(SAMPLES.least, ms / SAMPLES.count));
    const end = this.began + ms;
    const timer = setInterval(() => {
      // A run that is short is measured when it is over.
      if (this.running && performance.now() - this.sampled > this.pause * 1.5) this.sample();
    }, this.pause);
    const enough = (): boolean => performance.now() >= end || this.failure !== null || this.io.signal.aborted;
    while (!enough()) {
      await this.once(end - performance.now());
      if (performance.now() - this.sampled >= this.pause) this.sample();
    }
    clearInterval(timer);
    await this.engine.dispose();
    await closed();
  }

  /** One run, until its script is over or the time is. */
  private async once(ms: number): Promise<void> {
    const settled = new Promise<void>((resolve) => (this.over = resolve));
    const timer = setTimeout(() => this.over(), Math.max(0, ms));
    const stop = (): void => this.over();
    this.io.signal.addEventListener('abort', stop, { once: true });
    this.running = true;
    const { run } = await this.engine.start(this.lab, this.params);
    await settled;
    clearTimeout(timer);
    this.io.signal.removeEventListener('abort', stop);
    await this.engine.stop(run);
    this.runs++;
    await closed();
    this.running = false;
  }

  private sample(): void {
    this.sampled = performance.now();
    const sample: SoakSample = { at: Math.round(this.sampled - this.began) / 1000, runs: this.runs, facts: this.facts, running: this.running, ...measure() };
    this.samples.push(sample);
    void this.tell(sample);
  }
}

/** Handles that were closed are gone some turns of the event loop later. */
async function closed(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
