import { describe, expect, it } from 'vitest';
import { decode, encode } from '../text';
import { unescaped } from './client';
import { answer, parseCommands } from './commands';
import { Deframer, frame, FRAMINGS, LONGEST, type Framing, type FramingName } from './framing';

const of = (name: FramingName, size = 8): Framing => ({ name, size });

describe('framing', () => {
  it.each(FRAMINGS)('%s: messages come out as they went in, however the stream is cut', (name) => {
    const framing = of(name, 16);
    const messages = ['HELLO', '', 'ça va 안녕'];
    const stream = messages.flatMap((message) => [...frame(framing, encode(message))]);
    for (const step of [1, 2, 3, 7, stream.length]) {
      const deframer = new Deframer(framing);
      const found: string[] = [];
      for (let at = 0; at < stream.length; at += step) found.push(...deframer.take(Uint8Array.from(stream.slice(at, at + step))).map(decode));
      expect(found, `${step} at a time`).toEqual(messages);
      expect(deframer.rest).toBe(0);
    }
  });

  it('puts the bytes on the wire that each way is known for', () => {
    const bytes = (name: FramingName): number[] => [...frame(of(name), encode('AB'))];
    expect(FRAMINGS.map(bytes)).toEqual([[65, 66, 10], [65, 66, 13, 10], [2, 65, 66], [0, 2, 65, 66], [0, 0, 0, 2, 65, 66], [65, 66, 32, 32, 32, 32, 32, 32]]);
  });

  it('refuses what it cannot carry', () => {
    expect(() => frame(of('lf'), encode('two\nlines'))).toThrow('LF');
    expect(() => frame(of('length-1'), new Uint8Array(256))).toThrow('255 B at most');
    expect(() => frame(of('fixed'), new Uint8Array(9))).toThrow('8 B at most');
    expect(() => frame(of('length-4'), new Uint8Array(LONGEST + 1))).toThrow('at most');
  });

  it('stops where the stream makes no sense, and holds no more than its bound', () => {
    expect(() => new Deframer(of('length-4')).take(Uint8Array.of(0xff, 0xff, 0xff, 0xff))).toThrow('the length says 4294967295 B');
    expect(() => new Deframer(of('lf')).take(new Uint8Array(LONGEST + 2).fill(65))).toThrow('no end of line');
    expect(() => new Deframer(of('crlf')).take(encode('bare\n'))).toThrow('LF without CR');
    const half = new Deframer(of('length-2'));
    expect([half.take(Uint8Array.of(0, 9, 1)), half.rest]).toEqual([[], 3]);
  });
});

describe('commands', () => {
  const now = new Date('2030-01-02T03:04:05.678Z');

  it('answers by the table', () => {
    const commands = parseCommands('HELLO = hello {argument}\ntime={time}\nN = {count} of {count}');
    expect(commands.faults).toEqual([]);
    expect(['hello  you  there', 'TIME', 'n', '', 'DANCE'].map((message) => answer(commands, message, 4, now)))
      .toEqual(['hello you there', '2030-01-02T03:04:05.678Z', '4 of 4', 'ERR an empty message', 'ERR unknown command; there are: HELLO TIME N']);
  });

  it('says what is wrong with a table, and keeps the rest', () => {
    const commands = parseCommands('HELLO hello\n = x\nTWO WORDS = x\nA = 1\nA = 2\n');
    expect(commands.faults).toEqual(['line 1: no "=" between name and reply', 'line 2: no name before "="', 'line 3: a name is one word', 'line 5: A is there already']);
    expect([...commands.replies]).toEqual([['A', '1']]);
  });

  it('a name of an object is no command', () => expect(answer(parseCommands('A = {constructor}'), '__proto__', 1, now)).toBe('ERR unknown command; there are: A'));
});

it('reads escapes as bytes', () => expect([...unescaped(String.raw`\x00\xffA\n\\é\q`)]).toEqual([0, 255, 65, 10, 92, 0xc3, 0xa9, 92, 113]));
