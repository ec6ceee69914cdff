// The life of a connection on real sockets: what the lesson says of each end can be seen in the trace, scenario by scenario.
import { describe, expect, it } from 'vitest';
import type { SocketState } from '../../../shared/trace/story';
import { LabTest, local } from '../run.fixture';
import lab from './lab';
import { manifest, SCENARIOS, type Scenario } from './manifest';

const played = (scenario: Scenario, params: Record<string, number> = {}): Promise<LabTest> => LabTest.play(lab, { scenario, ...params });

/** What a role's n-th connected socket went through. */
function states(run: LabTest, role: string, nth = 0): readonly SocketState[] {
  const { story } = run;
  const index = story.roles.find((one) => one.id === role)?.index;
  const all = Array.from({ length: story.sockets.count }, (_, at) => story.sockets.at(at)).filter((socket) => socket.role === index && socket.purpose === 'connected');
  return all[nth]?.states.map((change) => change.state) ?? [];
}

const control = (run: LabTest): string[] => run.segments().filter(({ kind }) => kind !== 'data' && kind !== 'ack').map(({ kind, dir }) => `${kind} ${dir}`);
const expectedSteps = (scenario: Scenario): string[] => manifest.steps.filter(({ only }) => only?.['scenario']?.includes(scenario) === true).map(({ id }) => id);

describe('orderly', () => {
  it('goes from CLOSED to TIME_WAIT, each end in its own way', async () => {
    const run = await played('orderly');
    expect(run.ladder()).toMatchSnapshot();
    expect(run.stepsDone()).toEqual(expectedSteps('orderly'));
    expect(states(run, 'client-1').slice(0, 4)).toEqual(['CLOSED', 'SYN_SENT', 'ESTABLISHED', 'FIN_WAIT_1']);
    expect(states(run, 'client-1')).toContain('TIME_WAIT');
    expect(states(run, 'server')).toEqual(['ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSED']);
    expect(run.prints('client-1')).toEqual(['13 B received', 'both have said FIN']);
    expect(run.verdict('time-wait')).toBe('client');
  });

  it('lets the server answer after the client’s FIN', async () => {
    const run = await played('orderly');
    const fin = run.segments().find((segment) => segment.kind === 'fin' && segment.dir === 'up');
    const answer = run.segments().find((segment) => segment.kind === 'data' && segment.dir === 'down');
    expect(answer?.depart).toBeGreaterThan(fin?.depart ?? Infinity);
    expect(run.errors('client-1')).toEqual([]);
    expect(run.errors('server')).toEqual([]);
  });
});

it('refused: the same connect() fails while nobody listens, and succeeds once somebody does', async () => {
  const run = await played('refused');
  expect(run.stepsDone()).toEqual(expect.arrayContaining(expectedSteps('refused')));
  expect(run.facts('connect.ended').map((fact) => fact.err)).toEqual(['ECONNREFUSED', '']);
  expect(states(run, 'client-1')).toEqual(['CLOSED', 'SYN_SENT', 'CLOSED']);
  expect(control(run).slice(0, 2)).toEqual(['syn up', 'rst down']);
  expect(run.prints('client-1')).toEqual(['ECONNREFUSED: nobody listens there. Is the server running?']);
});

describe('reset', () => {
  it('has three ways to come about, and the server is told in two', async () => {
    const run = await played('reset');
    expect(run.stepsDone()).toEqual(expect.arrayContaining(expectedSteps('reset')));
    const rules = run.segments().filter(({ kind }) => kind === 'rst').map(({ provenance }) => (provenance.evidence === 'inferred' ? provenance.rule : ''));
    expect(rules).toEqual(['tcp.rst.linger', 'tcp.rst.data-after-close', 'tcp.rst.close-unread']);
    expect(run.errors('server')).toEqual(['ECONNRESET', 'EPIPE', 'ECONNRESET']);
    expect(run.verdict('resets')).toBe('all');
  });

  it('says FIN first where nothing was lost yet: only the server’s next bytes are answered with RST', async () => {
    const run = await played('reset');
    const second = run.segments().filter((segment) => segment.conn === 2 && (segment.kind === 'fin' || segment.kind === 'rst')).map(({ kind, dir }) => `${kind} ${dir}`);
    expect(second).toEqual(['fin up', 'rst up']);
    expect(states(run, 'server', 1)).toEqual(['ESTABLISHED', 'CLOSE_WAIT', 'CLOSED']);
  });
});

describe('time-wait', () => {
  it('is the server’s when it closes first, and a new server may bind its port all the same', async () => {
    const run = await played('time-wait');
    expect(run.stepsDone()).toEqual(expect.arrayContaining(expectedSteps('time-wait')));
    expect(states(run, 'server')).toContain('TIME_WAIT');
    expect(states(run, 'client-1')).not.toContain('TIME_WAIT');
    expect(run.errors('server-2')).toContain('EADDRINUSE');
    expect(run.facts('socket.listened', 'server-3').map((fact) => fact.err)).toEqual(['']);
    expect(run.facts('connection.accepted', 'server-3')).toHaveLength(1);
    expect(run.verdict('rebind')).toBe('succeeds');
  });
});

describe.skipIf(process.platform === 'win32')('with programs that are processes of their own', () => {
  it('timeout-accept: connect() and send() succeed, and no answer comes', async () => {
    const run = await played('timeout-accept', { patience: 300 });
    expect(run.stepsDone()).toEqual(expect.arrayContaining(expectedSteps('timeout-accept')));
    expect(run.facts('connection.accepted')).toEqual([]);
    expect(run.errors('patient')).toEqual([]);
    expect(run.prints('patient')).toEqual(['gave up: connected, and no answer within 300 ms']);
    expect(control(run)).toEqual(['syn up', 'syn-ack down', 'fin up']);
    expect(run.verdict('accept')).toBe('succeeds');
  });

  it('timeout-backlog: the queue holds two, the third SYN is never answered, and the program says how long the kernel would have tried', async () => {
    const run = await played('timeout-backlog', { patience: 400 });
    expect(run.stepsDone()).toEqual(expect.arrayContaining(expectedSteps('timeout-backlog')));
    expect(run.facts('connect.ended').map((fact) => fact.err)).toEqual(['', '']);
    const syn = run.segments().filter((segment) => segment.conn === 3);
    expect(syn).toMatchObject([{ kind: 'syn', arrive: null, provenance: { rule: 'tcp.syn.unanswered' } }]);
    expect(states(run, 'latecomer')).toEqual(['CLOSED', 'SYN_SENT', 'CLOSED']);
    if (process.platform === 'linux') expect(run.prints('latecomer')[1]).toMatch(/^the kernel sends its SYN again after 1, .*ETIMEDOUT after \d+ s \(tcp_syn_retries = \d+/);
    expect(run.verdict('backlog')).toBe('waits');
  });

  it('killed: FIN where all was read, RST where bytes lay unread; the system did both', async () => {
    const run = await played('killed');
    expect(run.stepsDone()).toEqual(expect.arrayContaining(expectedSteps('killed')));
    expect(run.facts('role.ended', 'server').map((fact) => fact.text)).toEqual(['killed']);
    expect(run.errors('witness-1')).toEqual([]);
    expect(run.errors('witness-2')).toEqual(['ECONNRESET']);
    const ends = run.segments().filter(({ kind, dir }) => dir === 'down' && (kind === 'fin' || kind === 'rst')).map(({ kind, conn }) => `${kind} ${conn}`);
    expect(ends.sort()).toEqual(['fin 1', 'fin 2', 'rst 3']);
    expect(run.segments().filter(({ kind, conn }) => kind === 'fin' && conn === 1).map(({ dir }) => dir)).toEqual(['up', 'down']);
    expect(run.facts('role.ended', 'forgetful').map((fact) => fact.text)).toEqual(['done']);
    expect(run.verdict('killed')).toBe('differs');
  });

  it('half-open: the client’s send() succeeds though the server is dead; only its patience tells', async () => {
    const run = await played('half-open', { patience: 300 });
    await run.untilFacts('fault.applied', 'relay');
    expect(run.stepsDone()).toEqual(expect.arrayContaining(expectedSteps('half-open')));
    expect(run.errors('believer')).toEqual([]);
    expect(run.facts('bytes.sent', 'believer').map((fact) => fact.a)).toEqual([4, 4]);
    expect(run.prints('believer').at(-1)).toMatch(/^gave up: no answer within 300 ms/);
    expect(run.verdict('half-open')).toBe('succeeds');
  });

  it('simultaneous: says that it happened only when the kernel’s table showed both ends, and otherwise that it did not', async () => {
    const run = await played('simultaneous', { tries: 20 });
    const [first, last] = run.prints('closer');
    expect(first).toBe('closing at once, in up to 20 tries');
    expect(last).toMatch(/^(a simultaneous close in try \d+: the kernel has (TIME_WAIT|CLOSING) here and (TIME_WAIT|CLOSING) at the server|no simultaneous close in 20 tries|this system does not show)/);
    expect(run.stepsDone()).toEqual(expect.arrayContaining(expectedSteps('simultaneous')));
    expect(run.errors('closer')).toEqual([]);
  });
});

describe('by hand', () => {
  it('sends, half-closes, closes and resets as the user says', async () => {
    const run = await played('reset');
    await run.act('connect', { to: 'server' });
    await run.act('send-line', { text: 'one' });
    await run.untilFacts('stream.ended', 'client-1');
    await run.act('close');
    await run.act('connect', { to: 'server' });
    await run.act('abort');
    await run.untilFacts('role.ended', 'client-2');
    expect(run.segments().filter((segment) => segment.conn === 5 && segment.kind === 'rst').map(({ dir }) => dir)).toEqual(['up']);
    await expect(run.act('send-line', { text: 'two' })).rejects.toMatchObject({ code: 'NO_CLIENT' });
    await expect(run.act('stall')).rejects.toMatchObject({ code: 'NOT_THERE' });
  });

  it('kills the server and starts another', async () => {
    const run = await played('orderly');
    await run.act('kill-server');
    await expect(run.act('kill-server')).rejects.toMatchObject({ code: 'NO_SERVER' });
    await run.act('connect', { to: 'server' });
    expect(run.errors('client-2')).toEqual(['ECONNREFUSED']);
    await run.act('start-server');
    await run.act('connect', { to: 'server' });
    await run.act('shutdown-wr');
    await run.untilFacts('stream.ended', 'client-3');
    expect(run.prints('client-3')).toContain('0 B received');
  });
});

it('every scenario has steps of its own, and a step that the run begins with', () => {
  for (const scenario of SCENARIOS) expect(expectedSteps(scenario).length, scenario).toBeGreaterThan(1);
});

it('serve starts the server and no client', async () => {
  const run = await LabTest.serve(lab);
  expect(run.facts('socket.listened', 'server').map((fact) => fact.local)).toEqual([{ address: local('127.0.73.2'), port: 7040 }]);
  expect(run.facts('role.started', 'client*')).toEqual([]);
});
