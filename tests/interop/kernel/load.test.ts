// Thousands of requests of foreign programs, and the judge itself: bytes, order and ends of connections must agree under load too, and a
// judge that finds no difference must be able to find one.

import { once } from 'node:events';
import * as net from 'node:net';
import { describe, expect, it } from 'vitest';
import { must } from '../../../shared/base/assert';
import httpApi from '../../../electron/labs/http-api/lab';
import httpMessages from '../../../electron/labs/http-messages/lab';
import https from '../../../electron/labs/https/lab';
import { local, type LabTest } from '../../../electron/labs/run.fixture';
import type { Lab } from '../../../electron/roles/lab';
import { start, wrk } from '../support';
import { captureProblem, type KernelPacket } from './capture';
import { compareWithKernel } from './compare';
import { allClosed, judged, served } from './judged';

const SERVER = local('127.0.20.1');
const problem = await captureProblem();

/** A program that ends may leave connections that nobody has accepted yet; one more comes behind them: accept() is first come, first served. */
async function queueIsEmpty(run: LabTest, port: number): Promise<void> {
  const last = net.connect({ host: SERVER, port });
  await once(last, 'connect');
  const mine = last.localPort;
  last.end();
  last.resume();
  await run.until(() => run.facts('connection.accepted').some(({ remote }) => remote?.port === mine && remote?.address === '127.0.0.1'));
  await allClosed(run);
}

const LOADS: readonly (readonly [string, Lab, string, readonly string[]])[] = [
  ['wrk, fifty connections that stay', httpApi, 'wrk', ['-c50', `http://${SERVER}:8000/api/user`]],
  ['wrk, a connection for each request', httpApi, 'wrk', ['-c20', '-H', 'Connection: close', `http://${SERVER}:8000/api/user`]],
  ['h2load, twenty connections', httpMessages, 'h2load', ['-n', '2000', '-c', '20', '-m', '10', `http://${SERVER}:8090/posts`]],
  ['h2load over TLS', https, 'h2load', ['-n', '2000', '-c', '20', '-m', '10', `https://${SERVER}:8443/account`]],
];

describe.skipIf(problem !== null)(`under load, against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  it.each(LOADS)('%s: no difference', async (_name, lab, program, args) => {
    let reported = '';
    const found = await served(lab, {}, async (run) => {
      reported = program === 'wrk' ? await wrk(run.until(() => run.store.count > 5000), ...args) : (await start(program, ...args).ended).output;
      await queueIsEmpty(run, Number(/:(\d+)\//.exec(args.at(-1) ?? '')?.[1]));
    });
    expect(reported).toMatch(/\d+ requests in|, 0 errored/);
    expect(found.differences).toEqual([]);
    expect(found.connections).toBeGreaterThanOrEqual(20);
    expect(found.bytes).toBeGreaterThan(100_000);
  });
});

describe.skipIf(problem !== null)('the judge', () => {
  it('finds a byte, a packet, a FIN and a RST that differ', async () => {
    const { run, packets, differences } = await judged(https, {});
    expect(differences).toEqual([]);
    const judge = (seen: readonly KernelPacket[]): readonly string[] => compareWithKernel(run.store, run.story, seen).differences;
    const data = must(packets.find(({ payload }) => payload.length > 100), 'a packet with bytes');
    const fin = must(packets.find((packet) => packet.fin), 'a FIN');
    const other = (one: KernelPacket, changes: Partial<KernelPacket>): KernelPacket[] => packets.map((packet) => (packet === one ? { ...packet, ...changes } : packet));
    expect(judge(other(data, { payload: data.payload.map((byte, index) => (index === 50 ? byte ^ 1 : byte)) }))).toEqual([expect.stringContaining('other bytes'), expect.stringContaining('other bytes')]);
    expect(judge(packets.filter((packet) => packet !== data))).not.toEqual([]);
    expect(judge(other(fin, { fin: false }))).toEqual([expect.stringContaining('FIN')]);
    expect(judge(other(fin, { fin: false, rst: true }))).toEqual([expect.stringContaining('RST')]);
    expect(judge(packets.slice(0, 0))).not.toEqual([]);
  });
});
