// A connection that is said to speak nothing known is data to the dissection, packet by packet: over real captures, talk of every kind and troubled lines.
import { describe, expect, it } from 'vitest';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { LINK_TYPE } from '../../codec/dissect';
import { troubledTraffic } from '../analysis/traffic.fixture';
import { Line, openBytes, openFrames } from '../dissection/captured.fixture';
import { createDissector } from '../dissection/dissector';
import { CHUNK } from '../packetTable';
import { FlowTalks } from './flowTalks';
import { windowOf } from './packetWindow';

type Capture = ReturnType<typeof openBytes>;
const KNOWN = new Set(['data']);

/** Packets that were said to be data and are not; and how many were said to be. */
function judged(capture: Capture): { readonly wrong: readonly string[]; readonly data: number } {
  const { table, flows, packets } = capture;
  const talks = new FlowTalks(table, flows, windowOf(packets));
  const dissector = createDissector({ ...capture, lookAhead: true });
  const wrong: string[] = [];
  let data = 0;
  for (let number = 0; number < table.count; number++) {
    // Told packet by packet, as while a file is read.
    talks.advance(number + 1);
    const { chunk, row } = table.locate(number);
    const flow = chunk.flow[row] ?? 0;
    if (flow === 0 || flows.flow(flow).kind !== 'tcp' || (((talks.data(Math.floor(number / CHUNK))[(number % CHUNK) >> 5] ?? 0) >>> (number & 31)) & 1) === 0) continue;
    data++;
    const own = dissector.dissect(number).layers.filter(({ layer, quoted, protocol }) => layer === 'application' && !quoted && !KNOWN.has(protocol));
    if (own.length > 0) wrong.push(`packet ${number + 1}: ${own.map(({ protocol }) => protocol).join()}`);
  }
  return { wrong, data };
}

const said = (port: number, ...texts: readonly string[]): Capture => openFrames(texts.reduce((line, text, i) => line.say(i % 2 === 0 ? 'up' : 'down', text), new Line(port)).close('up').close('down').frames);

describe('what connections may speak', () => {
  it.each([
    ['HTTP on any port', said(4000, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')],
    ['a request in two pieces', said(4000, 'GE', '', 'T / HTTP/1.1\r\n\r\n', 'HTTP/1.1 204 No\r\n\r\n')],
    ['HTTP after other talk', said(4000, '\x01\x02 hello', 'what?', 'GET / HTTP/1.1\r\n\r\n')],
    ['mail on its port', said(25, 'EHLO a\r\n', '220 b\r\n')],
    ['HTTP/2', said(4000, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    ['BitTorrent', said(4000, '\x13BitTorrent protocol\0\0\0\0\0\0\0\0', '')],
  ])('leave %s to the dissection', (_name, capture) => {
    expect(judged(capture).wrong).toEqual([]);
  });

  it('know that an echo is nothing that is known', () => {
    const { wrong, data } = judged(said(7, 'hello', 'hello', 'one more line\n', 'one more line\n', '\x01\xff\0'));
    expect(wrong).toEqual([]);
    expect(data).toBeGreaterThan(5);
  });

  it('are in doubt about lines that lose, double and turn around', () => {
    for (const seed of [3, 7]) expect(judged(openFrames(troubledTraffic(seed, 20).filter(({ linkType }) => (linkType ?? LINK_TYPE.ethernet) === LINK_TYPE.ethernet).map(({ bytes }) => bytes))).wrong).toEqual([]);
  });

  const corpus = resolve(import.meta.dirname, '../../../../shared/corpus/tcpdump');
  it('hold over real captures', () => {
    if (!existsSync(corpus)) return console.log('the corpus is not here');
    const wrong: string[] = [];
    let judgedFiles = 0;
    for (const name of readdirSync(corpus).filter((one) => /http|tls|ssl|smtp|ftp|tcp|bgp|ssh|imap|telnet|ldp|rsvp|msdp|dns/iu.test(one) && /cap(ng)?$/u.test(one))) {
      const path = resolve(corpus, name);
      if (statSync(path).size > 60_000) continue;
      let capture: Capture;
      try {
        capture = openBytes(new Uint8Array(readFileSync(path)));
      } catch {
        continue;
      }
      judgedFiles++;
      wrong.push(...judged(capture).wrong.map((line) => `${name}: ${line}`));
    }
    expect(wrong).toEqual([]);
    expect(judgedFiles).toBeGreaterThan(20);
  });
});
