// Lines come out whole however the stream was cut.
import { describe, expect, it } from 'vitest';
import type { StreamSocket } from '../host';
import { encode } from '../text';
import { lineReader } from './lineReader';

/** A socket whose recv() returns these pieces, then the end of the stream. */
function socketOf(...pieces: string[]): Pick<StreamSocket, 'recv'> {
  const left = pieces.map(encode);
  return { recv: () => Promise.resolve(left.shift() ?? new Uint8Array(0)) };
}

async function linesOf(...pieces: string[]): Promise<string[]> {
  const reader = lineReader(socketOf(...pieces), 1024);
  const lines: string[] = [];
  for (let line = await reader.readLine(); line !== ''; line = await reader.readLine()) lines.push(line);
  return lines;
}

describe('lineReader', () => {
  it('joins the pieces of a line', async () => expect(await linesOf('GET ', 'READ', 'Y\n')).toEqual(['GET READY\n']));
  it('parts lines that came together', async () => expect(await linesOf('a\nb\nc', '\n')).toEqual(['a\n', 'b\n', 'c\n']));
  it('gives what is left when the stream ends without LF', async () => expect(await linesOf('a\nrest')).toEqual(['a\n', 'rest']));
  it('keeps empty lines', async () => expect(await linesOf('\n\n')).toEqual(['\n', '\n']));
  it('does not break a character that is cut in two', async () => {
    const [first, second] = [encode('б\n').slice(0, 1), encode('б\n').slice(1)];
    const left = [first, second];
    const reader = lineReader({ recv: () => Promise.resolve(left.shift() ?? new Uint8Array(0)) }, 1024);
    expect(await reader.readLine()).toBe('б\n');
  });
});
