// The flow-control lab on real sockets: buffers fill, send() stops taking bytes in each of its three ways, and goes on once somebody reads.

import { describe, expect, it } from 'vitest';
import { start } from '../../../tests/interop/support';
import { LabTest, local } from '../run.fixture';
import lab from './lab';

const KIB = 1024;
/** More than a socket's buffers hold on any system that we know, sent in pieces that a test need not wait for. */
const PARAMS = { total: 12_288, chunk: 1024, start: 400, 'read-size': 1024, pause: 0 } as const;

const taken = (run: LabTest, role: string): number => run.facts('bytes.sent', role).reduce((sum, fact) => sum + Math.max(0, fact.a), 0) + run.facts('send.ended', role).reduce((sum, fact) => sum + fact.a, 0);

describe('a reader that does not read', () => {
  it('lets send() take what the buffers hold, then wait; when it reads, send() goes on', async () => {
    const run = await LabTest.play(lab, PARAMS);
    await run.untilFacts('stream.ended', 'receiver');
    expect(run.stepsDone()).toEqual(['connect', 'taken', 'stopped', 'reads', 'goes-on', 'end']);
    expect([run.verdict('taken'), run.verdict('how')]).toEqual(['much', 'waits']);
    expect(taken(run, 'sender')).toBe(PARAMS.total * KIB);
    expect(run.bytes('bytes.received', 'receiver')).toBe(PARAMS.total * KIB);
    const [waits] = run.facts('bytes.sent', 'sender').filter((fact) => fact.a < fact.size);
    const [first] = run.facts('bytes.received', 'receiver');
    expect(waits?.seq).toBeLessThan(first?.seq ?? -1);
    expect(run.facts('send.ended', 'sender')[0]?.seq).toBeGreaterThan(first?.seq ?? Infinity);
  });

  it('refuses a send() that does not wait: fewer bytes, then EAGAIN', async () => {
    const run = await LabTest.play(lab, { ...PARAMS, mode: 'non-blocking' });
    await run.untilFacts('stream.ended', 'receiver');
    expect(run.stepsDone()).toEqual(['connect', 'taken', 'stopped', 'refused', 'reads', 'end']);
    expect([run.verdict('taken'), run.verdict('how')]).toEqual(['much', 'refuses']);
    expect(run.errors('sender')).toContain('EAGAIN');
    expect(taken(run, 'sender')).toBe(PARAMS.total * KIB);
    expect(run.bytes('bytes.received', 'receiver')).toBe(PARAMS.total * KIB);
  });

  it('is waited for in select() by a program that asks when there is room', async () => {
    const run = await LabTest.play(lab, { ...PARAMS, mode: 'select' });
    await run.untilFacts('stream.ended', 'receiver');
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['connect', 'asks', 'taken', 'reads', 'end']));
    expect(run.verdict('taken')).toBe('much');
    expect(run.facts('select.returned', 'sender').length).toBeGreaterThan(1);
    expect(run.bytes('bytes.received', 'receiver')).toBe(PARAMS.total * KIB);
  });

  it('does not matter while the buffers hold everything', async () => {
    const run = await LabTest.play(lab, { ...PARAMS, total: 32, chunk: 8, start: 100 });
    await run.untilFacts('stream.ended', 'receiver');
    expect([run.verdict('taken'), run.verdict('how')]).toEqual(['all', 'never']);
    await run.stop();
    const asking = await LabTest.play(lab, { ...PARAMS, total: 32, chunk: 8, start: 100, mode: 'select' });
    expect(asking.verdict('taken')).toBe('all');
    expect(run.stepsDone()).not.toContain('stopped');
  });

  it('can be held and let go by hand', async () => {
    const run = await LabTest.play(lab, { ...PARAMS, total: 32, start: 0 });
    await run.act('hold');
    const before = run.facts('bytes.received', 'receiver').length;
    await run.act('send', { total: 12_288 });
    await run.until(() => run.facts('bytes.sent', 'sender-2').some((fact) => fact.a < fact.size));
    // One recv() may have been waiting already when it was held.
    expect(run.facts('bytes.received', 'receiver').length - before).toBeLessThanOrEqual(1);
    await run.act('go-on');
    await run.until(() => run.facts('role.ended', 'sender-2').length === 1);
    expect(taken(run, 'sender-2')).toBe(12_288 * KIB);
  });
});

it.runIf(process.platform === 'linux')('the kernel’s table shows both buffers full, and probes of the closed window, while send() waits', async () => {
  const run = await LabTest.serve(lab, PARAMS);
  await run.act('hold');
  await run.act('send', { total: 12_288 });
  await run.until(() => run.facts('socket.sampled').some((fact) => fact.size === 4));
  const [probed] = run.facts('socket.sampled').filter((fact) => fact.size === 4);
  const [connected] = run.facts('connect.ended', 'sender');
  expect(probed?.sock).toBe(connected?.sock);
  await run.until(() => run.facts('socket.sampled').some((fact) => fact.local?.port === 7080 && fact.b > 0));
  await run.act('go-on');
  await run.until(() => run.facts('role.ended', 'sender').length === 1);
  const [full] = run.facts('socket.sampled').filter((fact) => fact.size === 4);
  expect(full?.a).toBeGreaterThan(10 * KIB);
});

describe('programs that are not ours', () => {
  it('nc is slowed down by our reader', async () => {
    const run = await LabTest.serve(lab, { ...PARAMS, start: 300 });
    const nc = start('nc', '-N', local('127.0.77.2'), '7080');
    nc.type('\0'.repeat(8_000_000));
    nc.endInput();
    expect((await nc.ended).status).toBe(0);
    await run.untilFacts('stream.ended', 'receiver');
    expect(run.bytes('bytes.received', 'receiver')).toBe(8_000_000);
  });

  it('a slow reader in Python makes our source wait', async () => {
    const run = await LabTest.serve(lab, PARAMS);
    const command = `import socket, sys; s = socket.create_connection(('${local('127.0.77.1')}', 7081)); sys.stdin.readline(); print(sum(len(b) for b in iter(lambda: s.recv(65536), b'')))`;
    const python = start('python3', '-c', command);
    await run.until(() => run.facts('bytes.sent', 'source').some((fact) => fact.a < fact.size));
    python.type('\n');
    await run.untilFacts('send.ended', 'source');
    expect(Number((await python.ended).output)).toBe(PARAMS.total * KIB);
  });
});
