import { describe, expect, it } from 'vitest';
import { TCP_FLAGS } from '../../../../shared/codec/tcp/codec';
import { scenario } from '../../../../shared/trace/fixture';
import { capture } from '../../../../shared/trace/fixtureCaptured';
import { echoClosesEarly, udpUppercase } from '../../../../shared/trace/fixtureScenes';
import type { Story } from '../../../../shared/trace/story';
import { LAYERS_WITH_TLS, carriedBy, placeAt, stopsOf, type Carried, type Header } from './encapsulate';
import { phaseOf } from './phase';

const tcp = echoClosesEarly().told();
const udp = udpUppercase().told();
const first = (story: Story, kind: string): number => Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id)).find((segment) => segment.kind === kind)?.id ?? -1;
const named = (carried: Carried | null): string[] => (carried?.headers ?? []).map((header) => `${header.layer} ${header.title} ${header.bytes}`);

describe('the headers of a message', () => {
  it('are those of TCP, IPv4 and Ethernet, with the sizes of their bytes', () => {
    expect(named(carriedBy(tcp.story, tcp.trace, first(tcp.story, 'data')))).toEqual([
      expect.stringMatching(/^transport .*(TCP|Transmission).* (20|32)$/), expect.stringMatching(/^internet .* 20$/), expect.stringMatching(/^link .* 14$/),
    ]);
  });

  it('are eight bytes for UDP', () => {
    expect(named(carriedBy(udp.story, udp.trace, first(udp.story, 'datagram')))[0]).toMatch(/ 8$/);
  });
});

it('are captured ones where the trace has them', () => {
  const scene = echoClosesEarly();
  const { story } = scene.told();
  const id = first(story, 'data');
  const { from, to } = story.segments.at(id);
  capture(scene, { from, to, flags: TCP_FLAGS.ACK, sequence: 77, text: 'GET READY\n' });
  const told = scene.told();
  expect(carriedBy(told.story, told.trace, id)).toMatchObject({ captured: true, headers: [{ title: 'TCP' }, { title: 'IPv4' }, { title: 'Ethernet' }] });
  expect(carriedBy(told.story, told.trace, first(told.story, 'syn'))?.captured).toBe(false);
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

/** A segment with these bytes to a port that stands for 443. */
function secured(...bytes: number[]): Carried | null {
  const s = scenario('test', '', { services: [{ protocol: 'tcp', port: 8443, wellKnown: 443 }] });
  const listener = s.role('server', '127.0.20.1', 'server').listen(8443);
  const client = s.role('client', '127.0.10.1', 'client').connect({ address: '127.0.20.1', port: 8443 });
  listener.accept();
  client?.send(Uint8Array.from(bytes));
  const { story, trace } = s.told();
  return carriedBy(story, trace, first(story, 'data'), 'a message');
}

describe('what the application sends', () => {
  it('has the name of its protocol where the port stands for a well-known one', () => {
    const s = scenario('test', '', { services: [{ protocol: 'tcp', port: 8080, wellKnown: 80 }] });
    const listener = s.role('server', '127.0.20.1', 'server').listen(8080);
    const client = s.role('client', '127.0.10.1', 'client').connect({ address: '127.0.20.1', port: 8080 });
    listener.accept();
    client?.send('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    const { story, trace } = s.told();
    expect(carriedBy(story, trace, first(story, 'data'))).toMatchObject({ protocol: 'HTTP', tls: null });
  });

  it('stands in TLS records, counted by their headers', () => {
    expect(secured(23, 3, 3, 0, 2, 7, 7, 23, 3, 3, 0, 1, 9)).toMatchObject({ headers: [{ layer: 'tls', title: 'TLS', bytes: 10 }, { title: 'TCP' }, { title: 'IPv4' }, { title: 'Ethernet' }] });
  });

  it('is not what TLS says itself', () => {
    expect(secured(21, 3, 3, 0, 2, 1, 0)?.tls).toBe('own');
  });

  it('is plain where the bytes are no record, as in the middle of one', () => {
    expect(secured(200, 1, 2, 3, 4, 5, 6)?.tls).toBeNull();
  });

  it('passes TLS on its way down, between the program and transport', () => {
    const headers: readonly Header[] = [{ layer: 'tls', title: 'TLS', bytes: 5 }, ...HEADERS];
    const stops = stopsOf(headers, true, LAYERS_WITH_TLS);
    expect(stops.slice(0, 3).map((stop) => [LAYERS_WITH_TLS[stop.row], stop.leaves])).toEqual([['application', 0], ['tls', 1], ['transport', 2]]);
    const message = { segment: tcp.story.segments.at(first(tcp.story, 'data')), stops, rows: LAYERS_WITH_TLS, tls: 'carries' } as const;
    const said = stops.map((_, index) => phaseOf(message, index, 0.5).key);
    expect([said.slice(0, 3), said.slice(-2)]).toEqual([['phase.toTls', 'phase.tlsSeals', 'phase.down'], ['phase.tlsOpens', 'phase.fromTls']]);
    const own = { ...message, stops: stopsOf(headers, false, LAYERS_WITH_TLS), tls: 'own' } as const;
    expect([phaseOf(own, 0, 0.1).key, phaseOf(own, own.stops.length - 1, 1).key]).toEqual(['phase.tlsMakes', 'phase.tlsReads']);
  });
});
