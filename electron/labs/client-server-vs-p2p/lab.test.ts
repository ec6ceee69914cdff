// The lab of two architectures on real sockets: what is measured is never less than the formula, grows as it says, and is explained in full.
//
// Tolerance. A link begins each run with an empty bucket, so over a whole run it passes at most its cap: measured times are at least the
// formula's, to the rounding of a note (0.1 ms). Between two moments in the middle a bucket may give out what it saved: 100 ms of its cap.
import { describe, expect, it } from 'vitest';
import { timeByServer, timeBySwarm, type Distribution } from '../../../shared/lab/distribution';
import { parseNote, type Note, type NoteTopic } from '../../../shared/trace/notes';
import { lostTime } from '../lostTime.fixture';
import { LabTest } from '../run.fixture';
import lab from './lab';
import { KIB } from './plan';

const ROUNDING = 0.1;
/** ms of its cap that a link may save up (roles/bittorrent/link.ts). */
const SAVED = 100;

/** A file of 32 KiB and links that bring it in an eighth of a second: short, and long enough to measure. */
const SMALL = { size: 32, 'server-up': 256, 'receiver-up': 128, 'receiver-down': 1024, 'piece-size': '2' } as const;

type Of<T extends NoteTopic> = Extract<Note, { topic: T }>;

const notes = <T extends NoteTopic>(run: LabTest, topic: T, role = 'conductor'): Of<T>[] =>
  run.facts('role.noted', role).flatMap((fact) => {
    const note = parseNote(fact.text);
    return note?.topic === topic ? [note as Of<T>] : [];
  });

interface Measured {
  readonly way: 'server' | 'swarm';
  readonly receivers: number;
  readonly ms: number;
  readonly formula: number;
  readonly why: Of<'dist.end'>['why'];
}

const measured = (run: LabTest): Measured[] => {
  const begun = notes(run, 'dist.begin');
  return notes(run, 'dist.end').map(({ way, receivers, ms, why }, index) => {
    const given: Distribution = begun[index] ?? { size: 0, serverUp: 0, peerUp: 0, peerDown: 0 };
    return { way, receivers, ms, why, formula: (way === 'server' ? timeByServer : timeBySwarm)(given, receivers) };
  });
};
const took = (run: LabTest, way: string, receivers: number): number => measured(run).find((each) => each.way === way && each.receivers === receivers)?.ms ?? Number.NaN;

/** The most bytes that the role sent beyond what its cap allows between any two of its sends. */
function excess(run: LabTest, role: string, cap: number): number {
  let [most, sum, least] = [0, 0, Number.POSITIVE_INFINITY];
  for (const fact of run.facts('bytes.sent', role)) {
    const allowed = (cap * Number(fact.t)) / 1e6;
    least = Math.min(least, sum - allowed);
    sum += Math.max(0, fact.size);
    most = Math.max(most, sum - allowed - least);
  }
  return most;
}

describe('one, two and five receivers, both ways', () => {
  it('take at least what the formula says, and the reasons for the rest add up to it', async () => {
    const lost = lostTime();
    const run = await LabTest.play(lab, { ...SMALL, 'server-up': 128, receivers: '1, 2, 5' });
    const late = lost();
    const all = measured(run);
    expect(all.map(({ way, receivers }) => `${way} ${receivers}`)).toEqual(['server 1', 'server 2', 'server 5', 'swarm 1', 'swarm 2', 'swarm 5']);
    for (const { way, receivers, ms, formula, why } of all) {
      const name = `${way} ${receivers}: ${ms} ms, formula ${formula} ms, ${JSON.stringify(why)}`;
      expect(ms, name).toBeGreaterThanOrEqual(formula - ROUNDING);
      expect(ms, name).toBeLessThan(4 * formula + 1500 + late); // how busy the machine is, is its own affair
      expect(why.reduce((sum, each) => sum + each.ms, 0), name).toBeCloseTo(ms - formula, 0);
      expect(new Set(why.map(({ cause }) => cause)).size, name).toBe(why.length);
      if (way === 'server') expect(why.map(({ cause }) => cause), name).not.toContain('choking');
    }
    // The line that rises, and the curve that does not. A machine is late at its beginning, so at least by half of what the formula says.
    const says = (receivers: number): number => all.find((one) => one.way === 'server' && one.receivers === receivers)?.formula ?? 0;
    expect(took(run, 'server', 5) - took(run, 'server', 1) + late).toBeGreaterThan((says(5) - says(1)) / 2);
    expect(took(run, 'swarm', 5)).toBeLessThan(took(run, 'server', 5) + late);
    // Everyone has it, and the conductor has compared its hash; each distribution has ended before the next began.
    const received = notes(run, 'dist.received');
    expect(received).toHaveLength(16);
    expect(new Set(received.map(({ receiver }) => receiver)).size).toBe(16);
    expect(run.prints('client*').filter((line) => line === 'has the file: 32768 bytes')).toHaveLength(8);
    expect(notes(run, 'bt.done', 'peer*')).toHaveLength(8);
    for (const topic of ['dist.begin', 'dist.end'] as const) expect(run.facts('role.noted', 'conductor').map((fact) => parseNote(fact.text)?.topic).filter((each) => each === topic)).toHaveLength(6);
    expect(run.facts('role.ended').filter((fact) => fact.err !== '')).toEqual([]);
  });
});

describe('the caps', () => {
  it('hold for the server, the seed and every peer, whoever asks for how much', async () => {
    const run = await LabTest.play(lab, { ...SMALL, receivers: '4', 'up-links': 'mixed' });
    expect(excess(run, 'server', 256 * KIB)).toBeLessThan((256 * KIB * SAVED) / 1000 + 16 * KIB);
    const peers = run.story.roles.filter(({ id }) => /^(seed|peer)-/.test(id));
    expect(peers).toHaveLength(5);
    const ups = peers.map(({ id }) => notes(run, 'bt.peer', id)[0]?.up ?? 0);
    expect([...ups].sort((one, other) => one - other)).toEqual([64, 64, 192, 192, 256].map((kib) => kib * KIB));
    for (const [index, { id }] of peers.entries()) {
      const cap = ups[index] ?? 0;
      // Besides, a datagram to the tracker; and a block's turn is as long as the link allows.
      expect(excess(run, id, cap), id).toBeLessThan((cap * SAVED) / 1000 + 16 * KIB);
    }
  });

  it('of the receivers hold too: a narrow down-link sets the time in both ways', async () => {
    const run = await LabTest.play(lab, { ...SMALL, receivers: '2', 'receiver-down': 64, 'server-up': 1024 });
    const all = measured(run);
    expect(all.map(({ formula }) => formula)).toEqual([500, 500]);
    for (const { ms, formula, why } of all) {
      expect(ms).toBeGreaterThanOrEqual(formula - ROUNDING);
      expect(why.reduce((sum, each) => sum + each.ms, 0)).toBeCloseTo(ms - formula, 0);
    }
  });
});

describe('the lesson', () => {
  it('has all its steps, and its questions are judged by what was measured', async () => {
    const run = await LabTest.play(lab, { ...SMALL, receivers: '1 10', 'receiver-up': 256 });
    expect(run.stepsDone()).toEqual(lab.manifest.steps.map((step) => step.id));
    expect(run.verdict('server-growth')).toBe('ten');
    const growth = took(run, 'swarm', 10) / took(run, 'swarm', 1);
    expect(run.verdict('swarm-growth')).toBe(growth >= 7 ? 'ten' : growth >= 1.2 ? 'some' : 'same');
    const [server, swarm] = [took(run, 'server', 1), took(run, 'swarm', 1)];
    expect(run.verdict('one')).toBe(swarm >= 1.15 * server ? 'server' : server >= 1.15 * swarm ? 'swarm' : 'equal');
    expect(run.prints('conductor').at(-1)).toMatch(/^model, by the formula: 1,000,000 receivers by the swarm in 1\d\d ms$/);
  });

  it('does not judge what was not run', async () => {
    const run = await LabTest.play(lab, { ...SMALL, ways: 'server', receivers: '1' });
    expect(['server-growth', 'one', 'swarm-growth'].map((id) => run.verdict(id))).toEqual(['not-run', 'not-run', 'not-run']);
    expect(run.facts('role.started', 'seed*')).toEqual([]);
  });
});

describe('the user', () => {
  it('changes the links, and distributes once more, one run at a time', async () => {
    const run = await LabTest.serve(lab, SMALL);
    expect(run.facts('role.started').map((fact) => run.story.role(fact.role)?.id).sort()).toEqual(['conductor', 'server', 'tracker']);
    await run.act('change-links', { 'server-up': 128, 'receiver-up': 128, 'receiver-down': 1024 });
    await Promise.all([run.act('run', { way: 'server', receivers: 2 }), run.act('run', { way: 'swarm', receivers: 2 })]);
    const [server, swarm] = measured(run);
    expect([server?.way, server?.formula, swarm?.way, Math.round(swarm?.formula ?? 0)]).toEqual(['server', 500, 'swarm', 250]);
    for (const each of [server, swarm]) expect(each?.ms).toBeGreaterThanOrEqual((each?.formula ?? 0) - ROUNDING);
    // No role of one distribution is that of another.
    expect(run.facts('role.started').map((fact) => run.story.role(fact.role)?.id)).toEqual(expect.arrayContaining(['client-101', 'client-102', 'seed-2', 'peer-201', 'peer-202']));
  });

  it('is told when the list cannot be read, and when there is no time for it', async () => {
    await expect(LabTest.serve(lab, { receivers: '1, many' })).rejects.toThrow('LAB_PARAMETERS: receivers: "many" is no number from 1 to 30');
    await expect(LabTest.play(lab, { receivers: '30', size: 4096, 'server-up': 32 })).rejects.toThrow(/LAB_PARAMETERS: \d+ s for 30 receivers/);
    const run = await LabTest.serve(lab, { size: 4096, 'server-up': 32 });
    await expect(run.act('run', { way: 'server', receivers: 30 })).rejects.toThrow(/3840 s for 30 receivers/);
  });

  it('may stop it in the middle', async () => {
    const run = await LabTest.serve(lab, { ...SMALL, 'server-up': 32 });
    const acting = run.act('run', { way: 'swarm', receivers: 3 }).catch(() => undefined);
    await run.untilFacts('bytes.received', 'peer-101');
    await run.stop();
    await acting;
    expect(notes(run, 'dist.end')).toEqual([]);
  });
});
