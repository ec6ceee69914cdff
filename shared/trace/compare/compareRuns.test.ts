// Two runs beside each other: what is the same, what says something else, what only one of them did, what came later.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../base/random';
import { scenario, type Scenario } from '../fixture';
import { echoClosesEarly, echoHalfCloses } from '../fixtureScenes';
import { compareFigures, compareSettings } from './figures';
import { compareRuns, fieldDifferences, type Comparison } from './compareRuns';
import { compareText, stepText } from './compareText';
import { lanesOf, type RunSide } from './steps';

const AT = { address: '127.0.20.1', port: 7007 };

interface Wanted {
  readonly lines?: readonly string[];
  readonly client?: string;
  /** µs before the server answers. */
  readonly thinks?: number;
  readonly before?: (s: Scenario) => void;
}

/** An echo of lines; ports differ from run to run. */
function run({ lines = ['one', 'two'], client: name = 'client', thinks = 0, before }: Wanted = {}, skip = 0): RunSide {
  const s = scenario('tcp-echo');
  for (let port = 0; port < skip; port++) s.ephemeralPort();
  before?.(s);
  const server = s.role('server', AT.address, 'server');
  const listener = server.listen(AT.port);
  const client = s.role(name, '127.0.20.2', 'client');
  const c = client.connect(AT);
  const p = listener.accept();
  for (const line of lines) {
    c?.send(line);
    const heard = p.recv(64);
    s.wait(thinks);
    p.send(heard);
    c?.recv(64);
  }
  c?.shutdown();
  p.recv(64);
  p.close();
  c?.recv(64);
  c?.close();
  client.end();
  return s.end().told();
}

const shown = (a: RunSide, b: RunSide, comparison: Comparison): string[] =>
  comparison.differences.map((index) => {
    const row = comparison.rows[index];
    return row === undefined ? '' : `${row.how}${row.later === null ? '' : ` ${row.later} ms`}: ${stepText(a, row.a) || '-'} | ${stepText(b, row.b) || '-'}`;
  });

describe('two runs', () => {
  it('of the same have no difference, whatever ports the system chose', () => {
    const [a, b] = [run(), run({}, 500)];
    const comparison = compareRuns(a, b);
    expect(shown(a, b, comparison)).toEqual([]);
    expect(comparison.rows.length).toBe(comparison.counts.same);
    expect(compareText(a, b, comparison, { names: ['a', 'b'], brief: true })).toContain('no difference');
  });

  it('differ in a value: the same calls carry other bytes', () => {
    const [a, b] = [run(), run({ lines: ['one', 'twelve'] })];
    const comparison = compareRuns(a, b);
    expect(new Set(comparison.differences.map((index) => comparison.rows[index]?.how))).toEqual(new Set(['value']));
    const row = comparison.rows.find((one) => stepText(a, one.a).includes('send') && one.how === 'value');
    expect(row && fieldDifferences(a, b, row)).toEqual([{ name: 'size', a: '3', b: '6' }, { name: 'bytes', a: '“two”', b: '“twelve”' }]);
  });

  it('differ in what only one of them did', () => {
    const [a, b] = [run({ lines: ['one'] }), run({ lines: ['one', 'two'] })];
    const comparison = compareRuns(a, b);
    expect(comparison.counts).toMatchObject({ value: 0, moved: 0, onlyA: 0 });
    expect(shown(a, b, comparison).some((line) => line.startsWith('onlyB: - | client  send(3) → 3'))).toBe(true);
  });

  it('differ in time: where it falls behind is marked once, not ever after', () => {
    const [a, b] = [run({ lines: ['one', 'two', 'three'] }), run({ lines: ['one', 'two', 'three'], thinks: 30_000 })];
    const comparison = compareRuns(a, b);
    expect(comparison.counts).toMatchObject({ value: 0, onlyA: 0, onlyB: 0, moved: 0 });
    const server = shown(a, b, comparison).filter((line) => line.includes('server '));
    expect(server).toHaveLength(3);
    expect(server[0]).toMatch(/^same 30 ms: server {2}send\(3\)/);
  });

  it('pair roles by name, and those that are left by kind', () => {
    const comparison = compareRuns(run({ client: 'early' }), run({ client: 'half-closes' }));
    expect(comparison.lanes).toEqual([
      { a: '', b: '', kind: 'none' }, { a: 'server', b: 'server', kind: 'server' }, { a: 'early', b: 'half-closes', kind: 'client' },
    ]);
    expect(comparison.differences).toEqual([]);
  });

  it('see that a step came at another place', () => {
    const order = (first: string, second: string) => (s: Scenario): void => {
      const other = s.role('other', '127.0.20.9', 'client');
      for (const text of [first, 'middle', second]) other.print(text);
    };
    const [a, b] = [run({ before: order('A', 'B') }), run({ before: order('B', 'A') })];
    const comparison = compareRuns(a, b);
    const rows = comparison.differences.map((index) => comparison.rows[index]);
    expect(rows.map((row) => row?.how)).toContain('moved');
    for (const row of rows.filter((one) => one?.how === 'moved')) expect(comparison.rows[row?.other ?? -1]?.how).toBe('moved');
  });

  it('right against wrong client: the reset is there and only there', () => {
    const [a, b] = [echoClosesEarly().told(), echoHalfCloses().told()];
    const comparison = compareRuns(a, b);
    expect(shown(a, b, comparison).some((line) => line.includes('RST') && line.endsWith('| -'))).toBe(true);
    expect(compareFigures(a, b).filter((figure) => figure.differs).map(({ id, a: here, b: there }) => [id, here, there])).toEqual(
      expect.arrayContaining([['reset', 1, 0], ['errors', 1, 0], ['closed', 0, 1]]),
    );
    expect(compareText(a, b, comparison, { names: ['closes early', 'half-closes'] })).toContain('≠ reset');
  });

  it('of which one was stopped meanwhile have no difference', () => {
    const server = (stopped: boolean): RunSide => {
      const s = scenario('open');
      const role = s.role('server', AT.address, 'server');
      role.listen(AT.port).waits();
      s.end();
      if (stopped) {
        s.wait(3_000_000);
        role.end('killed');
      }
      return s.told();
    };
    expect(compareRuns(server(true), server(false)).differences).toEqual([]);
    expect(compareRuns(server(false), server(true)).differences).toEqual([]);
  });

  it('lie upon each other by their starts, their first connect() or their first byte', () => {
    const late = run({ before: (s) => void s.wait(5_000_000) });
    const { anchors } = compareRuns(run(), late);
    expect(anchors.connect.b - anchors.connect.a).toBe(5_000_000);
    expect(anchors.byte.b - anchors.byte.a).toBe(5_000_000);
    expect(anchors.start).toEqual({ a: 0, b: 0 });
  });
});

describe('any two runs', () => {
  it('have every step once, in an order that fits both', () => {
    const random = createRandom(11);
    const some = (): RunSide => run({ lines: Array.from({ length: 1 + random.below(6) }, () => ['one', 'two', 'three'][random.below(3)] ?? ''), thinks: random.below(40_000) });
    for (let round = 0; round < 40; round++) {
      const [a, b] = [some(), some()];
      const { rows, lanes } = compareRuns(a, b);
      for (const [side, of] of [['a', a], ['b', b]] as const) {
        const steps = rows.flatMap((row) => row[side] ?? []).map((step) => step.moment);
        expect([...steps].sort((one, other) => one - other)).toEqual(lanesOf(of).lanes.flatMap((lane) => lane.steps.map((step) => step.moment)).sort((one, other) => one - other));
        // Within a role both runs keep their order.
        lanes.forEach((_, lane) => {
          const own = rows.filter((row) => row.lane === lane).flatMap((row) => row[side] ?? []).map((step) => step.moment);
          expect(own).toEqual([...own].sort((one, other) => one - other));
        });
      }
    }
  });

  it('of nothing at all are no error', () => {
    const empty = scenario().told();
    expect(compareRuns(empty, run()).counts.onlyA).toBe(0);
    expect(compareFigures(empty, empty)).toEqual([]);
  });
});

it('settings differ by parameters, and by what the user asked of relays', () => {
  const asked = (delay: number): RunSide => run({ before: (s) => void s.action('relay', { relay: 'wire', delay, jitter: 1 }) });
  expect(compareSettings(asked(10), asked(20))).toEqual([{ name: 'wire.delay', a: '10', b: '20' }]);
  expect(compareSettings(run(), asked(20))).toEqual([{ name: 'wire.delay', a: null, b: '20' }, { name: 'wire.jitter', a: null, b: '1' }]);
  // What was asked once the script was over has changed nothing in it.
  const late = scenario('tcp-echo').end();
  late.action('relay', { relay: 'wire', delay: 20 });
  expect(compareSettings(scenario('tcp-echo').end().told(), late.told())).toEqual([]);
});
