// A packet far behind what it depends on: whoever goes through a file once reads all of its flow, whoever looks at one packet the last ones.
import { expect, it } from 'vitest';
import { Line, openFrames } from './captured.fixture';
import { createDissector } from './dissector';
import { DISSECTION_LIMITS } from './limits';

const PIECES = DISSECTION_LIMITS.replayPackets + 10;

/** A response of which each byte comes by itself; what a dissection that begins with its last packet says of that. */
function last(wholeFlows: boolean): string | undefined {
  const line = new Line(80).say('up', 'GET / HTTP/1.1\r\n\r\n').say('down', `HTTP/1.1 200 OK\r\nContent-Length: ${PIECES}\r\n\r\n`);
  for (let n = 0; n < PIECES; n++) line.say('down', 'x');
  return createDissector({ ...openFrames(line.frames), wholeFlows }).dissect(line.frames.length - 1).layers.at(-1)?.protocol;
}

it('is read with all of its flow in one pass', () => {
  expect(last(true)).toBe('http');
});

it('is what the last packets before it tell where somebody waits', () => {
  expect(last(false)).toBe('data');
});
