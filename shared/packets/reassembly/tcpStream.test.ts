import { describe, expect, it } from 'vitest';
import { latin1Bytes } from '../../codec/http/chars';
import { concatBytes, equalBytes } from '../../base/bytes';
import { utf8Text } from '../../base/bytesText';
import { createRandom } from '../../base/random';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { REASSEMBLY_LIMITS } from './limits';
import { TcpReassembly, type PlacedSegment, type StreamDir } from './tcpStream';

const { SYN, ACK, FIN, RST } = TCP_FLAGS;

/** Two ends whose numbers begin at 1000 and 5000; each call is the next captured packet. */
function conversation(client = 1000, server = 5000) {
  const streams = new TcpReassembly();
  let packet = 0;
  const send = (dir: StreamDir, sequence: number, text: string | Uint8Array, flags: number = ACK, more: { acknowledgment?: number; missing?: number } = {}): PlacedSegment => streams.push({
    dir, sequence: sequence >>> 0, acknowledgment: more.acknowledgment ?? 0, flags, bytes: typeof text === 'string' ? latin1Bytes(text) : text, missing: more.missing ?? 0, packet: packet++,
  });
  send('up', client, '', SYN);
  send('down', server, '', SYN | ACK);
  return { streams, up: (at: number, text: string | Uint8Array, flags?: number, more?: { acknowledgment?: number; missing?: number }) => send('up', client + 1 + at, text, flags, more), down: (at: number, text: string, flags?: number, more?: { acknowledgment?: number }) => send('down', server + 1 + at, text, flags, more) };
}

/** 'up 0 abc (2)', 'up gap 3+2', 'up end 5'. */
const told = ({ events }: Pick<PlacedSegment, 'events'>): string[] => events.map((event) => {
  if (event.type === 'bytes') return `${event.dir} ${event.at} ${utf8Text(event.bytes)} (${event.packet})`;
  return event.type === 'gap' ? `${event.dir} gap ${event.at}+${event.length}` : `${event.dir} ${event.reset ? 'reset' : 'end'} ${event.at}`;
});

describe('the streams of a connection', () => {
  it('are told in order, each direction with its own places', () => {
    const { up, down } = conversation();
    expect(told(up(0, 'abc'))).toEqual(['up 0 abc (2)']);
    expect(told(down(0, 'xyz'))).toEqual(['down 0 xyz (3)']);
    expect(told(up(3, 'de'))).toEqual(['up 3 de (4)']);
  });

  it('wait for bytes that come late', () => {
    const { up } = conversation();
    const early = up(3, 'def');
    expect([told(early), early.waits]).toEqual([[], true]);
    expect(told(up(6, 'g'))).toEqual([]);
    expect(told(up(0, 'abc'))).toEqual(['up 0 abc (4)', 'up 3 def (2)', 'up 6 g (3)']);
  });

  it('keep the first of bytes that come twice, and say where the second differs', () => {
    const { up } = conversation();
    up(0, 'abcd');
    const same = up(0, 'abcd');
    expect([same.repeated, same.conflicts, told(same)]).toEqual([true, [], []]);
    const other = up(2, 'cXeY');
    expect([other.repeated, other.conflicts, told(other)]).toEqual([false, [{ at: 3, length: 1 }], ['up 4 eY (4)']]);
    // The same for bytes that still wait.
    up(10, 'klm');
    expect(up(9, 'jKlmn').conflicts).toEqual([{ at: 10, length: 1 }]);
    expect(told(up(6, 'ghi'))).toEqual(['up 6 ghi (7)', 'up 9 j (6)', 'up 10 klm (5)', 'up 13 n (6)']);
  });

  it('have gaps where the other end has acknowledged what the capture has not', () => {
    const { up, down } = conversation();
    up(0, 'abc');
    expect(told(up(5, 'fg'))).toEqual([]);
    expect(told(down(0, '', ACK, { acknowledgment: 1004 }))).toEqual([]);
    expect(told(down(0, '', ACK, { acknowledgment: 1008 }))).toEqual(['up gap 3+2', 'up 5 fg (3)']);
    expect(up(3, 'de')).toMatchObject({ repeated: true, events: [] });
  });

  it('have gaps where the capture kept only the beginning of a packet', () => {
    const { up } = conversation();
    expect(told(up(0, 'ab', ACK, { missing: 3 }))).toEqual(['up 0 ab (2)', 'up gap 2+3']);
    expect(told(up(5, 'f'))).toEqual(['up 5 f (3)']);
  });

  it('wait for a mebibyte at most', () => {
    const { up } = conversation();
    const piece = new Uint8Array(65_536);
    let gaps: string[] = [];
    let sent = 0;
    for (; gaps.length === 0; sent++) gaps = told(up(10 + sent * piece.length, piece)).filter((one) => one.includes('gap'));
    expect([gaps, sent * piece.length]).toEqual([['up gap 0+10'], REASSEMBLY_LIMITS.outOfOrder + piece.length]);
  });

  it('go on where the numbers wrap', () => {
    const { up } = conversation(0xffff_fffd);
    expect(told(up(0, 'ab'))).toEqual(['up 0 ab (2)']);
    expect(told(up(4, 'ef'))).toEqual([]);
    expect(told(up(2, 'cd'))).toEqual(['up 2 cd (4)', 'up 4 ef (3)']);
  });

  it('end with FIN, behind what is before it, and with RST for both', () => {
    const { up, down } = conversation();
    expect(told(up(3, 'd', FIN | ACK))).toEqual([]);
    expect(told(up(0, 'abc'))).toEqual(['up 0 abc (3)', 'up 3 d (2)', 'up end 4']);
    down(5, 'z');
    expect(told(down(0, '', RST))).toEqual(['down gap 0+5', 'down 5 z (4)', 'down reset 6']);
    expect(told(down(6, 'late'))).toEqual([]);
  });

  it('take no byte from a keep-alive', () => {
    const { up } = conversation();
    up(0, 'abc');
    expect(up(2, '\0')).toMatchObject({ keepAlive: true, conflicts: [], events: [] });
    expect(told(up(3, 'd'))).toEqual(['up 3 d (4)']);
  });

  it('begin in the middle, where the capture did', () => {
    const streams = new TcpReassembly();
    const push = (sequence: number, text: string): string[] => told(streams.push({ dir: 'down', sequence, acknowledgment: 9, flags: ACK, bytes: latin1Bytes(text), missing: 0, packet: 0 }));
    expect(push(700, 'ab')).toEqual(['down 0 ab (0)']);
    expect(push(690, 'before')).toEqual([]);
    expect(push(702, 'c')).toEqual(['down 2 c (0)']);
  });

  it('leave out what lies beyond every window', () => {
    const { up, streams } = conversation();
    up(0, 'a');
    expect(told(up(2 ** 30 + 5, 'far'))).toEqual([]);
    expect(streams.finish()).toEqual([]);
  });

  it('tell at the end of the capture what still waits', () => {
    const { up, streams } = conversation();
    up(2, 'cd');
    expect(told({ events: streams.finish() })).toEqual(['up gap 0+2', 'up 2 cd (2)']);
  });

  it('are the same stream however it was cut, repeated and mixed', () => {
    const random = createRandom(6);
    const whole = Uint8Array.from({ length: 5000 }, () => random.below(256));
    for (let round = 0; round < 40; round++) {
      const { up } = conversation(random.below(2) === 0 ? 1000 : 0xffff_f000);
      const segments: [number, number][] = [];
      for (let at = 0; at < whole.length;) {
        const end = Math.min(whole.length, at + 1 + random.below(400));
        segments.push([at, end], ...(random.below(3) === 0 ? [[Math.max(0, at - random.below(300)), end] as [number, number]] : []));
        at = end;
      }
      for (let i = segments.length - 1; i > 0; i--) {
        const j = Math.max(0, i - random.below(8));
        [segments[i], segments[j]] = [segments[j] ?? [0, 0], segments[i] ?? [0, 0]];
      }
      const events = segments.flatMap(([from, to]) => up(from, whole.subarray(from, to)).events);
      expect(equalBytes(concatBytes(...events.map((event) => (event.type === 'bytes' ? event.bytes : new Uint8Array(0)))), whole)).toBe(true);
      expect(events.every((event) => event.type === 'bytes')).toBe(true);
    }
  });
});
