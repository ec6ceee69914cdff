// A filter on the time since the packet that it let through before finds what `tshark -Y` finds, whoever is asked for and in whatever order.
import { expect, it } from 'vitest';
import { concatBytes } from '../../../shared/base/bytes';
import { interfaceBlock, packetBlock, sectionBlock } from '../../../shared/codec/pcapng/write';
import { openBytes } from '../../../shared/packets/dissection/captured.fixture';
import { createDissector } from '../../../shared/packets/dissection/dissector';
import { segmentFrame } from '../../../shared/packets/index/frames.fixture';
import { VERDICT } from '../../../shared/packets/matching/verdict';
import { filterAsked, filterTest, type FilterAsked } from './viewFilter';

/** Segments from ports 4000 and 4001 in turn, at these ms. */
const TIMES = [0, 50, 80, 200, 250, 450, 460, 900, 1000, 1300];
/** What tshark 4.0 finds in them, in one pass and in two: numbers of packets. */
const FOUND: readonly (readonly [filter: string, packets: readonly number[]])[] = [
  ['frame.time_delta_displayed > 0.1', []], ['frame.time_delta_displayed < 0.1', [1, 2, 3]], ['frame.time_delta_displayed == 0', [1]], ['!(frame.time_delta_displayed < 0.1)', []],
  ['tcp.srcport == 4000 && frame.time_delta_displayed < 0.2', [1, 3, 5]], ['frame.number == 2 or frame.time_delta_displayed > 0.1', [2, 4, 6, 8, 10]],
];
const frame = (at: number): Uint8Array => segmentFrame({ from: ['127.0.10.1', 4000 + (at % 2)], to: ['127.0.20.1', 5300], payload: new Uint8Array(4), tcp: { sequence: 1, acknowledgment: 1, flags: 0x18 } });
const input = openBytes(concatBytes(sectionBlock('test'), interfaceBlock(1, 'lo', ''), ...TIMES.map((ms, at) => packetBlock(0, 1_700_000_000_000_000_000n + BigInt(ms) * 1_000_000n, frame(at), frame(at).length))));
const { table, flows } = input;

function asked(text: string): FilterAsked {
  const dissector = createDissector(input);
  const made = filterTest(text, (filter) => filterAsked(filter, { table, flows, analysed: () => false }, (packet, frame, names) => dissector.layers(packet, frame, names)));
  if ('error' in made || made.asked === null) throw new Error(`${text} is no filter`);
  return made.asked;
}

function told(fits: FilterAsked['fits'], packet: number): boolean {
  for (;;) {
    const one = fits(packet);
    if (one !== null) return one;
  }
}
const numbers = TIMES.map((_, packet) => packet);
const found = (fits: FilterAsked['fits'], order: readonly number[]): number[] => order.filter((packet) => told(fits, packet)).map((packet) => packet + 1).sort((a, b) => a - b);

it.each(FOUND)('%s', (text, packets) => {
  expect(found(asked(text).fits, numbers)).toEqual(packets);
  // From the last to the first, and again.
  const { fits } = asked(text);
  for (let again = 0; again < 2; again++) expect(found(fits, numbers.toReversed())).toEqual(packets);
});

it('counts packets of which the columns told, and nobody asked', () => {
  const { columns, byBytes } = asked('frame.number == 2 or frame.time_delta_displayed > 0.1');
  expect(columns.verdict(1)).toBe(VERDICT.yes);
  expect(numbers.filter((packet) => packet !== 1 && told(byBytes, packet))).toEqual([3, 5, 7, 9]);
});
