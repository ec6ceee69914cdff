import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../base/bytes';
import { createRandom } from '../../base/random';
import { scenario } from '../fixture';
import { DataFrames } from './dataFrames';
import { clockOf, segmentBlocks } from './pcapng';

/** Talks of random sizes, odd ones and large ones among them, over IPv4 and IPv6. */
function talks(seed: number) {
  const random = createRandom(seed);
  const scene = scenario();
  for (const [server, client] of [['127.0.20.1', '127.0.20.2'], ['::1', '::1']] as const) {
    const at = { address: server, port: 7007 };
    const listener = scene.role(`server ${server}`, server, 'server').listen(at.port);
    const connection = scene.role(`client ${server}`, client, 'client').connect(at);
    const accepted = listener.accept();
    for (let n = 0; n < 24; n++) {
      const bytes = new Uint8Array(n === 10 ? 66_000 : 1 + random.below(40)).map((_, at) => (at * 7 + n) & 0xff);
      connection?.send(bytes);
      accepted.recv(bytes.length);
      accepted.send(bytes.subarray(0, 1 + (bytes.length >> 1)));
      connection?.recv(1 + (bytes.length >> 1));
    }
  }
  return scene.end().told();
}

describe('packet blocks of plain data', () => {
  it('are to the byte those that the encoders make, one segment after the other', () => {
    const { story, trace } = talks(5);
    const frames = new DataFrames(story, trace);
    const time = clockOf(trace);
    let made = 0;
    let left = 0;
    for (let index = 0; index < story.moments.count; index++) {
      const { segment, t } = story.moments.at(index);
      const what = frames.add(index);
      if (what !== 'added') {
        expect(what === 'none', `moment ${index}`).toBe(segment === null);
        if (segment !== null) left++;
        continue;
      }
      made++;
      const block = frames.take();
      if (segment === null || block === null) throw new Error(`moment ${index} has no segment`);
      expect(Buffer.from(block).equals(concatBytes(...segmentBlocks(story, trace, segment, time(t))))).toBe(true);
    }
    // Handshakes, ends, and what takes more than one packet are made by the encoders.
    expect(made).toBeGreaterThan(80);
    expect(left).toBeGreaterThan(5);
  });

  it('come in pieces that are the taker’s own', () => {
    const { story, trace } = talks(6);
    const frames = new DataFrames(story, trace);
    const pieces: Uint8Array[] = [];
    const copies: Uint8Array[] = [];
    expect(frames.take()).toBeNull();
    for (let index = 0; index < story.moments.count; index++) {
      frames.add(index);
      if (index % 20 !== 19) continue;
      const piece = frames.take();
      if (piece === null) continue;
      pieces.push(piece);
      copies.push(piece.slice());
    }
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.every((piece, at) => Buffer.from(piece).equals(copies[at] ?? new Uint8Array(0)))).toBe(true);
  });
});
