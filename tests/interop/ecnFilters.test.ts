// Filters on TCP's three flags of congestion, by columns and as tshark finds them: where both ends agreed on accurate ECN (RFC 9768) the flags are one
// number and no flags, elsewhere they are what they are.

import { writeFile } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filterAsked, filterTest } from '../../electron/packets/session/viewFilter';
import { TCP_FLAGS } from '../../shared/codec/tcp/codec';
import { TcpAnalyser } from '../../shared/packets/analysis/tcpAnalyser';
import { openBytes } from '../../shared/packets/dissection/captured.fixture';
import { createDissector } from '../../shared/packets/dissection/dissector';
import { fileOf } from '../../shared/packets/follow/web.fixture';
import { segmentFrame } from '../../shared/packets/index/frames.fixture';
import { tsharkFinds } from './tsharkFilters.fixture';
import { hasTshark } from './tshark.fixture';

const { SYN, ACK, PSH, FIN, ECE, CWR, AE } = TCP_FLAGS;
const folder = mkdtempSync(join(tmpdir(), 'looplab-ecn-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Flags of a connection's segments by turns, client first; each carries a byte but the first two. */
function connection(port: number, turns: readonly number[]): Uint8Array[] {
  const next = { up: 1000, down: 5000 };
  return turns.map((flags, n) => {
    const up = n % 2 === 0;
    const [mine, other] = up ? (['up', 'down'] as const) : (['down', 'up'] as const);
    const payload = new Uint8Array(n < 2 ? 0 : 1);
    const ends = [['10.0.0.1', port], ['10.0.0.2', 80]] as const;
    const frame = segmentFrame({ from: ends[up ? 0 : 1], to: ends[up ? 1 : 0], payload, tcp: { sequence: next[mine], acknowledgment: n === 0 ? 0 : next[other], flags } });
    next[mine] += payload.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
    return frame;
  });
}

const SAID = [ACK, ACK | PSH | CWR, ACK | ECE, ACK | AE, ACK | AE | CWR | ECE, ACK | CWR | ECE, ACK | FIN | AE | ECE, ACK | FIN];
const CAPTURE = fileOf([
  ...connection(1001, [SYN | ECE | CWR, SYN | ACK | ECE, ...SAID]), ...connection(1002, [SYN | ECE | CWR | AE, SYN | ACK | CWR, ...SAID]), ...connection(1003, [SYN | ECE | CWR | AE, SYN | ACK, ...SAID]),
  ...connection(1004, [SYN, SYN | ACK, ...SAID]), ...connection(1005, [SYN | ECE | CWR | AE, SYN | ACK | AE, ...SAID]), ...connection(1006, SAID),
]);
const FILTERS = [
  'tcp.flags.cwr == 1', 'tcp.flags.cwr == 0', 'tcp.flags.ece == 1', 'tcp.flags.ae == 1', 'tcp.flags.ae == 0', 'tcp.flags.ece', 'tcp.flags.cwr == 1 and tcp.flags.ece == 0', '!(tcp.flags.ece == 1)', 'tcp.flags.cwr == 1 and tcp.stream == 1',
  'tcp.flags.ace', 'tcp.flags.ace == 5', 'tcp.flags.cwr == 1 or tcp.port == 1003',
];

describe('filters on the flags of congestion', () => {
  const input = openBytes(CAPTURE);
  const { table, flows, facts, packets } = input;
  const analyser = new TcpAnalyser(table, flows);
  while (!analyser.advance(table.count, 4096));
  const dissector = createDissector(input);
  /** Rows from the last to the first as well: a list may begin anywhere. */
  const found = (text: string, back: boolean): { readonly packets: number; readonly bytes: number } => {
    const made = filterTest(text, (filter) => filterAsked(filter, { table, flows, analysed: () => true }, (packet) => dissector.dissect(packet), { table, flows, facts, packets }));
    if ('error' in made || made.test === null) throw new Error(text);
    const { test } = made;
    const fits = Array.from({ length: table.count }, (_, n) => (back ? table.count - 1 - n : n)).filter((packet) => test(packet));
    return { packets: fits.length, bytes: fits.reduce((sum, packet) => sum + packets.bytes(packet).length, 0) };
  };

  it.skipIf(!hasTshark)(`find what tshark finds${hasTshark ? '' : ' (skipped: tshark is not installed)'}`, async () => {
    const file = join(folder, 'ecn.pcapng');
    await writeFile(file, CAPTURE);
    const theirs = await tsharkFinds(FILTERS, file);
    for (const back of [false, true]) expect(FILTERS.map((text) => [text, found(text, back)])).toEqual(FILTERS.map((text) => [text, theirs.get(text)]));
    expect(theirs.get('tcp.flags.ace')?.packets).toBeGreaterThan(0);
  });
});
