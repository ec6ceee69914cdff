// The joined view is the kernel's truth in every lab: each runs once, shortly, with its own capture while another tcpdump judges; joinedTruth.test.ts
// looks closer at some. Only the right to capture may be missing.

import { describe, expect, it } from 'vitest';
import type { ParameterValues } from '../../../shared/lab/manifest';
import browsing from '../../../electron/labs/browse-a-page/lab';
import distribution from '../../../electron/labs/client-server-vs-p2p/lab';
import life from '../../../electron/labs/connection-life/lab';
import encapsulation from '../../../electron/labs/encapsulation/lab';
import httpApi from '../../../electron/labs/http-api/lab';
import httpCaching from '../../../electron/labs/http-caching/lab';
import httpMessages from '../../../electron/labs/http-messages/lab';
import https from '../../../electron/labs/https/lab';
import hybrid from '../../../electron/labs/hybrid/lab';
import swarm from '../../../electron/labs/p2p-swarm/lab';
import ports from '../../../electron/labs/ports/lab';
import { LabTest } from '../../../electron/labs/run.fixture';
import models from '../../../electron/labs/server-models/lab';
import failure from '../../../electron/labs/single-point-of-failure/lab';
import families from '../../../electron/labs/socket-families/lab';
import tap from '../../../electron/labs/tap-a-port/lab';
import watch from '../../../electron/labs/watch/lab';
import type { Lab } from '../../../electron/roles/lab';
import { freePort, start } from '../support';
import { captureProblem, withCapture } from './capture';
import { compareJoined } from './compareJoined';
import { judged } from './judged';

const problem = await captureProblem();

const CASES: readonly { readonly name: string; readonly lab: Lab; readonly params: ParameterValues; readonly captured: number }[] = [
  { name: 'connection-life, an orderly end', lab: life, params: { scenario: 'orderly' }, captured: 8 },
  { name: 'connection-life, a reset', lab: life, params: { scenario: 'reset' }, captured: 10 },
  { name: 'connection-life, killed', lab: life, params: { scenario: 'killed' }, captured: 10 },
  { name: 'connection-life, a full queue', lab: life, params: { scenario: 'timeout-backlog', patience: 400, backlog: 4 }, captured: 10 },
  { name: 'ports', lab: ports, params: {}, captured: 20 },
  { name: 'socket-families', lab: families, params: { family: 'inet', exchanges: 2 }, captured: 12 },
  { name: 'encapsulation', lab: encapsulation, params: {}, captured: 4 },
  { name: 'http-messages, HTTP/1', lab: httpMessages, params: { shows: 'pipelined', version: 'http1' }, captured: 8 },
  { name: 'http-messages, HTTP/2', lab: httpMessages, params: { shows: 'chunked', version: 'http2' }, captured: 8 },
  { name: 'http-api', lab: httpApi, params: { requests: 'form' }, captured: 8 },
  { name: 'http-caching', lab: httpCaching, params: { via: 'shared' }, captured: 16 },
  { name: 'https', lab: https, params: { version: 'TLSv1.3', protocol: 'h2' }, captured: 16 },
  { name: 'browse-a-page', lab: browsing, params: { visits: 1, tls: true, version: 'h2', url: 'https://www.naver.com/' }, captured: 12 },
  { name: 'server-models, processes', lab: models, params: { clients: 3, requests: 1, think: 20, work: 5, model: 'processes' }, captured: 24 },
  { name: 'p2p-swarm', lab: swarm, params: { scenario: 'abc', up: 64, tracker: 'udp' }, captured: 40 },
  { name: 'hybrid', lab: hybrid, params: { scenario: 'chat' }, captured: 60 },
  { name: 'client-server-vs-p2p', lab: distribution, params: { size: 32, 'server-up': 512, 'receiver-up': 256, 'piece-size': '4', ways: 'both', receivers: '2' }, captured: 40 },
  { name: 'single-point-of-failure', lab: failure, params: { architecture: 'two-servers', blow: 'kill-server', duration: 900, 'blow-at': 250, 'restart-after': 350, clients: 3, think: 40, 'service-time': 20, 'time-out': 250, 'check-interval': 100 }, captured: 60 },
  { name: 'tap-a-port', lab: tap, params: {}, captured: 16 },
  { name: 'tap-a-port, UDP', lab: tap, params: { protocol: 'udp' }, captured: 4 },
];

describe.skipIf(problem !== null)(`the joined view of every lab${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  for (const { name, lab, params, captured } of CASES) {
    it(`${name}: every packet once, no difference`, async () => {
      const found = await judged(lab, params, undefined, 'whole', { capture: true });
      const joined = compareJoined(found.run.store, found.run.story, found.packets);
      expect(joined.differences).toEqual([]);
      expect(joined.captured).toBeGreaterThanOrEqual(captured);
    }, 120_000);
  }

  it('watch, two programs of strangers: every packet once, no difference', async () => {
    const port = await freePort();
    const { result: run, packets } = await withCapture(`tcp port ${port}`, async () => {
      const watching = await LabTest.serve(watch, { ports: String(port) });
      start('nc', '-l', '127.0.0.1', String(port));
      await watching.until(() => watching.facts('socket.sampled').some(({ text }) => text === 'LISTEN'));
      const client = start('nc', '-N', '127.0.0.1', String(port));
      client.type('hello from a stranger\n');
      await watching.until(() => watching.segments().some(({ kind }) => kind === 'data'));
      client.endInput();
      await watching.until(() => watching.story.connections.count === 1 && watching.story.connections.at(0).outcome === 'closed');
      await watching.stop();
      return watching;
    });
    const joined = compareJoined(run.store, run.story, packets);
    expect(joined.differences).toEqual([]);
    expect(joined.captured).toBeGreaterThanOrEqual(8);
  }, 120_000);
});
