// Messages come out whole however the stream was cut, and what is no message is told.
import { describe, expect, it } from 'vitest';
import { encode } from '../text';
import { frame, FRAMINGS, join, type Framing } from './frames';
import { FramingError, messageReader, naiveReader } from './messageReader';

/** A socket whose recv() returns the bytes in pieces of at most `cut`, then the end of the stream. */
function socketOf(bytes: Uint8Array, cut: number): { recv: (size: number) => Promise<Uint8Array> } {
  let at = 0;
  return {
    recv: (size) => {
      const part = bytes.slice(at, at + Math.min(size, cut));
      at += part.length;
      return Promise.resolve(part);
    },
  };
}

async function textsOf(framing: Framing, bytes: Uint8Array, cut: number): Promise<string[]> {
  const reader = messageReader(socketOf(bytes, cut), framing, 1024);
  const texts: string[] = [];
  let end = 0;
  for (let message = await reader.next(); message !== null; message = await reader.next()) {
    expect(message.start).toBe(end);
    end = message.end;
    texts.push(message.text);
  }
  return texts;
}

const MESSAGES = ['GET READY', '안녕, привет', 'a\rb', 'x'.repeat(300)];

describe.each(FRAMINGS.filter((framing) => framing !== 'end'))('%s', (framing) => {
  const bytes = join(...MESSAGES.map((message) => frame(framing, message)));

  it('gives every message, however it is cut', async () => {
    for (let cut = 1; cut <= 40; cut++) expect(await textsOf(framing, bytes, cut)).toEqual(MESSAGES);
  });

  it('tells of a stream that ends in the middle of a message, wherever that is', async () => {
    const one = frame(framing, 'GET READY');
    for (let length = 1; length < one.length; length++) await expect(textsOf(framing, one.slice(0, length), 1000)).rejects.toThrow(FramingError);
  });
});

it('the end of the stream ends the one message', async () => expect(await textsOf('end', encode('all\nof it'), 2)).toEqual(['all\nof it']));

it('believes no length beyond its bound, and no chunk that is none', async () => {
  await expect(textsOf('length', Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 1), 10)).rejects.toThrow('too long');
  const chunked = (body: string): Uint8Array => encode(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${body}`);
  await expect(textsOf('http-chunked', chunked('zz\r\n'), 10)).rejects.toThrow('no length of a chunk');
  await expect(textsOf('http-chunked', chunked('2\r\nabcd\r\n'), 10)).rejects.toThrow('longer than it says');
  await expect(textsOf('lf', new Uint8Array(100_000), 1024)).rejects.toThrow('no end of a message');
});

it('the naive reader takes the cuts for the messages', async () => {
  const reader = naiveReader(socketOf(encode('one\ntwo\n'), 3), 1024);
  const texts: string[] = [];
  for (let message = await reader.next(); message !== null; message = await reader.next()) texts.push(message.text);
  expect(texts).toEqual(['one', '\ntw', 'o\n']);
});
