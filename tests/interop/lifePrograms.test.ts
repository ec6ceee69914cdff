// Foreign programs in the lab of a connection's life: refused, reset, left without an answer and without a handshake, as our own clients
// are. The commands are those that the lab offers.
import { describe, expect, it } from 'vitest';
import life from '../../electron/labs/connection-life/lab';
import { LabTest, local } from '../../electron/labs/run.fixture';
import { must } from '../../shared/base/assert';
import type { ParameterValues } from '../../shared/lab/manifest';
import { start, type Program } from './support';

const serve = (params: ParameterValues): Promise<LabTest> => LabTest.serve(life, params);

/** The lab's own command, begun; its errors are part of what it prints. */
function begin(id: string): Program {
  const { command, endpoint } = must(life.manifest.tryIt.find((one) => one.id === id), id);
  const { host, port } = must(life.manifest.endpoints.find((one) => one.role === endpoint), endpoint);
  const { address } = must(life.manifest.hosts.find((one) => one.id === host), host);
  return start('sh', '-c', `exec 2>&1; ${command.replaceAll('{address}', local(address)).replaceAll('{port}', String(port))}`);
}

const SERVER = local('127.0.73.2');
/** Python that binds the server's port with SO_REUSEADDR. */
const rebinds = (): Program =>
  start('python3', '-c', `import socket; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('${SERVER}', 7040)); print('bound')`);

describe('the commands of the lab', () => {
  it('nc half-closes, and is answered after it', async () => {
    await serve({ scenario: 'orderly' });
    const nc = begin('nc');
    nc.type('hello\n');
    nc.endInput();
    expect((await nc.ended).output).toBe('6 B received\n');
  });

  it('python aborts: our server meets ECONNRESET', async () => {
    const run = await serve({ scenario: 'orderly' });
    expect((await begin('reset').ended).status).toBe(0);
    await run.until(() => run.errors('server').length > 0);
    expect(run.errors('server')).toEqual(['ECONNRESET']);
  });

  it('nc is refused where nobody listens', async () => {
    await serve({ scenario: 'orderly' });
    const { output, status } = await begin('refused').ended;
    expect(output).toMatch(/refused/i);
    expect(status).not.toBe(0);
  });

  it('python cannot bind the port of a server that listens', async () => {
    await serve({ scenario: 'orderly' });
    expect((await begin('rebind').ended).output).toMatch(/Address already in use/);
  });

  it('nc hears nothing more once the relay is silent', async () => {
    const run = await serve({ scenario: 'half-open' });
    const nc = begin('relay');
    nc.type('one\n');
    await nc.printed(/one\n/);
    await run.act('stall', { silent: true });
    nc.type('two\n');
    await run.until(() => run.bytes('bytes.received', 'relay') >= 4 + 4 + 4);
    expect(nc.output()).toBe('one\n');
    await run.act('stall', { silent: false });
    await nc.printed(/two\n/);
  });

  it('python is connected to a listener that never accepts, and times out', async () => {
    const run = await serve({ scenario: 'timeout-accept' });
    const { output, status } = await begin('patience').ended;
    expect(output).toMatch(/^connected\n[^]*timed out/);
    expect(status).toBe(1);
    expect(run.facts('connection.accepted')).toEqual([]);
  });
});

it.runIf(process.platform === 'linux')('a third python times out in connect(): the queue of two is full', async () => {
  await serve({ scenario: 'timeout-backlog', backlog: 1 });
  const client = (): Program =>
    start('python3', '-c', `import socket, sys\ntry:\n  s = socket.create_connection(('${SERVER}', 7041), timeout=1.5); print('connected'); sys.stdin.read()\nexcept Exception as e: print(type(e).__name__)`);
  const first = client();
  await first.printed(/connected/);
  const second = client();
  await second.printed(/connected/);
  expect((await client().ended).output).toMatch(/^(TimeoutError|timeout)\n$/);
});

it.runIf(process.platform === 'linux')('a port with a connection in TIME_WAIT: EADDRINUSE without SO_REUSEADDR, bound with it', async () => {
  const run = await LabTest.play(life, { scenario: 'time-wait' });
  await run.act('kill-server');
  expect((await begin('rebind').ended).output).toMatch(/Address already in use/);
  expect((await rebinds().ended).output).toBe('bound\n');
});
