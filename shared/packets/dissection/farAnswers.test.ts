// A request learns where it is answered however many packets of its flow lie between, and nothing of the flow is read more than twice for that.
import { expect, it } from 'vitest';
import { findField } from '../../codec/field';
import { Line, openFrames } from './captured.fixture';
import { createDissector } from './dissector';
import { DISSECTION_LIMITS } from './limits';

const BODY = DISSECTION_LIMITS.lookAhead * 3;
const EXCHANGES = 4;

/** Exchanges whose bodies come a byte at a time, then a request that nobody answers. */
function slow(): Uint8Array[] {
  const line = new Line(80);
  for (let n = 0; n < EXCHANGES; n++) {
    line.say('up', `GET /${n} HTTP/1.1\r\n\r\n`).say('down', `HTTP/1.1 200 OK\r\nContent-Length: ${BODY}\r\n\r\n`);
    for (let byte = 0; byte < BODY; byte++) line.say('down', 'x');
  }
  line.say('up', 'GET /last HTTP/1.1\r\n\r\n');
  for (let n = 0; n < BODY; n++) line.segment('down', 1, '');
  return line.frames;
}

function opened(farAnswers?: 'all' | 'prepared') {
  const capture = openFrames(slow());
  const read = new Uint8Array(capture.table.count);
  const bytes = (number: number): Uint8Array => {
    read[number] = (read[number] ?? 0) + 1;
    return capture.packets.bytes(number);
  };
  const dissector = createDissector({ ...capture, packets: { bytes }, lookAhead: true, wholeFlows: true, ...(farAnswers !== undefined && { farAnswers }) });
  const answerOf = (number: number): unknown => dissector.dissect(number).layers.flatMap(({ tree }) => findField(tree, 'http.response_in')?.value ?? [])[0];
  const requests = Array.from({ length: EXCHANGES + 1 }, (_, n) => 2 + n * (BODY + 2));
  return { dissector, answerOf, requests, read, count: capture.table.count };
}
const ANSWERS = [...Array.from({ length: EXCHANGES }, (_, n) => 2 + (n + 1) * (BODY + 2)), undefined];

it('is told where it is asked for, and not where somebody waits', () => {
  const [far, near] = [opened('all'), opened()];
  expect(far.requests.map(far.answerOf)).toEqual(ANSWERS);
  expect(near.requests.map(near.answerOf)).toEqual(ANSWERS.map(() => undefined));
});

it('is told in whatever order is asked', () => {
  const { answerOf, requests } = opened('all');
  expect(requests.toReversed().map(answerOf)).toEqual(ANSWERS.toReversed());
});

it('reads the flow once more in all', () => {
  const { answerOf, read, count } = opened('all');
  const once = opened();
  for (let number = 0; number < count; number++) {
    answerOf(number);
    once.answerOf(number);
  }
  expect(Math.max(...read.map((times, number) => times - (once.read[number] ?? 0)))).toBe(1);
});

it('is prepared in parts', () => {
  const { dissector, answerOf, requests: [first = 0], read } = opened('prepared');
  const total = (): number => read.reduce((sum, times) => sum + times, 0);
  expect(answerOf(first)).toBeUndefined();
  const parts: number[] = [];
  for (let done = false; !done;) {
    const before = total();
    done = dissector.prepare(first, 100);
    parts.push(total() - before);
  }
  expect(Math.max(...parts)).toBe(100);
  expect(parts.length).toBeGreaterThan(BODY / 100);
  const before = total();
  expect(answerOf(first)).toBe(ANSWERS[0]);
  expect(total() - before).toBeLessThan(3);
});
