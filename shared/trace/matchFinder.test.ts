// However a trace grows, the finder says what a search from the beginning says.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../base/random';
import { utf8Bytes } from '../base/bytesText';
import { encodeHandshake } from '../codec/bittorrent/handshake';
import { encodeMessage } from '../codec/bittorrent/message';
import { AppBuilder } from './app/appBuilder';
import { dialled, pieceByPiece, webScene } from './app/appScene.fixture';
import { findMatch } from './evaluate';
import { StoryBuilder } from './fold';
import type { Matcher } from './match';
import { MatchFinder } from './matchFinder';

const MATCHERS: readonly Matcher[] = [
  { fact: 'bytes.sent' }, { fact: 'bytes.sent', nth: 3 }, { fact: 'bytes.received', role: 'server', nth: 2 }, { fact: 'socket.closed', role: 'cl*' }, { fact: 'call.failed' },
  { segment: 'syn' }, { segment: 'data', nth: 4, role: 'client' },
  { app: 'bittorrent.message', has: 'Handshake' }, { app: 'bittorrent.message', has: 'Have 3' }, { app: 'bittorrent.message', has: 'Have 4', to: 'server' }, { app: 'bittorrent.message', nth: 5 },
  { app: 'bittorrent.message', has: 'Choke', role: 'server' }, { app: 'http.request' },
];

const shake = (letter: string): Uint8Array => encodeHandshake({ reserved: new Uint8Array(8), infoHash: new Uint8Array(20).fill(7), peerId: utf8Bytes(letter.repeat(20)) });

function talk() {
  const { s, client, server } = dialled(7001, webScene());
  client.send(shake('a'));
  server.recv(10);
  server.send(shake('b'));
  server.recv(100);
  client.recv(100);
  for (let piece = 0; piece < 8; piece++) {
    const have = encodeMessage({ type: 'have', piece });
    const [from, to] = piece % 2 === 0 ? [client, server] : [server, client];
    from.send(have.subarray(0, 5));
    from.send(have.subarray(5));
    if (piece !== 4) to.recv(7);
  }
  server.send(encodeMessage({ type: 'choke' }));
  server.recv(1000);
  client.recv(1000);
  client.close();
  server.close();
  return s.end().told().trace;
}

it('waits for the story: a fact that it does not tell of yet is looked at when it does', () => {
  const trace = talk();
  const builder = new StoryBuilder(trace);
  const finder = new MatchFinder(builder.story, trace, new AppBuilder(trace, builder.story).app);
  const matcher: Matcher = { fact: 'bytes.sent', role: 'server' };
  expect(finder.find(matcher, 0)).toBeNull();
  builder.advance();
  const moment = findMatch(matcher, builder.story, trace);
  expect(moment).toBeGreaterThan(0);
  expect(finder.find(matcher, trace.count)).toBe(moment);
});

describe('the finder of matches', () => {
  it.each([1, 2, 3, 4, 5])('says what a search from the beginning says, whenever it is asked (%i)', (seed) => {
    const trace = talk();
    let finder: MatchFinder | null = null;
    let asked = 0;
    const { story, app, trace: grown } = pieceByPiece(trace, createRandom(seed), 4, (part) => {
      finder ??= new MatchFinder(part.story, part.trace, part.app);
      for (const matcher of MATCHERS) {
        expect([matcher, finder.find(matcher)]).toEqual([matcher, findMatch(matcher, part.story, part.trace, part.app)]);
        asked++;
      }
    });
    expect(asked).toBeGreaterThan(10 * MATCHERS.length);
    // And there was something to find.
    expect(MATCHERS.filter((matcher) => findMatch(matcher, story, grown, app) === null)).toEqual([{ fact: 'call.failed' }, { app: 'http.request' }]);
  });
});
