// The joined view is the kernel's truth: labs run with their own capture while another tcpdump records beside them, and every packet that the
// judge saw must be one segment of the story. Only the right to capture may be missing.

import { describe, expect, it } from 'vitest';
import type { ParameterValues } from '../../../shared/lab/manifest';
import stream from '../../../electron/labs/byte-stream/lab';
import daytime from '../../../electron/labs/daytime/lab';
import dnsLookup from '../../../electron/labs/dns-lookup/lab';
import flow from '../../../electron/labs/flow-control/lab';
import httpConnections from '../../../electron/labs/http-connections/lab';
import echo from '../../../electron/labs/tcp-echo/lab';
import uppercase from '../../../electron/labs/udp-uppercase/lab';
import type { Lab } from '../../../electron/roles/lab';
import { captureProblem } from './capture';
import { compareJoined } from './compareJoined';
import { judged } from './judged';

const problem = await captureProblem();

const CASES: readonly { readonly name: string; readonly lab: Lab; readonly params: ParameterValues; readonly captured: number }[] = [
  { name: 'daytime, five clients', lab: daytime, params: { clients: 5 }, captured: 40 },
  { name: 'daytime, nobody listening', lab: daytime, params: { server: 'none' }, captured: 2 },
  { name: 'udp-uppercase, nobody there', lab: uppercase, params: { server: 'absent', socket: 'connected' }, captured: 2 },
  { name: 'tcp-echo, half-closes', lab: echo, params: { client: 'half-closes', clients: 4 }, captured: 30 },
  { name: 'tcp-echo, closed with bytes unread', lab: echo, params: { client: 'closes-early', delay: 0, lines: 20 }, captured: 6 },
  { name: 'byte-stream, all together in chunks of HTTP', lab: stream, params: { framing: 'http-chunked', writing: 'together', reader: 'right' }, captured: 8 },
  { name: 'flow-control', lab: flow, params: {}, captured: 20 },
  { name: 'dns-lookup', lab: dnsLookup, params: {}, captured: 10 },
  { name: 'http-connections, six', lab: httpConnections, params: { connections: 'six', delay: 5 }, captured: 100 },
];

describe.skipIf(problem !== null)(`the joined view against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  for (const { name, lab, params, captured } of CASES) {
    it(`${name}: every packet once, no difference`, async () => {
      const found = await judged(lab, params, undefined, 'whole', { capture: true });
      const joined = compareJoined(found.run.store, found.run.story, found.packets);
      expect(joined.differences).toEqual([]);
      expect(found.differences).toEqual([]);
      expect(joined.captured).toBeGreaterThanOrEqual(captured);
    }, 120_000);
  }
});
