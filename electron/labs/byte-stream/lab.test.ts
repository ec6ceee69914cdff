// The byte stream lab on real sockets: what one recv() returns is no message, whatever cuts or joins the stream; who reads by the marks gets all.
import { describe, expect, it } from 'vitest';
import { parseNote, type Note } from '../../../shared/trace/notes';
import { LabTest, local } from '../run.fixture';
import lab from './lab';

type Taken = Extract<Note, { topic: 'message.taken' }>;

const taken = (run: LabTest, by?: string): Taken[] =>
  run.facts('role.noted', 'server*').flatMap((fact) => {
    const note = parseNote(fact.text);
    return note?.topic === 'message.taken' && (by === undefined || note.by === by) ? [note] : [];
  });

const SIZES = [10, 42, 21, 4];

describe('the naive reader', () => {
  it('takes four messages in pieces for more than four, the right one for four', async () => {
    const run = await LabTest.play(lab);
    expect(taken(run, 'one-recv').length).toBeGreaterThan(4);
    expect(taken(run, 'lf').map(({ start, end }) => end - start)).toEqual(SIZES);
    expect(run.verdict('count')).toBe('more');
    expect(run.stepsDone().filter((step) => !['by-crlf', 'by-length', 'by-http-length', 'by-http-chunked', 'by-end', 'datagram'].includes(step))).toEqual(['message', 'write', 'segment', 'read', 'naive', 'by-lf', 'ruler']);
    expect(run.prints('client-2')).toEqual(['message 1: 10 B "GET READY"', 'message 2: 42 B "the second message is the longest of them"', 'message 3: 21 B "안녕, привет"', 'message 4: 4 B "bye"', 'sent 4 messages']);
    expect(run.errors('server')).toEqual([]);
  });

  it('takes four messages sent together for fewer', async () => {
    const run = await LabTest.play(lab, { writing: 'together', 'read-size': 1000, pause: 0 });
    expect([taken(run, 'one-recv').length, taken(run, 'lf').length, run.verdict('count')]).toEqual([1, 4, 'fewer']);
  });

  it('is right by chance on loopback: one message at a time, and a large buffer', async () => {
    const run = await LabTest.play(lab, { writing: 'each', 'read-size': 1000, pause: 50 });
    expect(taken(run, 'one-recv').map(({ start, end }) => end - start)).toEqual(SIZES);
    expect(run.verdict('count')).toBe('same');
  });
});

describe('who reads by the marks gets every message', () => {
  const whole = { lf: SIZES, crlf: SIZES.map((size) => size + 1), length: SIZES.map((size) => size + 3) } as const;

  it.each(['lf', 'crlf', 'length'] as const)('%s, byte by byte, with a buffer of three', async (framing) => {
    const run = await LabTest.play(lab, { framing, reader: 'right', piece: 1, pause: 0, 'read-size': 3 });
    expect(taken(run).map(({ start, end }) => end - start)).toEqual(whole[framing]);
    expect(taken(run).map(({ start }) => start)).toEqual([0, ...whole[framing].slice(0, 3)].map((_, at) => whole[framing].slice(0, at).reduce((sum, size) => sum + size, 0)));
    expect(run.verdict('count')).toBe('none');
  });

  it.each(['http-length', 'http-chunked'])('%s: the body ends where the header says', async (framing) => {
    const run = await LabTest.play(lab, { framing, reader: 'right', piece: 7, pause: 0, 'read-size': 5 });
    expect(run.prints('client-1').map((line) => line.replace(/^message (\d): \d+ B/, '$1'))).toEqual(['1 "GET READY"', '2 "the second message is the longest of them"', '3 "안녕, привет"', '4 "bye"', 'sent 4 messages']);
    expect(run.app.messages.filter((message) => message.dir === 'up').map((message) => message.summary)).toEqual(Array.from({ length: 4 }, () => 'POST /message'));
    expect(run.stepsDone()).toContain(`by-${framing}`);
  });

  it('end of the stream: a connection for each', async () => {
    const run = await LabTest.play(lab, { framing: 'end', reader: 'right', pause: 0 });
    expect(run.facts('connection.accepted', 'server')).toHaveLength(4);
    expect(taken(run).map(({ end }) => end)).toEqual(SIZES.map((size) => size - 1));
  });

  it('datagrams keep their edges, and nobody has to look for them', async () => {
    const run = await LabTest.play(lab, { framing: 'datagrams', pause: 0 });
    expect(run.facts('datagram.received', 'server-udp').map((fact) => fact.size)).toEqual(SIZES.map((size) => size - 1));
    expect([run.verdict('boundaries'), run.stepsDone().includes('datagram')]).toEqual(['kept', true]);
  });
});

it('a slow line holds back and joins what was written', async () => {
  const run = await LabTest.play(lab, { line: 'slow', reader: 'right', pause: 0 });
  expect(taken(run).map(({ start, end }) => end - start)).toEqual(SIZES);
  expect(taken(run).every(({ from }) => from.startsWith(local('127.0.72.3')))).toBe(true);
  expect(run.facts('fault.applied', 'relay').length).toBeGreaterThan(0);
});

it('by hand: bytes go as they are written, marks and cuts are the user\'s', async () => {
  const run = await LabTest.play(lab, { messages: 1, reader: 'right' });
  await run.act('connect');
  await run.act('send', { text: 'one\\ntw' });
  await run.act('send', { text: 'o\\n' });
  await run.until(() => taken(run).length === 3);
  expect(taken(run).slice(1).map(({ number, start, end }) => [number, start, end])).toEqual([[1, 0, 4], [2, 4, 8]]);
  await run.act('close');
  await expect(run.act('send', { text: 'x' })).rejects.toMatchObject({ code: 'NO_CLIENT' });
});

it('a stream that ends in the middle of a message is told, and ends nobody else', async () => {
  const run = await LabTest.play(lab, { messages: 1, reader: 'right' });
  await run.act('connect');
  await run.act('send', { text: 'half' });
  await run.act('close');
  await run.untilFacts('role.printed', 'server');
  expect(run.prints('server')[0]).toMatch(/the stream ended after 4 B without a mark$/);
});
