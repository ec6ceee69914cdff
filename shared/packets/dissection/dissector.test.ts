import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { concatBytes } from '../../base/bytes';
import { utf8Text } from '../../base/bytesText';
import { createRandom } from '../../base/random';
import { findField, walkFields } from '../../codec/field';
import { codec as ipv4 } from '../../codec/ipv4/codec';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { codec as udp } from '../../codec/udp/codec';
import { frame } from '../index/frames.fixture';
import { RFC_8448, RFC_8448_KEYS, RFC_8448_ORDER } from '../../codec/tls/rfc8448.fixture';
import type { DissectedPacket } from '../dissector';
import { Line, openFrames } from './captured.fixture';
import { createDissector } from './dissector';

/** All packets of a capture, in order. */
function all(frames: readonly Uint8Array[], more: { keyLog?: string; lookAhead?: boolean } = {}): DissectedPacket[] {
  const dissector = createDissector({ ...openFrames(frames), ...more });
  return frames.map((_, number) => dissector.dissect(number));
}

const lines = (packets: readonly DissectedPacket[]): string[] => packets.map(({ protocol, info }) => `${protocol} ${info}`);
const chain = ({ layers }: DissectedPacket): string => layers.map(({ protocol }) => protocol).join(':');
/** Values of a field in all layers. */
const values = ({ layers }: DissectedPacket, name: string): unknown[] => layers.flatMap(({ tree }) => [...walkFields(tree)].filter(({ node }) => node.name === name).map(({ node }) => node.value));

const GET = 'GET /a HTTP/1.1\r\nHost: example.org\r\n\r\n';
const OK = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n\r\nabcdefghijklmnopqrstuvwxyz`;

describe('a packet', () => {
  it('has a frame around it, with what the capture says', () => {
    const [, second] = all(new Line().frames);
    const frame = must(must(second, 'packet').layers[0], 'frame').tree;
    const value = (name: string): unknown => findField(frame, name)?.display;
    expect([value('frame.number'), value('frame.time_relative'), value('frame.time_epoch'), value('frame.len'), value('frame.protocols'), value('frame.interface_name')]).toEqual([
      '2', '0.001000000', '1700000000.001000000', '54 B', 'eth:ethertype:ip:tcp', 'lo',
    ]);
    expect(value('frame.time')).toBe('Nov 14, 2023 22:13:20.001000000 UTC');
  });

  it('has numbers relative to its connection', () => {
    const packets = all(new Line().say('up', GET).say('down', 'x').frames);
    const tcp = packets.map((packet) => ['tcp.stream', 'tcp.seq', 'tcp.nxtseq', 'tcp.ack', 'tcp.flags.str'].flatMap((name) => values(packet, name)));
    expect(tcp).toEqual([[0, 0, 1, 0, '··········S·'], [0, 0, 1, 1, '·······A··S·'], [0, 1, 39, 1, '·······AP···'], [0, 1, 2, 39, '·······AP···']]);
  });

  it('is never in the way of the next, whatever its bytes', () => {
    const random = createRandom(9);
    const { frames } = new Line(80).say('up', GET).pieces('down', OK, 20).close('down');
    for (let round = 0; round < 50; round++) {
      const broken = frames.map((frame) => {
        const copy = frame.slice(0, random.below(8) === 0 ? random.below(frame.length) : frame.length);
        for (let i = 0; i < 3 && copy.length > 0; i++) copy[random.below(copy.length)] = random.below(256);
        return copy;
      });
      expect(() => all(broken, { lookAhead: random.below(2) === 0 })).not.toThrow();
    }
  });
});

describe('a message of several segments', () => {
  const { frames } = new Line().say('up', GET).pieces('down', OK, 40);

  it('belongs to the packet in which it ends', () => {
    const packets = all(frames);
    expect(packets.slice(2).map(chain)).toEqual(['frame:eth:ip:tcp:http', 'frame:eth:ip:tcp', 'frame:eth:ip:tcp', 'frame:eth:ip:tcp:http']);
    expect(lines(packets).slice(2)).toEqual([
      'HTTP GET /a HTTP/1.1', 'TCP [TCP segment of a reassembled PDU] 8007 → 40000 [PSH, ACK] Seq=1 Ack=39 Win=65535 Len=40', 'TCP [TCP segment of a reassembled PDU] 8007 → 40000 [PSH, ACK] Seq=41 Ack=39 Win=65535 Len=40',
      'HTTP HTTP/1.1 200 OK  (text/plain)',
    ]);
    const last = must(packets[5], 'last');
    expect(last.sources.map(({ name, bytes }) => `${name} ${bytes.length}`)).toEqual(['frame 65', 'reassembled 91']);
    expect(utf8Text(must(last.sources[1], 'source').bytes)).toBe(OK);
    expect(values(last, 'tcp.segment')).toEqual([4, 5, 6]);
    expect(values(last, 'tcp.reassembled.length')).toEqual([91]);
    expect(values(last, 'http.request_in')).toEqual([3]);
    expect(last.layers.flatMap(({ tree }) => findField(tree, 'http.time')?.display ?? [])).toEqual(['0.003000000']);
    expect(values(last, 'http.response_for.uri')).toEqual(['http://example.org/a']);
  });

  it('is known to its first segments, where the capture may be read ahead', () => {
    const packets = all(frames, { lookAhead: true });
    expect(packets.flatMap((packet) => values(packet, 'tcp.reassembled_in'))).toEqual([6, 6]);
    expect(values(must(packets[2], 'request'), 'http.response_in')).toEqual([6]);
    expect(all(frames).flatMap((packet) => [...values(packet, 'tcp.reassembled_in'), ...values(packet, 'http.response_in')])).toEqual([]);
  });

  it('is the same when packets are asked for out of order', () => {
    const dissector = createDissector({ ...openFrames(frames), lookAhead: true });
    const inOrder = all(frames, { lookAhead: true });
    for (const number of [5, 2, 4, 0, 3, 1, 5]) expect(dissector.dissect(number)).toEqual(inOrder[number]);
  });

  it('is whole when its segments come in another order', () => {
    const swapped = [...frames.slice(0, 4), must(frames[5], 'sixth'), must(frames[4], 'fifth')];
    const packets = all(swapped);
    expect(chain(must(packets[5], 'last'))).toBe('frame:eth:ip:tcp:http');
    expect(values(must(packets[5], 'last'), 'tcp.segment')).toEqual([4, 6, 5]);
  });

  it('has its segments named as such when they wait for others, or come again', () => {
    const { frames } = new Line(80).say('up', GET.slice(0, 20)).say('up', GET.slice(20)).say('up', 'GET /b HTTP/1.1\r\n\r\n');
    const told = [0, 1, 3, 2, 2, 4].map((at) => must(frames[at], 'frame'));
    const packets = all(told).slice(2);
    expect(packets.map((packet) => values(packet, 'tcp.segment_data').length)).toEqual([1, 1, 1, 0]);
    expect(packets.map((packet) => values(packet, 'http.request').length)).toEqual([0, 1, 0, 1]);
  });

  it('shares packets with other messages: of each only its part belongs to it', () => {
    const [request, next] = [GET.length, 'GET /b HTTP/1.1\r\n\r\n'];
    const { frames } = new Line(80).say('up', GET + next.slice(0, 9)).say('up', next.slice(9) + GET.slice(0, 12)).say('up', GET.slice(12) + GET);
    const parts = all(frames).slice(2).map((packet) => packet.layers.flatMap(({ tree }) => [...walkFields(tree)].flatMap(({ node }) => (node.name === 'tcp.segment_data' ? [[node.start - 54, node.length]] : []))));
    expect(parts).toEqual([[[request, 9]], [[0, next.length - 9], [next.length - 9, 12]], [[0, request - 12]]]);
  });

  it('that lasts until the end of the connection ends in the FIN', () => {
    const endless = 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nabc';
    const packets = all(new Line(80).say('up', GET).say('down', endless).close('down').frames, { lookAhead: true });
    expect(packets.slice(3).map(chain)).toEqual(['frame:eth:ip:tcp', 'frame:eth:ip:tcp:http']);
    expect([values(must(packets[3], 'part'), 'tcp.reassembled_in'), values(must(packets[4], 'end'), 'tcp.segment'), values(must(packets[4], 'end'), 'tcp.reassembled.length')]).toEqual([[5], [4, 5], [endless.length]]);
    const both = all(new Line(80).say('up', GET).say('down', endless, TCP_FLAGS.FIN | TCP_FLAGS.ACK).frames);
    expect([chain(must(both[3], 'both')), values(must(both[3], 'both'), 'tcp.segment')]).toEqual(['frame:eth:ip:tcp:http', []]);
  });

  it('with bytes that were not captured says so', () => {
    const lost = new Line().say('up', GET).say('down', OK.slice(0, 70)).lose('down', 10).say('down', OK.slice(80)).segment('up', 39, '');
    const packets = all(lost.frames);
    const last = must(packets[5], 'last');
    expect([last.protocol, last.trouble]).toEqual(['HTTP', 'error']);
    expect(last.layers[4]?.tree.problem).toBe('10 bytes of it are not in the capture');
  });
});

describe('several messages of one packet', () => {
  it('are layers of their own', () => {
    const [packet] = all(new Line().say('up', GET + GET.replace('/a', '/b')).frames).slice(2);
    expect(lines([must(packet, 'packet')])).toEqual(['HTTP GET /a HTTP/1.1, GET /b HTTP/1.1']);
    expect(values(must(packet, 'packet'), 'http.request_number')).toEqual([1, 2]);
  });
});

describe('a sealed stream', () => {
  const line = new Line(443);
  for (const [dir, name] of RFC_8448_ORDER) line.say(dir, RFC_8448[name]);

  it('is told record by record', () => {
    expect(lines(all(line.frames)).slice(2)).toEqual([
      'TLSv1.0 Client Hello (SNI=server)', 'TLSv1.3 Server Hello', 'TLSv1.3 Application Data', 'TLSv1.3 Application Data', 'TLSv1.3 Application Data', 'TLSv1.3 Application Data', 'TLSv1.3 Application Data', 'TLSv1.3 Application Data', 'TLSv1.3 Application Data',
    ]);
  });

  it('is opened with its keys, and what is inside dissected', () => {
    const packets = all(line.frames, { keyLog: RFC_8448_KEYS });
    expect(packets.slice(2).map(({ sources }) => sources.map(({ name }) => name).join(' '))).toEqual([
      'frame', 'frame', 'frame decrypted', 'frame decrypted', 'frame decrypted', 'frame decrypted', 'frame decrypted', 'frame decrypted', 'frame decrypted',
    ]);
    const data = must(packets[7], 'client data');
    expect(chain(data)).toBe('frame:eth:ip:tcp:tls:data');
    expect(must(data.sources[1], 'inside').bytes.subarray(0, 50)).toEqual(Uint8Array.from({ length: 50 }, (_, i) => i));
  });

  it('with a record in several segments is the same', () => {
    const cut = new Line(443);
    for (const [dir, name] of RFC_8448_ORDER) cut.pieces(dir, RFC_8448[name], 100);
    const packets = all(cut.frames, { keyLog: RFC_8448_KEYS });
    expect(packets.filter(({ sources }) => sources.some(({ name }) => name === 'decrypted'))).toHaveLength(7);
    expect(packets.flatMap((packet) => values(packet, 'tls.handshake.type'))).toEqual([1, 2, 8, 11, 15, 20, 20, 4]);
  });
});

describe('a switch of protocols', () => {
  it('leads to HTTP/2 with its preface', () => {
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    const settings = Uint8Array.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    const packets = all(new Line().say('up', preface).say('up', settings).say('down', concatBytes(settings, settings)).frames);
    expect(lines(packets).slice(2)).toEqual(['HTTP2 Magic', 'HTTP2 SETTINGS[0]', 'HTTP2 SETTINGS[0], SETTINGS[0]']);
  });

  it('leads to WebSocket with 101', () => {
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    const packets = all(new Line().say('up', GET).say('down', upgrade).say('down', Uint8Array.from([0x81, 2, 104, 105])).say('up', Uint8Array.from([0x89, 0x80, 1, 2, 3, 4])).frames);
    expect(lines(packets).slice(3)).toEqual(['HTTP HTTP/1.1 101 Switching Protocols', 'WebSocket Text [FIN]', 'WebSocket Ping [FIN] [MASKED]']);
  });

  it('leads through CONNECT to what is spoken behind it', () => {
    const packets = all(new Line(8080).say('up', 'CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n').say('down', 'HTTP/1.1 200 OK\r\n\r\n').say('up', RFC_8448.clientHello).frames);
    expect(lines(packets).slice(2)).toEqual(['HTTP CONNECT h:443 HTTP/1.1', 'HTTP HTTP/1.1 200 OK', 'TLSv1.0 Client Hello (SNI=server)']);
  });
});

describe('a stream that only its port tells', () => {
  it('is read by the codec of the port, line by line', () => {
    const packets = all(new Line(25).say('down', '220 ready\r\n').say('up', 'HELO a\r\n').say('down', '250 ok\r\n').frames);
    expect(lines(packets).slice(2)).toEqual(['SMTP S: 220 ready', 'SMTP C: HELO a', 'SMTP S: 250 ok']);
  });

  it('and is none of it is data', () => {
    expect(lines(all(new Line(7777).say('up', 'just bytes').frames)).slice(2)).toEqual(['TCP 40000 → 7777 [PSH, ACK] Seq=1 Ack=1 Win=65535 Len=10']);
  });
});

describe('datagrams', () => {
  const NETWORK = { source: '127.0.0.1', destination: '127.0.0.2' };
  const packet = (bytes: Uint8Array, header: object = {}): Uint8Array => frame(0x0800, ipv4.encode({ ...NETWORK, protocol: 17, flags: 0, ...header }, bytes, {}));
  const datagram = (payload: Uint8Array, source = 40_000, destination = 53): Uint8Array => udp.encode({ sourcePort: source, destinationPort: destination }, payload, { network: NETWORK });

  it('in fragments are put together in the packet that makes them whole', () => {
    const whole = datagram(new Uint8Array(100).fill(65), 40_000, 9999);
    const cut = (from: number, to: number): Uint8Array => packet(whole.slice(from, to), { identification: 7, flags: to < whole.length ? 1 : 0, fragmentOffset: from / 8 });
    const frames = [cut(0, 48), cut(96, 108), cut(48, 96)];
    const packets = all(frames);
    expect(packets.map(chain)).toEqual(['frame:eth:ip:data', 'frame:eth:ip:data', 'frame:eth:ip:udp:data']);
    const last = must(packets[2], 'last');
    expect(last.sources.map(({ name, bytes }) => `${name} ${bytes.length}`)).toEqual(['frame 82', 'defragmented 108']);
    expect([values(last, 'ip.fragment'), values(last, 'ip.reassembled.length'), values(last, 'udp.checksum.status')]).toEqual([[1, 3, 2], [108], [1]]);
    expect(packets[0]?.info).toMatch(/^Fragmented IP protocol/);
    const dissector = createDissector(openFrames(frames));
    expect(chain(dissector.dissect(2))).toBe('frame:eth:ip:udp:data');
    expect(chain(dissector.dissect(0))).toBe('frame:eth:ip:data');
    expect(chain(dissector.dissect(2))).toBe('frame:eth:ip:udp:data');
  });

  it('of DNS know their answers', () => {
    const message = (id: number, response: number): Uint8Array => concatBytes(Uint8Array.from([0, id, response, 0, 0, 1, 0, 0, 0, 0, 0, 0]), Uint8Array.from([1, 97, 0, 0, 1, 0, 1]));
    const back = (bytes: Uint8Array): Uint8Array => packet(udp.encode({ sourcePort: 53, destinationPort: 40_000 }, bytes, { network: NETWORK }), { source: '127.0.0.2', destination: '127.0.0.1' });
    const frames = [packet(datagram(message(1, 1))), packet(datagram(message(2, 1))), back(message(2, 0x81)), back(message(1, 0x81)), back(message(3, 0x81))];
    const packets = all(frames, { lookAhead: true });
    expect(packets.map((one) => ['dns.response_in', 'dns.response_to', 'dns.unsolicited', 'udp.stream'].flatMap((name) => values(one, name)))).toEqual([[4, 0], [3, 0], [2, 0], [1, 0], [true, 0]]);
    expect(must(packets[3], 'answer').layers.flatMap(({ tree }) => findField(tree, 'dns.time')?.display ?? [])).toEqual(['0.003000000']);
  });

  it('of DNS that are asked or answered again name the first', () => {
    const message = (response: number): Uint8Array => Uint8Array.from([0, 1, response, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const ask = packet(datagram(message(1)));
    const answer = packet(udp.encode({ sourcePort: 53, destinationPort: 40_000 }, message(0x81), { network: NETWORK }), { source: '127.0.0.2', destination: '127.0.0.1' });
    const names = ['dns.response_in', 'dns.response_to', 'dns.time', 'dns.retransmit_request_in', 'dns.retransmit_response_in', 'dns.retransmission'];
    const told = (frames: readonly Uint8Array[]): unknown[] => all(frames, { lookAhead: true }).map((one) => names.flatMap((name) => values(one, name).map((value) => `${name.slice(4)} ${String(value)}`)).join(', '));
    expect(told([ask, ask, ask, answer, answer, ask, answer])).toEqual([
      'response_in 4', 'retransmit_request_in 1, retransmission true', 'retransmit_request_in 1, retransmission true', 'response_to 1, time 0.003', 'retransmit_response_in 4, retransmission true',
      'response_in 7', 'response_to 6, time 0.001',
    ]);
    // Five seconds later it is another question: the frames are a millisecond apart.
    const pause = new Array<Uint8Array>(4999).fill(packet(udp.encode({ sourcePort: 1, destinationPort: 2 }, new Uint8Array(1), { network: NETWORK })));
    const late = createDissector({ ...openFrames([ask, ...pause, ask, answer]), lookAhead: true });
    expect([0, 5000, 5001].map((number) => names.flatMap((name) => values(late.dissect(number), name)))).toEqual([[], [5002], [5001, 0.001]]);
  });
});
