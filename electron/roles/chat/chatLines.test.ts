// The lines of the chat: there and back, and what strangers may send.
import { describe, expect, it } from 'vitest';
import { helloLine, knowLine, parseHello, parseLine, textLine, WHO_LINE } from './chatLines';

const line = (sent: string): ReturnType<typeof parseLine> => {
  expect(sent.endsWith('\n')).toBe(true);
  expect(sent.slice(0, -1)).not.toContain('\n');
  return parseLine(sent.slice(0, -1));
};

describe('hello', () => {
  it.each([['ann', 6700], ['홍길동', 0], ['Энн_2', 65_535]])('%s at %i', (name, port) => expect(parseHello(helloLine(name, port).trimEnd())).toEqual({ name, port }));

  it.each(['', 'HELLO', 'HELLO ', 'HI ann', 'HELLO ann bo', 'HELLO ann 65536', 'HELLO ann 123456', `HELLO ${'x'.repeat(33)}`, 'HELLO a\u202eb', 'GET / HTTP/1.1', 'HELLO ../x 1'])('not: %j', (text) => {
    expect(parseHello(text)).toBeNull();
  });

  it('a line of a system that ends its lines with CR LF is one too', () => expect(parseHello('HELLO ann 6700\r')).toEqual({ name: 'ann', port: 6700 }));
});

describe('messages', () => {
  it.each(['Hi', '', 'of two words', '/who', '/', '//', '안녕 👋'])('%j arrives as it was said', (text) => expect(line(textLine(text))).toEqual({ type: 'text', text }));
  it('of several lines becomes one', () => expect(line(textLine('one\r\ntwo\nthree\0'))).toEqual({ type: 'text', text: 'one two three ' }));
});

describe('acquaintances', () => {
  const bo = { name: 'bo', at: { address: '127.0.68.2', port: 6700 } };

  it('are asked for and told', () => {
    expect(line(WHO_LINE)).toEqual({ type: 'who' });
    expect(line(knowLine([bo]))).toEqual({ type: 'know', people: [bo] });
    expect(line(knowLine([]))).toEqual({ type: 'know', people: [] });
  });

  it('that cannot be called are left out', () => {
    expect(parseLine('/know eve 192.0.2.1:80 bo 127.0.68.2:6700 <b> 127.0.0.1:1 x 127.0.0.1:0 y 127.0.0.1 z')).toEqual({ type: 'know', people: [bo] });
  });

  it('are twenty at most', () => {
    const told = parseLine(`/know${' bo 127.0.68.2:6700'.repeat(500)}`);
    expect(told.type === 'know' && told.people.length).toBe(20);
  });
});

it('commands that there are not are named, in few letters', () => expect(parseLine(`/${'x'.repeat(100)} y`)).toEqual({ type: 'unknown', command: `/${'x'.repeat(39)}` }));
