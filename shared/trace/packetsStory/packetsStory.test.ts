// Packets of strangers, and what their story shows: hosts by address, connections with their bytes, the exchange and the lookup that they carry.

import { describe, expect, it } from 'vitest';
import { assemble, part } from '../../codec/assemble';
import { codec as dns } from '../../codec/dns/codec';
import { NO_FLAGS } from '../../codec/dns/records';
import { codec as ethernet } from '../../codec/ethernet/codec';
import { codec as ipv4 } from '../../codec/ipv4/codec';
import { TCP_FLAGS, codec as tcp } from '../../codec/tcp/codec';
import { codec as udp } from '../../codec/udp/codec';
import { textLadder } from '../textLadder';
import { MOST_PACKETS, storyOfPackets, type PacketTaken } from './packetsStory';

const { SYN, ACK, PSH, FIN, RST } = TCP_FLAGS;
const ME = { address: '192.0.2.10', port: 50_123 };
const WEB = { address: '198.51.100.7', port: 80 };
type End = typeof ME;
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

let clock = 0;
function frame(from: End, to: End, inner: ReturnType<typeof part>, protocol: number, payload: Uint8Array, keep?: number): PacketTaken {
  const ether = part(ethernet, { destination: '02:00:00:00:00:02', source: '02:00:00:00:00:01', type: 0x0800 });
  const bytes = assemble([ether, part(ipv4, { source: from.address, destination: to.address, protocol }), inner], payload);
  return { t: (clock += 1000), linkType: 1, bytes: bytes.subarray(0, keep), size: bytes.length };
}
function segment(from: End, to: End, flags: number, sequence: number, acknowledgment: number, text = '', keep?: number): PacketTaken {
  const network = { network: { source: from.address, destination: to.address } };
  return frame(from, to, part(tcp, { sourcePort: from.port, destinationPort: to.port, flags, sequence, acknowledgment, window: 500 }, network), 6, ascii(text), keep);
}

const GET = 'GET /a HTTP/1.1\r\nHost: example.test\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const exchange = (): PacketTaken[] => [
  segment(ME, WEB, SYN, 1000, 0), segment(WEB, ME, SYN | ACK, 0xffff_fff0, 1001), segment(ME, WEB, ACK, 1001, 0xffff_fff1),
  segment(ME, WEB, ACK | PSH, 1001, 0xffff_fff1, GET), segment(WEB, ME, ACK, 0xffff_fff1, 1001 + GET.length),
  segment(WEB, ME, ACK | PSH, 0xffff_fff1, 1001 + GET.length, ANSWER.slice(0, 30)), segment(WEB, ME, ACK | PSH, (0xffff_fff1 + 30) >>> 0, 1001 + GET.length, ANSWER.slice(30)),
  segment(WEB, ME, ACK | FIN, (0xffff_fff1 + ANSWER.length) >>> 0, 1001 + GET.length), segment(ME, WEB, ACK | FIN, 1001 + GET.length, 60), segment(WEB, ME, ACK, 60, 1002 + GET.length),
];

describe('the story of packets alone', () => {
  it('has their hosts, their connection, and each packet once', () => {
    const { story, packets, trace } = storyOfPackets(exchange());
    expect(story.hosts.map(({ name, foreign }) => [name, foreign])).toEqual([[ME.address, true], [WEB.address, true]]);
    const connection = story.connections.at(0);
    expect([story.connections.count, connection.client.endpoint, connection.server.endpoint, connection.outcome, connection.up.sent, connection.down.sent]).toEqual([1, ME, WEB, 'closed', GET.length, ANSWER.length]);
    expect(Array.from({ length: story.segments.count }, (_, id) => story.segments.at(id).kind)).toEqual(['syn', 'syn-ack', 'ack', 'data', 'ack', 'data', 'data', 'fin', 'fin', 'ack']);
    expect(Array.from({ length: trace.count }, (_, seq) => story.segmentOfPacket(seq))).toEqual(Array.from({ length: packets }, (_, id) => id));
    expect(story.moments.count).toBe(packets);
    expect(textLadder(story, trace)).toContain('── 39 B “GET /a HTTP/');
  });

  it('reads the exchange that they carry, whatever their order in the file', () => {
    for (const packets of [exchange(), exchange().reverse()]) {
      const { app } = storyOfPackets(packets);
      expect(app.exchanges.map(({ request, response }) => [request.head.method, request.head.target, response?.head.status])).toEqual([['GET', '/a', 200]]);
      expect(new TextDecoder().decode(app.body(0, 'response').bytes)).toBe('hello');
    }
  });

  it('says what was sent again, refused, and not kept', () => {
    const again = [...exchange().slice(0, 4), segment(ME, WEB, ACK | PSH, 1001, 0xffff_fff1, GET)];
    expect(storyOfPackets(again).story.segments.at(4)).toMatchObject({ kind: 'data', special: 'retransmission', offset: 0, size: GET.length });
    const refused = storyOfPackets([segment(ME, WEB, SYN, 7, 0), segment(WEB, ME, RST | ACK, 0, 8)]).story;
    expect([refused.connections.at(0).outcome, refused.moments.at(1).trouble]).toEqual(['refused', true]);
    const cut = storyOfPackets([...exchange().slice(0, 3), segment(ME, WEB, ACK | PSH, 1001, 0, GET, 70)]);
    expect([cut.story.connections.at(0).up.sent, cut.app.messages[0]?.state]).toEqual([GET.length, 'partial']);
  });

  it('joins a connection whose beginning is missing, and tells who the server is', () => {
    const { story, app } = storyOfPackets(exchange().slice(3));
    expect(story.connections.at(0).server.endpoint).toEqual(WEB);
    expect(app.exchanges[0]?.response?.head.status).toBe(200);
    const down = storyOfPackets(exchange().slice(5)).story;
    expect(down.connections.at(0)).toMatchObject({ server: { endpoint: WEB }, down: { sent: ANSWER.length } });
  });

  it('has datagrams, and the lookup in them', () => {
    const resolver = { address: '192.0.2.53', port: 53 };
    const ask = (from: End, to: End, response: boolean): PacketTaken => {
      const question = { name: 'example.test', type: 1, class: 1 };
      const message = dns.encode({ id: 7, flags: { ...NO_FLAGS, qr: response }, questions: [question], answers: [], authorities: [], additionals: [] }, new Uint8Array(0), {});
      return frame(from, to, part(udp, { sourcePort: from.port, destinationPort: to.port }, { network: { source: from.address, destination: to.address } }), 17, message);
    };
    const { story, app } = storyOfPackets([ask(ME, resolver, false), ask(resolver, ME, true)]);
    expect([story.segments.count, story.segments.at(0).kind, story.segments.at(0).provenance.evidence]).toEqual([2, 'datagram', 'captured']);
    expect(app.messages.map(({ protocol, kind }) => `${protocol} ${kind}`)).toEqual(['dns query', 'dns answer']);
  });

  it('bears what is no packet at all', () => {
    const noise: PacketTaken[] = [{ t: 5, linkType: 1, bytes: ascii('bad'), size: 3 }, { t: 4, linkType: 9999, bytes: ascii('worse'), size: 5 }, { t: 6, linkType: 1, bytes: new Uint8Array(0), size: 0 }];
    expect(storyOfPackets(noise).story.segments.count).toBe(0);
    expect(storyOfPackets([]).story.moments.count).toBe(0);
    expect(MOST_PACKETS).toBeGreaterThan(1000);
  });
});
