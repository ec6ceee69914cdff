// The window finds the packets that `looplab decode --filter` finds, and shows them as it does, however far they are into their flow and however many
// flows go on at once; what somebody clicks on is there at once, says where only the end of its flow was read, and is told anew when all of it is.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codec as dns } from '../../../shared/codec/dns/codec';
import { NO_FLAGS } from '../../../shared/codec/dns/records';
import type { CaptureAnswers, CaptureQuestion } from '../../../shared/ipc/captureContract';
import { Line } from '../../../shared/packets/dissection/captured.fixture';
import { DISSECTION_LIMITS } from '../../../shared/packets/dissection/limits';
import { mixedTalk } from '../../../shared/packets/matching/mixedTalk.fixture';
import { writeFrames } from '../../../tests/interop/captureFile.fixture';
import { decode } from '../../cli/decode';
import { Session } from './session';

const FAR = DISSECTION_LIMITS.replayPackets + 100;
const FLOWS = DISSECTION_LIMITS.flows + 60;

/** Of two connections in turn: a response and a question, each of which comes in very many segments, and what follows them. */
function long(): Uint8Array[] {
  const web = new Line(80).say('up', 'GET /a HTTP/1.1\r\nHost: h\r\n\r\n').say('down', `HTTP/1.1 200 OK\r\nContent-Length: ${FAR}\r\n\r\n`);
  for (let n = 0; n < FAR; n++) web.say('down', 'x');
  web.say('up', 'GET /b HTTP/1.1\r\nHost: h\r\n\r\n').say('down', 'HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno').close('up').close('down');
  const names = new Line(53);
  const answer = dns.encode({ id: 7, flags: { ...NO_FLAGS, qr: true }, questions: [{ name: 'a.test.', type: 16, class: 1 }], answers: Array.from({ length: 50 }, () => ({ name: 'a.test.', type: 16, class: 1, ttl: 1, data: { type: 'TXT', strings: [new Uint8Array(200).fill(0x61)] } as never })), authorities: [], additionals: [] }, new Uint8Array(0), { transport: 'tcp' });
  for (const byte of answer.subarray(0, FAR)) names.say('down', Uint8Array.of(byte));
  names.say('down', answer.subarray(FAR)).close('down');
  return Array.from({ length: Math.max(web.frames.length, names.frames.length) }, (_unused, at) => [web.frames[at], names.frames[at]]).flat().filter((frame) => frame !== undefined);
}

/** So many connections, of which each says a part of its request in turn. */
function many(): Uint8Array[] {
  const lines = Array.from({ length: FLOWS }, (_unused, at) => new Line(10_000 + at));
  for (const said of ['PO', 'ST /x HTTP/1.1\r\nContent-', 'Length: 0\r\n\r\n']) for (const line of lines) line.say('up', said);
  return Array.from({ length: 5 }, (_unused, at) => lines.map(({ frames }) => frames[at] ?? new Uint8Array(0))).flat();
}

const CAPTURES = { long, many, mixed: () => mixedTalk(11, 30).map(({ bytes }) => bytes) };
const FILTERS = {
  long: [`frame.number > ${FAR * 2} && http`, `frame.number > ${FAR} && dns`, 'http.response.code == 404', 'http.request_in', 'http.response_in', 'tcp.reassembled_in && http', 'data', `tcp.len == 1 && data && frame.number > ${FAR * 2 - 50}`, 'tcp.segment.count > 8000', 'frame.protocols contains "http"', 'http.time > 5', 'dns.count.answers == 50', 'tcp.seq > 8000 && http', 'http && tcp.analysis.flags'],
  many: ['http', `http && tcp.port > ${9_000 + FLOWS}`, `frame.number > ${FLOWS * 4} && http.request.method == "POST"`, 'tcp.segment.count == 3', 'data'],
  mixed: ['http', 'not http', 'tls.handshake', 'dns', 'data', 'ip.ttl > 1 and http', 'tcp contains "GET"', '_ws.malformed', '_ws.expert', 'http.response_in', 'frame.time_delta > 0', 'tcp.stream == 1 || http', 'smtp or ftp', 'tcp.reassembled_in'],
} as const;
const LATER = /_in\b|_ws\./u;

let folder = '';
const sessions = new Map<string, Session>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-whole-'));
  for (const [name, frames] of Object.entries(CAPTURES)) {
    const path = join(folder, name);
    await writeFile(path, writeFrames(frames().map((bytes) => ({ bytes, linkType: 1, wire: bytes.length }))));
    const session = new Session(path, name, () => undefined);
    sessions.set(name, session);
    await session.run();
  }
});
afterAll(() => rm(folder, { recursive: true }));

const sessionOf = (name: string): Session => sessions.get(name) ?? expect.fail(`${name} is not open`);
const ask = <N extends CaptureQuestion['name']>(session: Session, question: Extract<CaptureQuestion, { name: N }>): Promise<CaptureAnswers[N]> => session.ask(question) as Promise<CaptureAnswers[N]>;
const show = (session: Session, filter: string, column: 'number' | 'protocol' = 'number') => ask(session, { name: 'show', request: { filter, sort: { column, descending: false } } });

/** Lines of `looplab decode`. */
async function decoded(name: string, ...args: string[]): Promise<string[]> {
  let [out, err] = ['', ''];
  await decode([join(folder, name), ...args], {
    out: (text) => {
      out += text;
      return Promise.resolve();
    },
    err: (text) => void (err += text), signal: new AbortController().signal, onFault: () => undefined, version: () => Promise.resolve(''), labs: () => [],
  });
  expect(err).toBe('');
  return out.split('\n').slice(0, -1);
}

describe.each(Object.entries(FILTERS))('of a capture with %s flows', (name, filters) => {
  it.each(filters)('finds what the command line finds: %s', async (filter) => {
    const session = sessionOf(name);
    const running = show(session, filter);
    // Somebody looks here and there meanwhile.
    const { packets } = session.state.summary;
    for (const share of [0.9, 0.1, 0.6]) await ask(session, { name: 'packet', number: Math.floor(packets * share) });
    const { view, count } = await running;
    const theirs = (await decoded(name, '--filter', filter, '--fields', 'frame.number', ...(LATER.test(filter) ? ['--two-pass'] : []))).map(Number);
    const ours = await Promise.all(theirs.map((number) => ask(session, { name: 'rowOf', view, packet: number - 1 })));
    expect([ours, count]).toEqual([theirs.map((_unused, row) => row), theirs.length]);
  });
});

describe('what is far into its flow', () => {
  const http = async (): Promise<number[]> => (await decoded('long', '--filter', 'http', '--fields', 'frame.number')).map((text) => Number(text) - 1);

  it('is told at once from what comes right before it, and anew from all of it', async () => {
    const numbers = await http();
    const number = numbers.at(-2) ?? expect.fail('there is none');
    let isTold = (): void => undefined;
    const told = new Promise<void>((resolve) => (isTold = resolve));
    const session = new Session(join(folder, 'long'), 'long', ({ summary }) => summary.retold > 0 && isTold());
    await session.run();
    const { view } = await show(session, 'http');
    const rows = () => ask(session, { name: 'rows', view, from: 0, count: 10, columns: ['http.response.code'] });
    const chosen = async () => {
      const { cut, protocol } = await ask(session, { name: 'packet', number });
      return { cut, protocol };
    };
    expect(await chosen()).toMatchObject({ cut: true });
    await rows();
    await told;
    expect(await chosen()).toEqual({ cut: false, protocol: 'HTTP' });
    expect((await rows()).map((row) => [row.number, row.protocol, row.columns.join()])).toEqual(numbers.map((packet, at) => [packet, 'HTTP', at % 2 === 0 ? '' : at === 1 ? '200' : '404']));
  });

  it('is found backwards, one after another', async () => {
    const session = sessionOf('long');
    const numbers = await http();
    const { view, count } = await show(session, '');
    const found: number[] = [];
    for (let from = count - 1; found.length < numbers.length; from = found.at(-1) ?? 0) found.push(await ask(session, { name: 'find', view, request: { what: 'filter', pattern: 'http', matchCase: false, backwards: true, from } }));
    expect(found).toEqual(numbers.toReversed());
    expect(await ask(session, { name: 'find', view, request: { what: 'text', pattern: '404 No', matchCase: true, backwards: false, from: -1 } })).toBe(numbers.at(-1));
  });

  it('is sorted, counted, listed and drawn as what it is', async () => {
    const session = sessionOf('long');
    const numbers = await http();
    const { view } = await show(session, 'http or dns', 'protocol');
    const order = await ask(session, { name: 'rows', view, from: 0, count: 10, columns: [] });
    const answers = (await decoded('long', '--filter', 'dns', '--fields', 'frame.number')).map((text) => Number(text) - 1);
    expect(order.map(({ number }) => number)).toEqual([...answers, ...numbers]);
    const tree = JSON.stringify(await ask(session, { name: 'hierarchy', filter: '' }));
    expect(tree).toContain(`"protocol":"http","packets":${numbers.length}`);
    const { exchanges, all } = await ask(session, { name: 'exchanges', filter: 'http.response.code == 404' });
    expect([exchanges.length, all]).toEqual([1, 2]);
    const part = await ask(session, { name: 'flowPart', flow: 1, from: FAR, count: 10 });
    expect(part.packets.filter(({ protocol }) => protocol === 'HTTP').map(({ number }) => number)).toEqual(numbers.slice(1));
  });
});
