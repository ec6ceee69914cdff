// Foreign clients before our balancer and our small service: curl, Python, wget, nc and load generators see what our own clients see,
// while servers and balancers are struck.
import { describe, expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import { endpointsOf, hostsOf } from '../../shared/lab/hosts';
import type { ParameterValues } from '../../shared/lab/manifest';
import failure from '../../electron/labs/single-point-of-failure/lab';
import { LabTest, local } from '../../electron/labs/run.fixture';
import { start, wrk } from './support';

const BALANCER = `http://${local('127.0.65.1')}:8100`;
const SERVER = `http://${local('127.0.66.1')}:8200`;

const serve = (params: ParameterValues = {}): Promise<LabTest> => LabTest.serve(failure, { architecture: 'two-servers', 'service-time': 5, ...params });
/** A busy machine is no reason to call a server dead: long time-outs, and no checks but failed requests. */
const PATIENT: ParameterValues = { 'keep-alive': true, 'service-time': 0, workers: 20, 'time-out': 10_000, 'check-interval': 0 };
const output = async (command: string, ...args: readonly string[]): Promise<string> => (await start(command, ...args).ended).output;
const curl = (...args: readonly string[]): Promise<string> => output('curl', '-s', ...args);
/** curl's exit status: 7 refused, 28 timed out, 52 no answer, 56 reset. */
const status = async (...args: readonly string[]): Promise<number | null> => (await start('curl', '-s', '-o', '/dev/null', ...args).ended).status;

describe('curl', () => {
  it('is served in turn, and sees who passed its request on', async () => {
    await serve();
    const by = (): Promise<string> => curl('-o', '/dev/null', '-w', '%header{x-served-by} %header{via}', `${BALANCER}/time`);
    expect([await by(), await by(), await by()]).toEqual(['server-1 1.1 balancer-1', 'server-2 1.1 balancer-1', 'server-1 1.1 balancer-1']);
    const seen = await curl('-H', 'X-Forwarded-For: 203.0.113.7', '-H', 'Connection: X-Mine', '-H', 'X-Mine: 1', `${BALANCER}/headers`);
    expect(seen).toMatch(/^X-Forwarded-For: 203\.0\.113\.7, 127\./m);
    expect(seen).toMatch(/^Via: 1\.1 balancer-1$/m);
    expect(seen).not.toMatch(/X-Mine/);
    expect(await curl('-I', `${BALANCER}/time`)).toMatch(/^HTTP\/1\.1 200 OK[^]*Content-Length: \d\d/i);
    expect(await curl('-w', '%{http_code}', '--data-binary', 'x'.repeat(2000), '-o', '/dev/null', `${BALANCER}/time`)).toBe('405');
  });

  it('tells refused, timed out and reset apart by its exit status, as our clients do', async () => {
    const run = await serve({ architecture: 'one-server' });
    expect(await status('-m', '30', `${SERVER}/time`)).toBe(0);
    await run.act('hang-server', { server: 1 });
    expect(await status('-m', '0.3', `${SERVER}/time`)).toBe(28);
    // A program that hangs does not accept: only the client knows that it is connected.
    const waits = start('sh', '-c', `exec curl -sv -m 10 ${SERVER}/time 2>&1`);
    await waits.printed(/> GET/);
    await run.act('kill-server', { server: 1 });
    // What curl sent lay unread: RST.
    expect((await waits.ended).status).toBe(56);
    expect(await status('-m', '30', `${SERVER}/time`)).toBe(7);
    await run.act('start-server', { server: 1 });
    expect(await curl(`${SERVER}/time`)).toMatch(/Z server-1-2\n$/);
  });

  it('notices nothing when one of two servers is killed, 504 when it hangs, 503 when both are gone, 7 without the balancer', async () => {
    // What fails is found out by curl's own requests: checks could be first, and then nobody would be asked who hangs.
    const run = await serve({ failures: 1, 'check-interval': 10_000 });
    await run.act('kill-server', { server: 1 });
    const code = (): Promise<string> => curl('-o', '/dev/null', '-w', '%{http_code}', `${BALANCER}/time`);
    expect([await code(), await code(), await code()]).toEqual(['200', '200', '200']);
    await run.until(() => run.facts('role.noted', 'balancer-1').some(({ text }) => text.includes('"what":"down"')));
    await run.act('hang-server', { server: 2 });
    expect(await code()).toBe('504');
    await run.act('kill-server', { server: 2 });
    await run.until(() => run.facts('role.noted', 'balancer-1').filter(({ text }) => text.includes('"what":"down"')).length === 2);
    expect(await curl('-i', `${BALANCER}/time`)).toMatch(/503 Service Unavailable[^]*Retry-After: 1[^]*No server is left to ask\.\n$/);
    await run.act('kill-balancer', { balancer: 1 });
    expect(await status(`${BALANCER}/time`)).toBe(7);
  });

  it('keeps its connection to the balancer while servers are replaced behind it', async () => {
    const run = await serve({ 'keep-alive': true });
    await run.act('drain', { server: 1 });
    await run.act('kill-server', { server: 1 });
    expect(await curl('-o', '/dev/null', '-o', '/dev/null', '-w', '%{http_code} %{num_connects}\n', `${BALANCER}/time`, `${BALANCER}/health`)).toBe('200 1\n200 0\n');
  });
});

describe('python3, wget and nc', () => {
  it('http.client keeps its connection, urllib asks once, wget downloads', async () => {
    await serve({ 'keep-alive': true });
    const host = local('127.0.65.1');
    const script = [
      'import http.client, urllib.request',
      `c = http.client.HTTPConnection("${host}", 8100, timeout=30)`,
      'for i in range(4):',
      '    c.request("GET", "/time"); r = c.getresponse(); r.read(); print(r.status, r.getheader("X-Served-By"))',
      `r = urllib.request.urlopen("${BALANCER}/health", timeout=30); print(r.status, r.read())`,
    ].join('\n');
    expect(await output('python3', '-c', script)).toBe("200 server-1\n200 server-2\n200 server-1\n200 server-2\n200 b'ok\\n'\n");
    expect(await output('wget', '-q', '-O', '-', `${BALANCER}/time`)).toMatch(/Z server-\d\n$/);
  });

  it.each([['the balancer', '127.0.65.1', '8100'], ['the server', '127.0.66.1', '8200']])('what is no HTTP is answered 400 by %s', async (_who, address, port) => {
    await serve();
    const nc = start('nc', '-N', '-w', '30', local(address), port);
    nc.type('hello\r\n\r\n');
    nc.endInput();
    expect((await nc.ended).output).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('under load', () => {
  it('wrk: not one error, and the turns stay even', async () => {
    const run = await serve(PATIENT);
    const report = await wrk(run.until(() => run.store.count > 2000), '-c20', `${BALANCER}/time`);
    expect(report).toMatch(/\d+ requests in/);
    expect(report).not.toMatch(/Socket errors|Non-2xx/);
    const served = ['server-1', 'server-2'].map((server) => run.facts('role.noted', 'balancer-1').filter(({ text }) => text.includes(`"lb.chose","server":"${server}"`)).length);
    expect(Math.abs(must(served[0], 'one') - must(served[1], 'other'))).toBeLessThanOrEqual(1);
    expect(must(served[0], 'one')).toBeGreaterThan(10);
  });

  it.each([false, true])('h2load by HTTP/1.1: every request succeeds (connections kept: %s)', async (keepAlive) => {
    await serve({ ...PATIENT, 'keep-alive': keepAlive });
    // Without kept connections h2load would not open new ones: one request a connection then.
    const [requests, clients] = keepAlive ? ['600', '20'] : ['20', '20'];
    expect(await output('h2load', '--h1', '-n', requests, '-c', clients, `${BALANCER}/time`)).toMatch(new RegExp(`${requests} succeeded, 0 failed, 0 errored`));
  });

  it('h2load while a server is killed: every request succeeds all the same', async () => {
    const run = await serve({ ...PATIENT, 'service-time': 2 });
    const load = start('h2load', '--h1', '-n', '400', '-c', '8', `${BALANCER}/time`);
    await run.untilFacts('connection.accepted', 'server-1');
    await run.act('kill-server', { server: 1 });
    expect((await load.ended).output).toMatch(/400 succeeded, 0 failed, 0 errored/);
  });
});

describe('the command lines that the lesson gives', () => {
  const PRINTS: Readonly<Record<string, RegExp>> = {
    balancer: /^0 200 [\d.]+ s server-1\n0 200 [\d.]+ s server-2\n/,
    server: /^(?:\S+ server-1\n0 200 [\d.]+ s\n){5}$/,
    health: /^HTTP\/1\.1 200 OK[^]*ok\n$/,
    headers: /X-Forwarded-For: 127\.[^]*Via: 1\.1 balancer-1/,
  };
  it.each(failure.manifest.tryIt.map((tryIt) => [tryIt.id, tryIt] as const))('%s', async (id, tryIt) => {
    await serve();
    const endpoint = must(endpointsOf(failure.manifest).find(({ role }) => role === tryIt.endpoint), tryIt.endpoint);
    const address = local(must(hostsOf(failure.manifest).find((one) => one.id === endpoint.host), endpoint.host).address);
    const program = start('sh', '-c', tryIt.command.replaceAll('{address}', address).replaceAll('{port}', String(endpoint.port)));
    if (tryIt.command.startsWith('while')) {
      await program.printed(must(PRINTS[id], id));
      program.kill();
    } else {
      const { output: printed, status: code } = await program.ended;
      expect(code).toBe(0);
      expect(printed).toMatch(must(PRINTS[id], id));
    }
  });
});
