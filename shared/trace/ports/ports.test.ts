import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { scenario } from '../fixture';
import type { Segment, Story } from '../story';
import { doorsAt, type Door } from './doors';
import { lookup } from './lookup';
import { PORT_RANGES, rangeOf, SERVICES } from './services';

const SERVER = { address: '127.0.76.3', port: 7070 };

function told(): { story: Story; at: (kind: Segment['kind'], nth?: number) => Segment; doors: (segment: Segment) => readonly Door[] } {
  const s = scenario();
  const server = s.role('server', SERVER.address, 'server');
  const listener = server.listen(SERVER.port);
  const udp = s.role('udp', SERVER.address, 'server', 'server').udp(SERVER.port);
  const client = s.role('client', '127.0.76.1', 'client');
  const calling = client.dial(SERVER);
  const one = must(calling.end(), 'connected');
  one.send('early');
  const accepted = listener.accept();
  accepted.recv(10);
  one.send('late');
  accepted.recv(10);
  accepted.send('answer');
  one.recv(10);
  const sender = client.udp();
  sender.send('datagram', SERVER);
  udp.recv(100);
  one.close();
  accepted.recv(10);
  accepted.close();
  const { story } = s.told();
  const all = Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id));
  return {
    story,
    at: (kind, nth = 0) => must(all.filter((segment) => segment.kind === kind)[nth], kind),
    doors: (segment) => doorsAt(story, segment.toHost, story.momentTime(story.momentOfSegment(segment.id))),
  };
}

describe('a segment', () => {
  it('finds the listening socket when it is the first, and its own socket afterwards', () => {
    const { at, doors } = told();
    const rule = (segment: Segment): string => {
      const all = doors(segment);
      const found = lookup(segment, all);
      return `${found.rule} ${all[found.door]?.kind ?? ''}`;
    };
    expect(rule(at('syn'))).toBe('listener listening');
    expect(rule(at('data'))).toBe('tuple queued');
    expect(rule(at('data', 1))).toBe('tuple connected');
    expect(rule(at('data', 2))).toBe('tuple connected');
    expect(rule(at('datagram'))).toBe('bound datagram');
  });

  it('goes where the trace says that it was read', () => {
    const { story, doors } = told();
    for (let id = 0; id < story.segments.count; id++) {
      const segment = story.segments.at(id);
      if (segment.size === 0) continue;
      const all = doors(segment);
      const door = must(all[lookup(segment, all).door], 'a door');
      if (door.kind !== 'queued') expect(door.sock).toBe(segment.toSock);
    }
  });

  it('says of each door which value does not fit', () => {
    const { at, doors } = told();
    const segment = at('data', 1);
    const all = doors(segment);
    const { compared } = lookup({ ...segment, from: { ...segment.from, port: 1 } }, all);
    expect(compared[all.findIndex(({ kind }) => kind === 'connected')]).toEqual({ transport: true, localAddress: true, localPort: true, remoteAddress: true, remotePort: false });
    expect(lookup({ ...segment, from: { ...segment.from, port: 1 } }, all).rule).toBe('listener');
    expect(lookup({ ...segment, to: { ...segment.to, port: 1 } }, all)).toMatchObject({ rule: 'nobody', door: -1 });
    expect(lookup({ ...segment, transport: 'udp' }, all).rule).toBe('bound');
  });
});

it('the kernel keeps what a program has closed', () => {
  const { story } = told();
  const client = must(story.hosts.find(({ address }) => address === '127.0.76.1'), 'the client');
  const end = story.momentTime(story.moments.count - 1);
  expect(doorsAt(story, client.index, end).filter(({ transport }) => transport === 'tcp').map(({ state, open }) => [state, open])).toEqual([['TIME_WAIT', false]]);
});

it('ranges are those of RFC 6335, and the table is in order', () => {
  expect([0, 1023, 1024, 49_151, 49_152, 65_535].map(rangeOf)).toEqual(['system', 'system', 'user', 'user', 'dynamic', 'dynamic']);
  expect(PORT_RANGES.reduce((sum, { low, high }) => sum + high - low + 1, 0)).toBe(65_536);
  expect(SERVICES.map(({ port }) => port)).toEqual(SERVICES.map(({ port }) => port).toSorted((a, b) => a - b));
  expect(SERVICES.every(({ port }) => rangeOf(port) === 'system')).toBe(true);
});
