import { describe, expect, it } from 'vitest';
import { utf8Text } from '../base/bytesText';
import { codec as icmp } from '../codec/icmp/codec';
import { codec as ipv4 } from '../codec/ipv4/codec';
import { codec as tcp, tcpFlagsText } from '../codec/tcp/codec';
import { codec as udp } from '../codec/udp/codec';
import { dissect } from '../codec/dissect';
import { must } from '../base/assert';
import { scenario } from './fixture';
import { connectRefused, echoClosesEarly, echoHalfCloses, udpUppercase } from './fixtureScenes';
import { reconstruct } from './headers';
import type { TraceStore } from './store';
import type { Story } from './story';

interface Told {
  readonly story: Story;
  readonly trace: TraceStore;
}

/** Segments in the order of the picture. */
const inOrder = ({ story }: Told): number[] =>
  Array.from({ length: story.segments.count }, (_, id) => id).sort((a, b) => story.momentOfSegment(a) - story.momentOfSegment(b));

/** `PSH, ACK up seq 1 ack 1 len 4`, read back from the bytes of the frame. */
function tcpText(told: Told, id: number): string {
  const frame = must(reconstruct(told.story, told.trace, id), 'frame');
  const decoded = tcp.decode(frame.bytes.subarray(frame.transportStart), {});
  if (decoded.status !== 'complete') throw new Error(decoded.status);
  const { sequence, acknowledgment, flags } = decoded.value;
  return `${tcpFlagsText(flags)} ${told.story.segments.at(id).dir} seq ${sequence} ack ${acknowledgment} len ${frame.bytes.length - frame.payloadStart}`;
}

const statuses = (told: Told, id: number): string[] => {
  const frame = must(reconstruct(told.story, told.trace, id), 'frame');
  return [...JSON.stringify(dissect(frame.bytes).filter((layer) => !layer.quoted).map((layer) => layer.tree)).matchAll(/checksum\.status","[^}]*?"display":"(\w+)"/g)].map((match) => match[1] ?? '');
};

describe('the frame of a segment', () => {
  it('numbers a connection from SYN 0 on, with what each side had received', () => {
    const told = echoHalfCloses().told();
    expect(inOrder(told).map((id) => tcpText(told, id))).toEqual([
      'SYN up seq 0 ack 0 len 0', 'SYN, ACK down seq 0 ack 1 len 0', 'ACK up seq 1 ack 1 len 0',
      'PSH, ACK up seq 1 ack 1 len 4', 'PSH, ACK down seq 1 ack 5 len 4', 'PSH, ACK up seq 5 ack 5 len 4', 'PSH, ACK down seq 5 ack 9 len 4',
      'PSH, ACK up seq 9 ack 9 len 6', 'PSH, ACK down seq 9 ack 15 len 6', 'FIN, ACK up seq 15 ack 15 len 0', 'FIN, ACK down seq 15 ack 16 len 0',
    ]);
  });

  it('of a reset follows what was sent before it', () => {
    const early = echoClosesEarly().told();
    expect(tcpText(early, must(inOrder(early).at(-1), 'segment'))).toBe('RST, ACK up seq 22 ack 22 len 0');
    const s = scenario();
    const listener = s.role('server', '127.0.20.1', 'server').listen(7);
    const c = s.role('client', '127.0.20.2', 'client').connect({ address: '127.0.20.1', port: 7 });
    const p = listener.accept();
    c?.send('hi');
    p.recv();
    c?.close();
    p.send('late');
    const told = s.told();
    expect(inOrder(told).slice(-3).map((id) => tcpText(told, id))).toEqual(['FIN, ACK up seq 3 ack 1 len 0', 'PSH, ACK down seq 1 ack 4 len 4', 'RST up seq 4 ack 0 len 0']);
  });

  it('has right checksums in every header and the bytes that were sent', () => {
    for (const scene of [echoClosesEarly(), echoHalfCloses(), udpUppercase()]) {
      const told = scene.told();
      for (const id of inOrder(told)) {
        const all = statuses(told, id);
        expect(all.length).toBe(2);
        expect(new Set(all)).toEqual(new Set(['good']));
        const frame = must(reconstruct(told.story, told.trace, id), 'frame');
        const segment = told.story.segments.at(id);
        expect(frame.bytes.subarray(frame.payloadStart)).toEqual(new Uint8Array(segment.payloadSeq === null ? [] : told.trace.payload(segment.payloadSeq)));
        expect(frame.omitted).toBe(0);
      }
    }
  });

  it('has the addresses and ports of its ends, as on lo', () => {
    const told = udpUppercase().told();
    const frame = must(reconstruct(told.story, told.trace, 0), 'frame');
    expect([...frame.bytes.subarray(0, 14)]).toEqual([...new Uint8Array(12), 8, 0]);
    expect(ipv4.decode(frame.bytes.subarray(14), {})).toMatchObject({ value: { source: '127.0.21.2', destination: '127.0.21.1', protocol: 17, ttl: 64, totalLength: 33 } });
    expect(udp.decode(frame.bytes.subarray(frame.transportStart), {})).toMatchObject({ value: { destinationPort: 12_000 } });
    expect(utf8Text(frame.bytes.subarray(frame.payloadStart))).toBe('hello');
  });

  it('of IPv6 is IPv6', () => {
    const s = scenario();
    const at = { address: '::1', port: 7 };
    const listener = s.role('server', '::1', 'server').listen(7);
    const c = s.role('client', '::1', 'client', 'server').connect(at);
    listener.accept();
    c?.send('six');
    const told = s.told();
    const data = must(inOrder(told).at(-1), 'segment');
    const frame = must(reconstruct(told.story, told.trace, data), 'frame');
    expect([frame.bytes[12], frame.bytes[13], frame.transportStart]).toEqual([0x86, 0xdd, 54]);
    expect(statuses(told, data)).toEqual(['good']);
  });

  it('of an ICMP error quotes the datagram that it answers', () => {
    const s = scenario();
    const client = s.role('client', '127.0.21.2', 'client').udp();
    client.connect({ address: '127.0.21.1', port: 12_000 });
    client.send('x'.repeat(1000));
    client.recv();
    const told = s.told();
    const frame = must(reconstruct(told.story, told.trace, 1), 'frame');
    expect(frame.bytes.length).toBe(14 + 576);
    expect(icmp.decode(frame.bytes.subarray(frame.transportStart), {})).toMatchObject({ value: { type: 3, code: 3 } });
    expect(dissect(frame.bytes).map((layer) => layer.protocol)).toEqual(['eth', 'ip', 'icmp', 'ip', 'udp', 'data']);
    expect(ipv4.decode(frame.bytes.subarray(frame.payloadStart), {})).toMatchObject({ value: { source: '127.0.21.2', totalLength: 1028 } });
    expect(statuses(told, 1)).toEqual(['good', 'good']);
  });

  it('carries what one IP packet can of a larger send(), and says how much it leaves out', () => {
    const s = scenario();
    const listener = s.role('server', '127.0.20.1', 'server').listen(7);
    const c = s.role('client', '127.0.20.2', 'client').connect({ address: '127.0.20.1', port: 7 });
    listener.accept();
    c?.send(new Uint8Array(100_000).fill(1));
    const told = s.told();
    const data = must(inOrder(told).at(-1), 'segment');
    const frame = must(reconstruct(told.story, told.trace, data), 'frame');
    expect([frame.bytes.length, frame.omitted]).toEqual([14 + 65_535, 100_000 - 65_495]);
    expect(statuses(told, data)).toEqual(['good', 'good']);
  });

  it('is not made up when the port of an end is not known', () => {
    const told = connectRefused().told();
    expect(told.story.segments.at(0).from.port).toBe(0);
    expect(reconstruct(told.story, told.trace, 0)).toBe(null);
  });
});
