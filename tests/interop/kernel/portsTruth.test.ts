// Ports and families against the kernel: 4-tuples that share a port, datagrams, a taken port, a private protocol and its malformed frames; and
// that AF_UNIX puts nothing on any interface.

import { describe, expect, it } from 'vitest';
import families from '../../../electron/labs/socket-families/lab';
import ports from '../../../electron/labs/ports/lab';
import { captureProblem } from './capture';
import { allClosed, judged, lateFacts } from './judged';

const problem = await captureProblem();

describe.skipIf(problem !== null)(`ports and families against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  it.each([
    { name: 'lines', params: {} },
    { name: 'lengths, many connections', params: { framing: 'length-2', connections: 20 } },
    { name: 'fixed size', params: { framing: 'fixed', 'frame-size': 48 } },
  ])('ports, $name: no difference', async ({ params }) => {
    const found = await judged(ports, params, async (run) => {
      await run.act('say-raw', { bytes: String.raw`\x00\xff\xff` });
      await run.act('say', { text: 'HELLO kernel' });
      await allClosed(run);
    });
    expect(found.differences).toEqual([]);
    expect(lateFacts(found.run)).toEqual([]);
    expect(found.connections).toBeGreaterThanOrEqual(7);
    expect(found.datagrams).toBe(4);
  });

  it('AF_INET, stream and datagrams: no difference', async () => {
    const found = await judged(families, { family: 'inet', exchanges: 5 }, allClosed);
    expect(found.differences).toEqual([]);
    expect([found.connections, found.datagrams]).toEqual([1, 10]);
  });

  it('AF_UNIX: no packet at all', async () => {
    const found = await judged(families, { family: 'unix', exchanges: 5 }, allClosed);
    expect([found.differences, found.packets]).toEqual([[], []]);
  });
});
