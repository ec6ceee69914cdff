// Each architecture under each blow, on real sockets: what its clients count, and whether the sockets' own errors say the same.
import { describe, expect, it } from 'vitest';
import type { ParameterValues } from '../../../shared/lab/manifest';
import { parseNote, type Note, type ServiceOutcome } from '../../../shared/trace/notes';
import { LabTest } from '../run.fixture';
import lab from './lab';

/** The default run, in half of the time. The time-outs leave room for a machine that has other things to do. */
const QUICK: ParameterValues = { duration: 1400, 'blow-at': 300, 'restart-after': 500, clients: 4, think: 40, 'service-time': 20, 'time-out': 600, slow: 300, 'check-interval': 100 };

const play = (params: ParameterValues): Promise<LabTest> => LabTest.play(lab, { ...QUICK, ...params });

const notes = <T extends Note['topic']>(run: LabTest, topic: T, role = '*'): Extract<Note, { topic: T }>[] =>
  run.facts('role.noted', role).map(({ text }) => parseNote(text)).filter((note): note is Extract<Note, { topic: T }> => note?.topic === topic);
const outcomes = (run: LabTest): ServiceOutcome[] => notes(run, 'service.ended', 'client*').map(({ how }) => how);
const count = (run: LabTest, ...hows: readonly ServiceOutcome[]): number => outcomes(run).filter((how) => hows.includes(how)).length;
const good = (run: LabTest): number => count(run, 'ok', 'slow');
/** The kinds of failures, each once, in the order of their first time. */
const failures = (run: LabTest): ServiceOutcome[] => [...new Set(outcomes(run).filter((how) => how !== 'ok' && how !== 'slow'))];
const verdicts = (run: LabTest): (string | null)[] => ['instant', 'lost', 'stands'].map((id) => run.verdict(id));

/** Programs' words and the sockets' errors must be two accounts of the same thing. */
function agrees(run: LabTest): void {
  const asked = notes(run, 'service.asked', 'client*');
  const ended = notes(run, 'service.ended', 'client*');
  expect(ended).toHaveLength(asked.length);
  const errors = run.errors('client*');
  const errno = (...names: readonly string[]): number => errors.filter((one) => names.includes(one)).length;
  expect(count(run, 'refused')).toBe(errno('ECONNREFUSED'));
  expect(count(run, 'reset')).toBe(errno('ECONNRESET', 'EPIPE'));
  const statuses = run.facts('bytes.received', 'client*').flatMap((fact) => /^HTTP\/1\.1 (\d+)/.exec(run.text(fact))?.[1] ?? []).map(Number);
  expect(statuses.filter((status) => status < 500)).toHaveLength(good(run));
  expect(statuses.filter((status) => status >= 500)).toHaveLength(count(run, 'error'));
  // The clients' own sums.
  const sums = run.prints('client*').flatMap((text) => /^(\d+) asked: (.*); ([\d.]+) % available$/.exec(text) ?? []);
  const said = new Map<string, number>();
  for (const part of run.prints('client*').flatMap((text) => /asked: (.*);/.exec(text)?.[1]?.split(', ') ?? [])) {
    const [number = '0', how = ''] = part.split(' ');
    said.set(how, (said.get(how) ?? 0) + Number(number));
  }
  expect(sums.length).toBeGreaterThan(0);
  for (const how of new Set(outcomes(run))) expect([how, said.get(how)]).toEqual([how, count(run, how)]);
  expect(run.prints('client*').filter((text) => text.includes(': lost, '))).toHaveLength(ended.length - good(run));
}

describe('one server', () => {
  it('that lives: everything is answered', async () => {
    const run = await play({ blow: 'none' });
    expect([failures(run), verdicts(run)]).toEqual([[], ['nothing', 'none', 'all']]);
    expect(good(run)).toBeGreaterThan(30);
    agrees(run);
  });

  it('that is killed: whoever was being served is cut, all others are refused, until it is back', async () => {
    const run = await play({});
    expect(failures(run)).toContain('refused');
    expect(['refused', 'cut', 'reset']).toEqual(expect.arrayContaining(failures(run)));
    expect(count(run, 'refused')).toBeGreaterThan(count(run, 'cut', 'reset'));
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['asked', 'killed', 'refused', 'back', 'reckoning']));
    expect(verdicts(run).slice(1)).toEqual(['some', 'nobody']);
    expect(notes(run, 'service.ended', 'client*').at(-1)?.by).toBe('server-1-2');
    agrees(run);
  });

  it('that is killed and not restarted: nobody is ever answered again', async () => {
    const run = await play({ 'restart-after': 0 });
    expect(outcomes(run).at(-1)).toBe('refused');
    expect(run.stepsDone()).not.toContain('back');
    agrees(run);
  });

  it('with kept connections: each client finds its own cut, then is refused', async () => {
    const run = await play({ 'keep-alive': true, 'restart-after': 0 });
    // Reset, when the request lay unread in the dead server's buffer.
    expect(count(run, 'cut', 'reset')).toBe(4);
    expect(failures(run).at(-1)).toBe('refused');
    expect(run.verdict('instant')).toMatch(/cut|reset/);
    agrees(run);
  });

  it('that hangs: silence until the time is up; killed, it resets those who still wait', async () => {
    const run = await play({ blow: 'hang-server', 'time-out': 150, 'restart-after': 0 });
    expect(failures(run)).toEqual(['timeout']);
    for (const { ms } of notes(run, 'service.ended', 'client*').filter(({ how }) => how === 'timeout')) expect(ms).toBeGreaterThanOrEqual(149);
    expect(verdicts(run)).toEqual(['timeout', 'some', 'nobody']);
    agrees(run);
  });

  it('that hangs and is killed: those who still wait are reset, for their requests lay unread', async () => {
    // It hangs from the beginning: at most the first client's request is read.
    const run = await play({ blow: 'hang-server', 'blow-at': 0, 'time-out': 2000 });
    expect(failures(run)).toContain('reset');
    expect(['reset', 'cut']).toEqual(expect.arrayContaining(failures(run)));
    agrees(run);
  });

  it.each([false, true])('that resets: ECONNRESET (connections kept: %s)', async (keepAlive) => {
    const run = await play({ blow: 'reset-server', 'keep-alive': keepAlive });
    expect([failures(run), run.verdict('instant')]).toEqual([['reset'], 'reset']);
    expect(notes(run, 'service.state', 'server*').map(({ what }) => what)).toContain('resets');
    agrees(run);
  });

  it.each(['kill-balancer', 'drain'])('has no balancer: %s does nothing', async (blow) => {
    expect(failures(await play({ blow, duration: 600 }))).toEqual([]);
  });
});

describe('several servers behind a balancer', () => {
  it('take turns, evenly', async () => {
    const run = await play({ architecture: 'three-servers', blow: 'none' });
    const served = ['server-1', 'server-2', 'server-3'].map((server) => notes(run, 'lb.chose').filter((note) => note.server === server).length);
    expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(1);
    expect(verdicts(run)).toEqual(['nothing', 'none', 'all']);
    agrees(run);
  });

  it.each(['kill-server', 'reset-server'])('%s: the others answer, and no client notices', async (blow) => {
    const run = await play({ architecture: 'two-servers', blow });
    expect(verdicts(run)).toEqual(['nothing', 'none', 'other-servers']);
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['chose', 'killed', 'down', 'back']));
    expect(notes(run, 'lb.health').map(({ server, what }) => `${server} ${what}`)).toEqual(['server-1 down', 'server-1 up']);
    agrees(run);
  });

  it('without retries: what was sent to the dead server is lost, 502, until it is found down', async () => {
    const run = await play({ architecture: 'two-servers', retry: false, 'check-interval': 0, failures: 3, 'restart-after': 0 });
    expect(failures(run)).toEqual(['error']);
    // Three in a row, and what was under way to it then; then one more each second, to see whether it is back.
    expect(count(run, 'error')).toBeGreaterThanOrEqual(3);
    expect(count(run, 'error')).toBeLessThanOrEqual(3 + 4 + 1);
    agrees(run);
  });

  it('one hangs: 504 for what was sent to it, nothing more once the checks have found out', async () => {
    const run = await play({ architecture: 'two-servers', blow: 'hang-server', 'restart-after': 0 });
    expect([failures(run), run.verdict('instant'), run.verdict('stands')]).toEqual([['error'], 'error', 'other-servers']);
    const statuses = notes(run, 'service.ended', 'client*').filter(({ how }) => how === 'error').map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([504]));
    expect(notes(run, 'lb.health')).toMatchObject([{ server: 'server-1', what: 'down', why: 'timeout' }]);
    agrees(run);
  });

  it.each([false, true])('one is drained and switched off: not one request fails (connections kept: %s)', async (keepAlive) => {
    const run = await play({ architecture: 'two-servers', blow: 'drain', 'keep-alive': keepAlive });
    expect([failures(run), verdicts(run)]).toEqual([[], ['nothing', 'none', 'other-servers']]);
    expect(notes(run, 'lb.drain').map(({ what }) => what)).toEqual(['begun', 'ended', 'over']);
    expect(notes(run, 'service.ended', 'client*').some(({ by }) => by === 'server-1-2')).toBe(true);
  });

  it('the balancer is killed: nobody is answered, though all servers are well', async () => {
    const run = await play({ architecture: 'two-servers', blow: 'kill-balancer', 'restart-after': 0 });
    const after = outcomes(run).slice(outcomes(run).findIndex((how) => how === 'refused'));
    expect(after.filter((how) => how === 'ok')).toEqual([]);
    expect(verdicts(run).slice(1)).toEqual(['some', 'nobody-balancer']);
    expect(run.facts('role.ended', 'server*')).toEqual([]);
    agrees(run);
  });

  it('the balancer is restarted: its clients are answered again', async () => {
    const run = await play({ architecture: 'two-servers', blow: 'kill-balancer' });
    expect(notes(run, 'lb.chose', 'balancer-1-2').length).toBeGreaterThan(0);
    expect(count(run, 'ok', 'slow')).toBeGreaterThan(0);
    expect(outcomes(run).at(-1)).toMatch(/ok|slow/);
  });

  it('all are gone: 503, and the balancer says that none is left', async () => {
    const run = await LabTest.serve(lab, { ...QUICK, architecture: 'two-servers' });
    await run.act('kill-server', { server: 1 });
    await run.act('kill-server', { server: 2 });
    await run.until(() => notes(run, 'lb.health').filter(({ what }) => what === 'down').length === 2);
    await run.act('more-clients', { clients: 1, seconds: 1 });
    await run.until(() => notes(run, 'lb.none').length > 0);
    await run.until(() => outcomes(run).length > 0);
    expect(notes(run, 'service.ended')[0]).toMatchObject({ how: 'error', status: 503, by: '' });
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['none', 'error']));
  });
});

describe('two balancers', () => {
  it.each([false, true])('one is killed: each client loses one request at most and goes over (connections kept: %s)', async (keepAlive) => {
    const run = await play({ architecture: 'two-balancers', blow: 'kill-balancer', 'keep-alive': keepAlive });
    for (let client = 1; client <= 4; client++) {
      const ended = notes(run, 'service.ended', `client-${client}`);
      expect(ended.filter(({ how }) => how !== 'ok' && how !== 'slow')).toHaveLength(1);
      expect(notes(run, 'service.failover', `client-${client}`)).toHaveLength(1);
      expect(ended.at(-1)?.to).toMatch(/65\.2:8100$/);
    }
    expect(verdicts(run).slice(1)).toEqual(['one-each', 'other-balancer']);
    agrees(run);
  });
});

describe('overload', () => {
  const rush: ParameterValues = { architecture: 'overload', blow: 'none', clients: 8, think: 30, 'service-time': 40, slow: 150, 'time-out': 800 };

  it('one worker for eight clients: late; six servers: in time', async () => {
    const few = await play(rush);
    expect(count(few, 'slow')).toBeGreaterThan(count(few, 'ok'));
    expect(few.stepsDone()).toContain('slow');
    await few.stop();
    const many = await play({ ...rush, provision: 6 });
    expect(count(many, 'ok')).toBeGreaterThan(count(many, 'slow'));
    expect(good(many)).toBeGreaterThan(good(few) * 2);
    agrees(few);
  });

  it('waiting beyond the time-out: nearly everything is in vain, though the worker never rests', async () => {
    const run = await play({ ...rush, clients: 16, 'time-out': 250, duration: 1500 });
    expect(count(run, 'timeout')).toBeGreaterThan(good(run));
    agrees(run);
  });
});

describe('a swarm under the same blows', () => {
  const swarm: ParameterValues = { architecture: 'swarm', clients: 4, 'time-out': 500, 'blow-at': 300, duration: 4000 };
  const pieces = (run: LabTest, client: number): number => notes(run, 'service.ended', `client-${client}`).filter(({ how }) => how === 'ok' || how === 'slow').length;

  it('the seeder dies once a copy is out: every leecher finishes', async () => {
    const run = await play({ ...swarm, blow: 'kill-server' });
    expect(run.facts('role.ended', 'seeder-1').map(({ text }) => text)).toEqual(['killed']);
    expect([1, 2, 3, 4].map((client) => pieces(run, client))).toEqual([24, 24, 24, 24]);
    const dead = run.facts('role.ended', 'seeder-1')[0]?.t ?? Infinity;
    expect(run.facts('role.noted', 'client*').filter(({ t, text }) => t > dead && text.includes('"service.ended"')).length).toBeGreaterThan(0);
    expect(verdicts(run)).toEqual(['nothing', 'none', 'swarm']);
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['killed', 'pieces', 'reckoning']));
  });

  it('the tracker dies: nobody notices', async () => {
    const run = await play({ ...swarm, blow: 'kill-balancer' });
    expect(run.facts('role.ended', 'tracker-1')).toHaveLength(1);
    expect([1, 2, 3, 4].map((client) => pieces(run, client))).toEqual([24, 24, 24, 24]);
  });

  it('a peer dies: the others finish', async () => {
    const run = await play({ ...swarm, blow: 'hang-server' });
    expect(run.facts('role.ended', 'client-1').map(({ text }) => text)).toEqual(['killed']);
    expect([2, 3, 4].map((client) => pieces(run, client))).toEqual([24, 24, 24]);
  });

  it('the seeder dies before a copy is out: what it alone had is lost, for newcomers too', async () => {
    const run = await LabTest.serve(lab, { ...QUICK, ...swarm });
    await run.act('kill-server', {});
    await run.act('more-clients', { clients: 2 });
    await run.until(() => notes(run, 'service.asked').length === 2);
    expect(run.facts('role.ended', 'seeder-1')).toHaveLength(1);
    expect(notes(run, 'service.ended')).toEqual([]);
  });

  it('what has not come when the time is up is counted as lost', async () => {
    const run = await play({ ...swarm, blow: 'none', duration: 200 });
    expect([1, 2, 3, 4].map((client) => notes(run, 'service.ended', `client-${client}`).at(-1)?.how)).toEqual(['timeout', 'timeout', 'timeout', 'timeout']);
    expect(run.prints('client-1')).toEqual([expect.stringMatching(/^piece \d+ of 24: lost, /)]);
    expect(run.verdict('lost')).toBe('one-each');
  });
});

describe('by hand', () => {
  it('servers hang and go on, are drained and taken back, added; programs that are not there are an error', async () => {
    const run = await LabTest.serve(lab, { ...QUICK, architecture: 'two-servers', algorithm: 'least-connections' });
    await run.act('more-clients', { clients: 2, seconds: 30 });
    const served = (by: string): boolean => notes(run, 'service.ended').at(-1)?.by === by;
    await run.until(() => served('server-1'));
    await run.act('hang-server', { server: 1 });
    await run.until(() => notes(run, 'lb.health').some(({ what }) => what === 'down'));
    await run.act('resume-server', { server: 1 });
    await run.until(() => notes(run, 'lb.health').some(({ what }) => what === 'up'));
    await run.act('drain', { server: 2 });
    await run.act('add-server');
    await run.until(() => served('server-3'));
    await run.act('undrain', { server: 2 });
    await run.until(() => served('server-2'));
    await run.act('kill-balancer', { balancer: 1 });
    await run.until(() => count(run, 'refused') > 0);
    await run.act('start-balancer', { balancer: 1 });
    await run.until(() => served('server-3'));
    await expect(run.act('kill-server', { server: 6 })).rejects.toMatchObject({ code: 'NO_SERVER' });
    await expect(run.act('drain', { server: 6 })).rejects.toMatchObject({ code: 'NO_SERVER' });
    await expect(run.act('kill-balancer', { balancer: 2 })).rejects.toMatchObject({ code: 'NO_SERVER' });
    for (let server = 4; server <= 6; server++) await run.act('add-server');
    await expect(run.act('add-server')).rejects.toMatchObject({ code: 'NO_SERVER' });
    // A second process on the same port: the system refuses it, and the first goes on.
    await run.act('start-server', { server: 1 });
    expect(run.errors('server-1-2')).toContain('EADDRINUSE');
    await run.act('kill-server', { server: 1 });
  });

  it('after the script the servers go on, and can be struck again', async () => {
    const run = await play({ 'blow-at': 0, blow: 'hang-server', 'restart-after': 200 });
    expect(run.stepsDone()).toContain('back');
    await run.act('kill-server', { server: 1 });
    await expect(run.act('hang-server', { server: 1 })).rejects.toMatchObject({ code: 'NO_SERVER' });
  });
});
