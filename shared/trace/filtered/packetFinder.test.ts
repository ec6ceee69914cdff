// Lessons ask for packets by display filters: what is found, in a run that grows, and where the kernel's packets take the place of rebuilt ones.
import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../../base/bytesText';
import { createRandom } from '../../base/random';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { dialled, pieceByPiece } from '../app/appScene.fixture';
import { evaluate, findMatch, quantity } from '../evaluate';
import { scenario } from '../fixture';
import { capture } from '../fixtureCaptured';
import type { Condition, Matcher } from '../match';
import type { TraceStore } from '../store';
import type { Story } from '../story';
import { PacketFinder } from './packetFinder';

const SYN: Matcher = { filter: 'tcp.flags.syn == 1 && tcp.flags.ack == 0' };
const MATCHERS: readonly Matcher[] = [
  SYN, { filter: 'tcp.flags.syn == 1', nth: 2 }, { filter: 'tcp.flags.fin == 1', role: 'client' }, { filter: 'http.request.method == "GET"' }, { filter: 'http.response.code == 404', to: 'client' }, { filter: 'tcp.len > 0', nth: 3 },
  { filter: 'tcp contains "Found"', role: 'server' }, { filter: 'tcp.seq == 1 and tcp.len > 0', captured: false }, { filter: 'http', captured: true }, { filter: 'tcp.dstport == 8080', role: 'server' }, { filter: 'tcp.prot' },
];

function exchange() {
  const { s, client, server } = dialled(8080);
  client.send(utf8Bytes('GET /nothing HTTP/1.1\r\nHost: www.example.test\r\n'));
  client.send(utf8Bytes('\r\n'));
  server.recv(1000);
  server.send(utf8Bytes('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
  client.recv(1000);
  client.close();
  server.recv(1000);
  server.close();
  return s.end().told();
}

const asker = ({ story, trace }: { readonly story: Story; readonly trace: TraceStore }) => {
  const finder = new PacketFinder(story, trace);
  return {
    finder,
    find: (matcher: Matcher) => findMatch(matcher, story, trace, null, () => finder),
    holds: (condition: Condition) => evaluate(condition, story, trace, null, () => finder),
    count: (matcher: Matcher) => quantity({ count: matcher }, story, trace, null, () => finder),
    bytes: (matcher: Matcher) => quantity({ bytes: matcher }, story, trace, null, () => finder),
  };
};

describe('packets of a run without captured ones', () => {
  const told = exchange();
  const { find, holds, count, bytes, finder } = asker(told);
  const segmentAt = (moment: number | null) => told.story.segments.at(told.story.moments.at(moment ?? -1).segment ?? -1);

  it('are those rebuilt from what the calls told', () => {
    expect(segmentAt(find(SYN)).kind).toBe('syn');
    expect(segmentAt(find({ filter: 'tcp.flags.syn == 1', nth: 2 })).kind).toBe('syn-ack');
    expect([count(SYN), count({ filter: 'tcp.flags.syn == 1' }), count({ filter: 'tcp.len > 0', role: 'client' }), count({ filter: 'udp' })]).toEqual([1, 2, 2, 0]);
    expect(bytes({ filter: 'tcp', role: 'server' })).toBe(utf8Bytes('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n').length);
    expect(finder.finds(SYN)).toEqual([{ moment: find(SYN), size: 0, captured: false }]);
  });

  it('are put together as an open capture is: the request is in its last packet', () => {
    const moment = find({ filter: 'http.request.uri == "/nothing"' });
    expect(moment).toBe(find({ filter: 'tcp.len > 0', role: 'client', nth: 2 }));
    expect(holds({ before: [{ filter: 'http.request' }, { filter: 'http.response.code in {400..499}' }] })).toBe(true);
    expect(holds({ exists: { filter: 'http.response.code == 200' } })).toBe(false);
  });

  it('are of roles, and captured or not', () => {
    expect([count({ filter: 'http', role: 'server' }), count({ filter: 'http', to: 'server' }), count({ filter: 'http', role: 'nobody' })]).toEqual([1, 1, 0]);
    expect([count({ ...SYN, captured: true }), count({ ...SYN, captured: false })]).toEqual([0, 1]);
  });

  it('are not known before what looks for them is there: nothing is found, and no comparison holds', () => {
    const { story, trace } = told;
    expect(findMatch(SYN, story, trace)).toBeNull();
    expect(evaluate({ compare: '=', left: { count: SYN }, right: 0 }, story, trace)).toBe(false);
    expect(evaluate({ compare: '>=', left: { count: SYN }, right: 0 }, story, trace)).toBe(false);
  });

  it('what is no filter finds nothing', () => expect([find({ filter: 'tcp.prot == 80' }), count({ filter: 'tcp.prot == 80' })]).toEqual([null, 0]));
});

describe('a run that grows', () => {
  it.each([1, 2])('has what a search from the beginning finds, whenever it is asked (%i)', (seed) => {
    const { trace } = exchange();
    let finder: PacketFinder | null = null;
    const last = pieceByPiece(trace, createRandom(seed), 3, (part) => {
      finder ??= new PacketFinder(part.story, part.trace, ['tcp.flags.fin == 1']);
      const grown = finder;
      const anew = new PacketFinder(part.story, part.trace);
      for (const matcher of MATCHERS) expect([matcher, grown.finds(matcher)]).toEqual([matcher, anew.finds(matcher)]);
    });
    expect(MATCHERS.filter((matcher) => findMatch(matcher, last.story, last.trace, null, () => finder) === null)).toEqual([{ filter: 'http', captured: true }, { filter: 'tcp.dstport == 8080', role: 'server' }, { filter: 'tcp.prot' }]);
  });

  it('with more than are looked at in one go is not counted before all of them were', () => {
    const { s, client } = dialled(8080);
    for (let i = 0; i < 600; i++) client.send(utf8Bytes('line\n'));
    const { story, trace } = s.told();
    const { finder, count, find } = asker({ story, trace });
    const lines: Matcher = { filter: 'tcp.payload == "line\\n"' };
    expect(find(lines)).not.toBeNull();
    expect(count(lines)).toBeNaN();
    while (!finder.advance());
    expect(count(lines)).toBe(600);
  });
});

it('where packets were recorded the kernel’s are looked at, and what they carry is there once', () => {
  const s = scenario();
  const server = s.role('server', '127.0.40.1', 'server');
  const client = s.role('client', '127.0.40.2', 'client');
  const listener = server.listen(8080);
  s.fact('capture.changed', { a: 1, text: 'tcpdump' });
  const end = client.connect({ address: '127.0.40.1', port: 8080 });
  listener.accept();
  const from = end?.local ?? { address: '', port: 0 };
  const to = { address: '127.0.40.1', port: 8080 };
  capture(s, { from, to, flags: TCP_FLAGS.SYN, sequence: 100, window: 4242 });
  capture(s, { from: to, to: from, flags: TCP_FLAGS.SYN | TCP_FLAGS.ACK, sequence: 500, acknowledgment: 101 });
  capture(s, { from, to, flags: TCP_FLAGS.ACK, sequence: 101, acknowledgment: 501 });
  const { count, finder } = asker(s.end().told());
  expect([count(SYN), count({ ...SYN, captured: true }), count({ filter: 'tcp.window_size_value == 4242' }), count({ filter: 'tcp.flags.syn == 1' })]).toEqual([1, 1, 1, 2]);
  expect(finder.finds(SYN)).toMatchObject([{ captured: true }]);
});
