import { describe, expect, it } from 'vitest';
import { echoClosesEarly, udpUppercase } from '../../../../shared/trace/fixtureScenes';
import type { Story } from '../../../../shared/trace/story';
import { headersOf, placeAt, stopsOf, type Header } from './encapsulate';

const tcp = echoClosesEarly().told();
const udp = udpUppercase().told();
const first = (story: Story, kind: string): number => Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id)).find((segment) => segment.kind === kind)?.id ?? -1;
const named = (headers: readonly Header[] | null): string[] => (headers ?? []).map((header) => `${header.layer} ${header.title} ${header.bytes}`);

describe('the headers of a message', () => {
  it('are those of TCP, IPv4 and Ethernet, with the sizes of their bytes', () => {
    expect(named(headersOf(tcp.story, tcp.trace, first(tcp.story, 'data')))).toEqual([
      expect.stringMatching(/^transport .*(TCP|Transmission).* (20|32)$/), expect.stringMatching(/^internet .* 20$/), expect.stringMatching(/^link .* 14$/),
    ]);
  });

  it('are eight bytes for UDP', () => {
    expect(named(headersOf(udp.story, udp.trace, first(udp.story, 'datagram')))[0]).toMatch(/ 8$/);
  });
});

const HEADERS: readonly Header[] = [
  { layer: 'transport', title: 'TCP', bytes: 20 }, { layer: 'internet', title: 'IPv4', bytes: 20 }, { layer: 'link', title: 'Ethernet', bytes: 14 },
];

describe('the way through the stacks', () => {
  const stops = stopsOf(HEADERS, true);

  it('goes down one side, over the wire, and up the other', () => {
    expect(stops.map((stop) => `${stop.side === 'sender' ? 's' : 'r'}${stop.row}`)).toEqual(['s0', 's1', 's2', 's3', 's4', 'r4', 'r3', 'r2', 'r1', 'r0']);
  });

  it('begins without a header, is whole on the wire, and ends without', () => {
    expect(placeAt(stops, 0, false)).toMatchObject({ column: 0, row: 0, headers: 0 });
    expect(placeAt(stops, 0.5, false)).toMatchObject({ row: 4, headers: 3, grown: 1 });
    expect(placeAt(stops, 1, false)).toMatchObject({ column: 1, row: 0, headers: 0 });
  });

  it('never loses a header on the way down, nor gains one on the way up', () => {
    const weight = (progress: number): number => {
      const place = placeAt(stops, progress, false);
      return place.headers === 0 ? 0 : place.headers - 1 + place.grown;
    };
    for (let n = 1; n <= 100; n++) {
      if (n <= 50) expect(weight(n / 100)).toBeGreaterThanOrEqual(weight((n - 1) / 100) - 1e-9);
      else expect(weight(n / 100)).toBeLessThanOrEqual(weight((n - 1) / 100) + 1e-9);
    }
  });

  it('does not meet the application when there are no bytes', () => {
    const control = stopsOf(HEADERS, false);
    expect([control[0], control.at(-1)]).toEqual([{ side: 'sender', row: 1, comes: 0, leaves: 1 }, { side: 'receiver', row: 1, comes: 1, leaves: 0 }]);
  });

  it('puts ICMP and IP on in one row', () => {
    const icmp = stopsOf([{ layer: 'internet', title: 'ICMP', bytes: 8 }, { layer: 'internet', title: 'IPv4', bytes: 20 }, { layer: 'link', title: 'Ethernet', bytes: 14 }], false);
    expect(icmp.slice(0, 3).map((stop) => [stop.row, stop.leaves])).toEqual([[2, 2], [3, 3], [4, 3]]);
  });

  it('jumps from stop to stop with reduced motion', () => {
    for (let n = 0; n <= 40; n++) {
      const place = placeAt(stops, n / 40, true);
      expect([Number.isInteger(place.row), Number.isInteger(place.column)]).toEqual([true, true]);
    }
  });
});
