import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../base/bytesText';
import { describeFact, describeSegment } from './describe';
import { scenario, type FactFields } from './fixture';
import { connectRefused, echoClosesEarly, echoHalfCloses, udpUppercase } from './fixtureScenes';
import type { EventKind } from './event';
import type { Segment } from './story';
import { previewBytes, previewText } from './preview';

/** How a fact of that kind and columns reads. */
function text(kind: EventKind, fields: FactFields): string {
  const s = scenario();
  const seq = s.fact(kind, fields);
  return describeFact(s.trace().at(seq)).text;
}

const texts = (scene: ReturnType<typeof echoClosesEarly>): string[] => {
  const trace = scene.trace();
  return Array.from({ length: trace.count }, (_, seq) => describeFact(trace.at(seq)).text);
};

describe('a fact in words', () => {
  it('reads as a program would write the call', () => {
    expect(texts(echoClosesEarly()).slice(2)).toEqual([
      'main()', 'socket(AF_INET, SOCK_STREAM) → fd 21', 'bind(127.0.20.1:7007)', 'listen(511)', 'accept() → …', '127.0.20.2', 'main()',
      'socket(AF_INET, SOCK_STREAM) → fd 22', 'connect(127.0.20.1:7007) → …', 'connect(127.0.20.1:7007) → 0', 'accept() → fd 23',
      'send(10) → 10', 'send(8) → 8', 'send(3) → 3', 'recv(64) → …', 'recv(64) → 21', 'send(21) → 21', 'recv(4) → …', 'recv(4) → 4', 'close()',
      'recv(64) → …', 'recv() → ECONNRESET', 'close()', 'exit()', 'accept() → …', '',
    ]);
  });

  it('tells the end of a stream and a half-close', () => {
    expect(texts(echoHalfCloses())).toEqual(expect.arrayContaining(['shutdown(SHUT_WR)', 'recv(16) → 0 (end of stream)']));
  });

  it('tells datagrams with their addresses', () => {
    const all = texts(udpUppercase());
    expect(all).toEqual(expect.arrayContaining(['sendto(5, 127.0.21.1:12000) → 5', 'recvfrom(2048) → …', 'recvfrom(2048) → 5, 127.0.21.1:12000']));
  });

  it('says what failed, and that it is trouble', () => {
    const trace = connectRefused().trace();
    const failed = Array.from({ length: trace.count }, (_, seq) => describeFact(trace.at(seq))).filter((one) => one.trouble);
    expect(failed.map((one) => [one.call, one.result])).toEqual([['connect(127.0.20.1:7007)', 'ECONNREFUSED'], ['exit()', 'ECONNREFUSED']]);
  });

  it.each<[EventKind, FactFields, string]>([
    ['bytes.sent', { a: 20, size: 32 }, 'send(32) → 20…'],
    ['bytes.sent', { a: -1, size: 32, err: 'EPIPE' }, 'send(32) → EPIPE'],
    ['send.ended', { a: 12 }, 'send() → +12'],
    ['socket.closed', { a: 1 }, 'close() SO_LINGER=0'],
    ['socket.bound', { local: { address: '::1', port: 80 }, err: 'EACCES' }, 'bind([::1]:80) → EACCES'],
    ['socket.opened', { a: -1, b: 2, text: 'AF_INET6' }, 'socket(AF_INET6, SOCK_DGRAM)'],
    ['option.set', { text: 'TCP_NODELAY=1' }, 'setsockopt(TCP_NODELAY=1)'],
    ['datagram.sent', { a: 5, b: 1, size: 5 }, 'send(5) → 5'],
    ['role.printed', { text: 'two\nlines' }, 'print(“two↵lines”)'],
    ['role.ended', { text: 'killed' }, 'kill()'],
    ['action.taken', { text: '{"action":"send-line","args":{"text":"hi","n":2}}' }, 'send-line(text=hi, n=2)'],
    ['action.taken', { text: 'broken' }, '()'],
  ])('%s', (kind, fields, expected) => {
    expect(text(kind, fields)).toBe(expected);
  });
});

describe('a segment in words', () => {
  const label = (kind: Segment['kind'], payload = '', size = payload.length): string => {
    const { story } = echoClosesEarly().told();
    return describeSegment({ ...story.segments.at(0), kind, size }, payload === '' ? null : utf8Bytes(payload)).label;
  };

  it('has its flags, or its size and the first of its bytes', () => {
    expect((['syn', 'syn-ack', 'ack', 'fin', 'rst', 'unreachable'] as const).map((kind) => label(kind))).toEqual(['SYN', 'SYN, ACK', 'ACK', 'FIN', 'RST', 'ICMP port unreachable']);
    expect(label('data', 'GO\n')).toBe('3 B “GO↵”');
    expect(label('data', 'GET READY TO GO AND ON')).toBe('22 B “GET READY TO…”');
    expect(label('datagram', '', 9000)).toBe('9000 B');
  });

  it('names the TCP flags as Wireshark does', () => {
    const { story } = echoClosesEarly().told();
    const flags = Array.from({ length: story.segments.count }, (_, id) => describeSegment(story.segments.at(id), null).flags);
    expect(new Set(flags)).toEqual(new Set(['SYN', 'SYN, ACK', 'ACK', 'PSH, ACK', 'RST, ACK']));
  });
});

describe('a preview', () => {
  it('shows text as text and other bytes in hexadecimal', () => {
    expect(previewBytes(utf8Bytes('привет, мир'), 12)).toBe('“привет, мир”');
    expect(previewBytes(utf8Bytes('한국어로 쓴 아주 긴 글입니다'), 6)).toBe('“한국어로 쓴…”');
    expect(previewBytes(new Uint8Array([0xde, 0xad, 0xbe, 0xef, 0, 1, 2]), 12)).toBe('de ad be ef 00 01…');
    expect(previewBytes(new Uint8Array(4), 12)).toBe('00 00 00 00');
    expect(previewBytes(new Uint8Array(0), 12)).toBe('');
  });

  it('does not take a cut character for binary, and says that more was carried than is kept', () => {
    expect(previewBytes(utf8Bytes('ééé').subarray(0, 5), 12, 100)).toBe('“éé…”');
  });

  it('never lets text steer what stands around it', () => {
    expect(previewText('a\u202eb\u0000c\u2028d\u200be', 12)).toBe('a·b\\0c·d·e');
    expect(previewText('x'.repeat(1_000_000), 5)).toBe('xxxxx…');
  });
});
