// A tap before programs: the example, and foreign ones (python3, curl, nc) with their names.
import { describe, expect, it } from 'vitest';
import { must } from '../../../shared/base/assert';
import { programAt } from '../../runtime/programNames/programAt';
import { freePort, start } from '../../../tests/interop/support';
import { LabTest, local } from '../run.fixture';
import lab from './lab';

const TAP = local('127.0.80.1');

describe('the example', () => {
  it('goes through the tap by two connections, and every step is met', async () => {
    const run = await LabTest.play(lab);
    expect(run.stepsDone().filter((id) => !id.startsWith('datagram'))).toEqual(['listen', 'come', 'dial', 'bytes', 'on']);
    expect([run.verdict('connections'), run.verdict('who')]).toEqual(['two', 'tap']);
    expect(run.story.connections.count).toBe(2);
    expect(run.app.exchanges.map(({ response }) => response?.head.status)).toEqual([200, 200]);
    expect(run.bytes('bytes.received', 'client')).toBe(run.bytes('bytes.sent', 'server'));
  });

  it('keeps datagrams whole', async () => {
    const run = await LabTest.play(lab, { protocol: 'udp' });
    expect(run.stepsDone()).toEqual(['listen', 'datagram', 'datagram-on']);
    expect(run.facts('datagram.received', 'client').map((fact) => run.text(fact))).toEqual(['HELLO THROUGH THE TAP']);
  });
});

describe('programs of the user', () => {
  it('meet at the tap, with the names that the system gives them', { timeout: 120_000 }, async () => {
    const port = await freePort();
    const server = start('python3', '-m', 'http.server', String(port), '--bind', '127.0.0.1');
    const run = await LabTest.serve(lab, { example: false, 'target-port': port });
    await server.printed(/Serving/);
    const client = start('curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', `http://${TAP}:8090/`);
    expect(await client.ended).toEqual({ output: '200', status: 0 });
    await run.until(() => run.story.connections.count === 2 && run.story.connections.at(1).endedAt !== null);
    const exchange = must(run.app.exchanges[0], 'an exchange');
    expect([exchange.request.head.method, exchange.response?.head.status]).toEqual(['GET', 200]);
    if (process.platform === 'linux') {
      const [up, on] = [run.story.connections.at(0), run.story.connections.at(1)];
      expect(run.story.host(up.client.host)?.name).toBe('curl');
      expect(run.story.host(on.server.host)?.name).toMatch(/^python/);
      expect(run.story.hosts.filter(({ foreign }) => foreign).map(({ name }) => name.replace(/\d.*/, '')).sort()).toEqual(['curl', 'python']);
    }
    await run.stop();
  });

  it('are told when nobody serves', async () => {
    const run = await LabTest.serve(lab, { example: false, 'target-port': await freePort() });
    await start('nc', TAP, '8090').ended;
    await run.until(() => run.verdict('connections') === 'refused');
    await run.stop();
  });

  it.runIf(process.platform === 'linux')('have no name where the system does not tell', () => {
    expect(programAt('tcp', { address: '127.0.0.1', port: 1 })).toBeNull();
    expect(programAt('udp', { address: '::1', port: 1 }, '/nonexistent')).toBeNull();
  });
});
