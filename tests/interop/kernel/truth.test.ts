// The picture is the kernel's truth: each lab runs while tcpdump records lo; payload bytes, order and stream offsets of our trace must
// equal the kernel's, and each inferred SYN, FIN and RST must be one that the kernel sent. Only the right to capture may be missing.

import { describe, expect, it } from 'vitest';
import type { ParameterValues } from '../../../shared/lab/manifest';
import stream from '../../../electron/labs/byte-stream/lab';
import daytime from '../../../electron/labs/daytime/lab';
import echo from '../../../electron/labs/tcp-echo/lab';
import uppercase from '../../../electron/labs/udp-uppercase/lab';
import type { Lab } from '../../../electron/roles/lab';
import { captureProblem } from './capture';
import { judged } from './judged';

const problem = await captureProblem();

const CASES: readonly { readonly name: string; readonly lab: Lab; readonly params: ParameterValues; readonly connections: number; readonly datagrams: number }[] = [
  { name: 'daytime', lab: daytime, params: {}, connections: 1, datagrams: 0 },
  { name: 'daytime, five clients', lab: daytime, params: { clients: 5 }, connections: 5, datagrams: 0 },
  { name: 'daytime, nobody listening', lab: daytime, params: { server: 'none' }, connections: 1, datagrams: 0 },
  { name: 'udp-uppercase', lab: uppercase, params: {}, connections: 0, datagrams: 2 },
  { name: 'udp-uppercase, four clients', lab: uppercase, params: { clients: 4 }, connections: 0, datagrams: 8 },
  { name: 'udp-uppercase, one datagram too large to send', lab: uppercase, params: { oversize: true }, connections: 0, datagrams: 0 },
  { name: 'udp-uppercase, a buffer too small to receive it whole', lab: uppercase, params: { 'recv-size': 8 }, connections: 0, datagrams: 2 },
  { name: 'udp-uppercase, nobody there', lab: uppercase, params: { server: 'absent', socket: 'connected' }, connections: 0, datagrams: 1 },
  { name: 'tcp-echo, closed with bytes unread', lab: echo, params: { client: 'closes-early', delay: 0, lines: 20 }, connections: 1, datagrams: 0 },
  { name: 'tcp-echo, nobody listening', lab: echo, params: { server: 'absent' }, connections: 1, datagrams: 0 },
  ...(['closes-early', 'half-closes', 'line-by-line', 'two-threads', 'multiplexed', 'class', 'flush-trap'] as const).map((client) => ({ name: `tcp-echo, ${client}`, lab: echo, params: { client }, connections: 1, datagrams: 0 })),
  { name: 'tcp-echo, twelve clients that half-close', lab: echo, params: { client: 'half-closes', clients: 12, lines: 20, delay: 0 }, connections: 12, datagrams: 0 },
  { name: 'tcp-echo, eight clients that close early', lab: echo, params: { client: 'closes-early', clients: 8, delay: 2 }, connections: 8, datagrams: 0 },
  { name: 'tcp-echo, server killed', lab: echo, params: { client: 'line-by-line', server: 'killed' }, connections: 1, datagrams: 0 },
  { name: 'byte-stream', lab: stream, params: {}, connections: 2, datagrams: 0 },
  { name: 'byte-stream, byte by byte without Nagle', lab: stream, params: { framing: 'length', piece: 1, pause: 0, 'no-delay': true, 'read-size': 3 }, connections: 2, datagrams: 0 },
  { name: 'byte-stream, all together in chunks of HTTP', lab: stream, params: { framing: 'http-chunked', writing: 'together', reader: 'right' }, connections: 1, datagrams: 0 },
  { name: 'byte-stream, the end of the stream', lab: stream, params: { framing: 'end', pause: 0 }, connections: 8, datagrams: 0 },
  { name: 'byte-stream, over a slow line', lab: stream, params: { line: 'slow', reader: 'right', pause: 0 }, connections: 2, datagrams: 0 },
  { name: 'byte-stream, datagrams', lab: stream, params: { framing: 'datagrams', pause: 0 }, connections: 0, datagrams: 8 },
];

describe.skipIf(problem !== null)(`the trace against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  for (const { name, lab, params, connections, datagrams } of CASES) {
    it(`${name}: no difference`, async () => {
      const found = await judged(lab, params);
      expect(found.differences).toEqual([]);
      expect(found.connections).toBe(connections);
      expect(found.datagrams).toBeGreaterThanOrEqual(datagrams);
      expect(found.facts).toBeGreaterThan(5);
    });
  }
});
