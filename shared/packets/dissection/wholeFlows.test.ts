// A packet far behind what it depends on: whoever goes through a file reads all of its flow, a part at a time, whoever looks at one packet the last ones.
// Going through a file reads each packet once, however many flows go on at once.
import { expect, it } from 'vitest';
import { Line, openFrames } from './captured.fixture';
import { createDissector } from './dissector';
import { DISSECTION_LIMITS } from './limits';

const PIECES = DISSECTION_LIMITS.replayPackets + 10;

/** A response of which each byte comes by itself. */
function slow(): Uint8Array[] {
  const line = new Line(80).say('up', 'GET / HTTP/1.1\r\n\r\n').say('down', `HTTP/1.1 200 OK\r\nContent-Length: ${PIECES}\r\n\r\n`);
  for (let n = 0; n < PIECES; n++) line.say('down', 'x');
  return line.frames;
}

/** What a dissection that begins with its last packet says of that. */
function last(wholeFlows: boolean): string | undefined {
  const frames = slow();
  return createDissector({ ...openFrames(frames), wholeFlows }).dissect(frames.length - 1).layers.at(-1)?.protocol;
}

it('is read with all of its flow in one pass', () => {
  expect(last(true)).toBe('http');
});

it('is what the last packets before it tell where somebody waits', () => {
  expect(last(false)).toBe('data');
});

it('is prepared in parts, and then takes no longer than any other', () => {
  const frames = slow();
  const capture = openFrames(frames);
  let read = 0;
  const packets = { bytes: (number: number): Uint8Array => (read++, capture.packets.bytes(number)) };
  const dissector = createDissector({ ...capture, packets, wholeFlows: true });
  const number = frames.length - 1;
  expect(dissector.before(number, 10)).toBe(10);
  const parts: number[] = [];
  for (let done = false; !done; parts.push(read)) {
    read = 0;
    done = dissector.prepare(number, 1000);
  }
  expect(parts).toEqual([998, ...Array<number>(7).fill(1000), number - 8000]);
  read = 0;
  expect([dissector.before(number, 10), dissector.dissect(number).layers.at(-1)?.protocol]).toEqual([0, 'http']);
  expect(read).toBeLessThan(4);
});

it.each([true, false])('is read once with its flow, of more flows than are kept where these have ended (packets between them asked too: %s)', (all) => {
  const count = DISSECTION_LIMITS.flows + 100;
  const lines = Array.from({ length: count }, (_unused, at) => new Line(10_000 + at));
  for (const said of ['PO', 'ST /x HTTP/1.1\r\nContent-', 'Length: 0\r\n\r\n']) for (const line of lines) line.say('up', said);
  const capture = openFrames(Array.from({ length: 5 }, (_unused, at) => lines.map(({ frames }) => frames[at] ?? new Uint8Array(0))).flat());
  const read = new Uint8Array(capture.table.count);
  const packets = {
    bytes: (number: number): Uint8Array => {
      read[number] = (read[number] ?? 0) + 1;
      return capture.packets.bytes(number);
    },
  };
  const dissector = createDissector({ ...capture, packets, wholeFlows: true });
  const spoken = Array.from(read, (_unused, number) => (all || number >= count * 4 ? dissector.speaks(number) ?? [] : []));
  expect(spoken.slice(count * 4).every((protocols) => protocols.join() === 'http')).toBe(true);
  expect(Math.max(...read)).toBe(1);
});
