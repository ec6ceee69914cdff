// What an ICMP error quotes of a TCP segment: the connection that it is about.

import { expect, it } from 'vitest';
import { must } from '../../base/assert';
import { codec as icmp } from '../../codec/icmp/codec';
import { codec as ipv4 } from '../../codec/ipv4/codec';
import { parseFilter } from '../../filter/parse';
import { frame } from '../index/frames.fixture';
import { ColumnFilter } from '../matching/columnFilter';
import { VERDICT } from '../matching/verdict';
import { Line, openFrames } from './captured.fixture';
import { createDissector } from './dissector';
import { PacketFields } from './packetFields';

/** A router's word that so many bytes of an IP packet begin one that is too large (RFC 1191 4). */
const tooLarge = (framed: Uint8Array, quoted: number): Uint8Array => frame(0x0800, ipv4.encode({ source: '127.0.0.9', destination: '127.0.0.1', protocol: 1 }, icmp.encode({ type: 3, code: 4 }, framed.slice(14, 14 + quoted), {}), {}));
const NAMES = ['tcp.stream', 'tcp.dstport', 'tcp.seq_raw', 'tcp.flags.str', 'tcp.payload', 'tcp.len'];

function quoted(frames: readonly Uint8Array[], number: number): string[] {
  const fields = new PacketFields(createDissector(openFrames(frames)).dissect(number));
  return NAMES.flatMap((name) => fields.texts(name).map((text) => `${name.slice(4)} ${text}`));
}

it('tells the connection that an ICMP error is about, of eight bytes and of more', () => {
  const { frames } = new Line(80).say('up', 'GET / HTTP/1.1\r\n\r\n');
  const other = new Line(81).frames;
  const sent = must(frames[2], 'segment');
  expect(quoted([...other, ...frames, tooLarge(sent, 28)], 5)).toEqual(['stream 1', 'dstport 80', 'seq_raw 1001']);
  expect(quoted([...other, ...frames, tooLarge(sent, 44)], 5)).toEqual(['stream 1', 'dstport 80', 'seq_raw 1001', 'flags.str ·······AP···', 'payload 47455420']);
  expect(quoted([...frames, tooLarge(sent, 40)], 3)).toEqual(['stream 0', 'dstport 80', 'seq_raw 1001', 'flags.str ·······AP···']);
});

it('tells none where the connection was never seen, or begins only later', () => {
  const { frames } = new Line(80).say('up', 'x');
  const error = tooLarge(must(frames[2], 'segment'), 28);
  expect(quoted([error], 0)).toEqual(['dstport 80', 'seq_raw 1001']);
  expect(quoted([error, ...frames], 0)).toEqual(['dstport 80', 'seq_raw 1001']);
});

it('is found by filters, which ask the bytes of what may quote', () => {
  const { frames } = new Line(80).say('up', 'x');
  const { table, flows } = openFrames([...frames, tooLarge(must(frames[2], 'segment'), 28)]);
  const verdicts = ['tcp.stream == 0', 'tcp.port == 80 and tcp.stream == 0', 'tcp.flags.str contains "A"'].map((text) => {
    const parsed = parseFilter(text);
    if ('error' in parsed || parsed.ok === null) throw new Error(text);
    return new ColumnFilter(parsed.ok, { table, flows, analysed: () => false }).verdict(3);
  });
  expect(verdicts).toEqual([VERDICT.maybe, VERDICT.maybe, VERDICT.maybe]);
});
