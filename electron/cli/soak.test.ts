import { afterEach, describe, expect, it } from 'vitest';
import { parseLesson } from '../../shared/lab/parseLesson';
import type { Lab } from '../roles/lab';
import type { FoundLab } from '../runtime/discovery';
import { tinyLab } from '../runtime/lab.fixture';
import type { Io } from './io';
import { main } from './main';
import type { SoakSample } from './soakSample';
import { judge } from './soakVerdict';

const ADDRESS = '127.0.203.2';
const lessons: FoundLab['lessons'] = new Map([['en', parseLesson('# Tiny\n\n> One question.\n\nAsk.\n')]]);
/** What leaking labs have left behind; let go after each test. */
const left: { buffers: Uint8Array[]; timers: NodeJS.Timeout[] } = { buffers: [], timers: [] };

afterEach(() => {
  left.buffers = [];
  for (const timer of left.timers.splice(0)) clearInterval(timer);
});

/** A lab like the tiny one that leaves something behind each time. */
const leaking = (id: string, leak: () => void): Lab => {
  const lab = tinyLab(ADDRESS, 7208);
  return { ...lab, manifest: { ...lab.manifest, id }, play: (context) => {
    leak();
    return lab.play(context);
  } };
};

const LABS: readonly FoundLab[] = [
  tinyLab(ADDRESS, 7208),
  leaking('leaky', () => {
    left.buffers.push(new Uint8Array(4 * 1024 * 1024));
    left.timers.push(...[1, 2, 3, 4].map(() => setInterval(() => undefined, 1e6)));
  }),
].map((lab) => ({ lab, lessons }));

async function looplab(args: string): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => {
      out += text;
      return Promise.resolve();
    },
    err: (text) => void (err += text),
    signal: new AbortController().signal, onFault: () => undefined, version: () => Promise.resolve('1.2.3'), labs: () => LABS,
  };
  const status = await main(args.split(' '), io);
  return { status, out, err };
}

const grown = (out: string): string[] => out.split('\n').filter((line) => line.endsWith('GROWS')).map((line) => line.slice(0, 10).trim());

describe('looplab soak', () => {
  it('runs a lab again and again and finds nothing left behind', { timeout: 120_000 }, async () => {
    const { status, out, err } = await looplab('soak tiny --seconds 5');
    expect(err).toBe('');
    expect(out).toContain('flat: nothing is left behind');
    expect(grown(out)).toEqual([]);
    expect(status).toBe(0);
    expect(Number(/(\d+) runs, \d+ facts/.exec(out)?.[1])).toBeGreaterThan(5);
  });

  it('finds what a lab leaves behind: memory, and timers', { timeout: 120_000 }, async () => {
    const { status, out } = await looplab('soak leaky --seconds 5');
    expect(status).toBe(1);
    expect(out).toContain('LEAK');
    // Whether a heap that grows needs more pages of the system depends on how much of its pages was free.
    expect(grown(out).filter((what) => what !== 'resident')).toEqual(['heap', 'handles']);
  });

  it('says it as JSON too: each sample, then the verdict', { timeout: 120_000 }, async () => {
    const { out } = await looplab('soak tiny --seconds 1 --json');
    const lines = out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ running: expect.any(Boolean) as boolean, heap: expect.any(Number) as number, handles: expect.any(Number) as number });
    expect(lines.at(-1)).toMatchObject({ verdict: expect.stringMatching(/^(flat|short)$/) as string, failure: null });
  });

  it('fails with a run that fails, and does not go on', async () => {
    const { status, err } = await looplab('soak tiny --set script=throws --seconds 60');
    expect([status, err.includes('the script is broken')]).toEqual([1, true]);
  });

  it('is bounded: at most an hour, and a script that never ends is ended', async () => {
    expect(await looplab('soak tiny --seconds 3601')).toMatchObject({ status: 2, err: expect.stringContaining('at most 3600') as string });
    const began = performance.now();
    const { out } = await looplab('soak tiny --set script=hangs --seconds 1');
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(out).toContain('1 runs');
  });

  it('helps', async () => {
    const { status, out } = await looplab('soak --help');
    expect(status).toBe(0);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(128);
  });
});

describe('the verdict of a soak', () => {
  const BEFORE = { heap: 20e6, rss: 80e6, descriptors: 20, handles: 3 };
  const samples = (count: number, of: (n: number) => Partial<SoakSample>): SoakSample[] => Array.from({ length: count }, (_, n) => ({ at: n, runs: n, facts: n, running: false, ...BEFORE, ...of(n) }));

  it('is flat for what goes up and down, and for a warm-up', () => {
    expect(judge(samples(30, (n) => ({ heap: 20e6 + (n % 2) * 30e6, handles: 3 + (n % 3) * 10 })), BEFORE, BEFORE).verdict).toBe('flat');
    expect(judge(samples(30, (n) => ({ heap: Math.min(n, 6) * 20e6 })), BEFORE, BEFORE).verdict).toBe('flat');
  });

  it('is a leak for what only grows, and for what is open at the end', () => {
    expect(judge(samples(30, (n) => ({ heap: 20e6 + n * 1e6 })), BEFORE, BEFORE).judged.filter(({ grows }) => grows).map(({ quantity }) => quantity)).toEqual(['heap']);
    expect(judge(samples(30, (n) => ({ descriptors: 20 + n })), BEFORE, BEFORE).verdict).toBe('leak');
    expect(judge(samples(30, () => ({})), BEFORE, { ...BEFORE, handles: 20 }).judged.filter(({ grows }) => grows).map(({ quantity }) => quantity)).toEqual(['handles']);
  });

  it('is neither with too few samples, and does without descriptors', () => {
    expect(judge(samples(4, () => ({})), BEFORE, BEFORE).verdict).toBe('short');
    expect(judge(samples(30, () => ({ descriptors: null })), { ...BEFORE, descriptors: null }, { ...BEFORE, descriptors: null }).verdict).toBe('flat');
  });

  it('allows that more is open while programs come and go, if it is closed at the end', () => {
    // Busy more and more often, but quiet in between.
    const busy = (n: number): number => (n % (n > 15 ? 3 : 2) === 0 ? 20 : 90 + n);
    expect(judge(samples(40, (n) => ({ running: true, handles: busy(n) })), BEFORE, BEFORE).verdict).toBe('flat');
    expect(judge(samples(40, (n) => ({ running: true, handles: busy(n) + n })), BEFORE, BEFORE).verdict).toBe('leak');
  });

  it('compares what is left between runs, where there were several', () => {
    // What runs hold grows; nothing stays.
    expect(judge(samples(60, (n) => ({ running: n % 2 === 0, heap: n % 2 === 0 ? n * 10e6 : 20e6 })), BEFORE, BEFORE).verdict).toBe('flat');
  });
});
