// What is odd about a header by itself, each beside the nearest that is not.

import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { openFrames } from '../../packets/dissection/captured.fixture';
import { createDissector } from '../../packets/dissection/dissector';
import { frame, segmentFrame } from '../../packets/index/frames.fixture';
import { codec as arp } from '../arp/codec';
import { dissect, type DissectedLayer } from '../dissect';
import { codec as ipv4, type Ipv4Input } from '../ipv4/codec';
import { TCP_FLAGS } from '../tcp/codec';
import type { TcpOption } from '../tcp/options';
import { codec as udp } from '../udp/codec';
import { headerMarks } from './headerMarks';

const [A, B] = ['10.0.0.1', '10.0.0.2'];
const NOTHING = new Uint8Array(0);

const told = (layers: readonly DissectedLayer[]): string[] => layers.flatMap(headerMarks).map(({ severity, about, text, node }) => `${severity} ${about} ${node.name}: ${text}`);

describe('marks of headers', () => {
  it('tell of four options in a row that are none', () => {
    const options = (list: readonly TcpOption['kind'][]): string[] => told(dissect(segmentFrame({
      from: [A, 1000], to: [B, 2000], tcp: { sequence: 1, acknowledgment: 1, flags: TCP_FLAGS.ACK, window: 1, options: list.map((kind) => ({ kind }) as TcpOption) },
    })));
    const four = 'warning protocol tcp.options.nop: 4 NOP in a row - a router may have removed some options';
    expect(options(['nop', 'nop', 'nop', 'nop'])).toEqual([four]);
    expect(options(['sackPermitted', 'nop', 'nop', 'nop', 'nop', 'nop', 'nop'])).toEqual([four]);
    expect(options(['nop', 'nop', 'nop', 'end'])).toEqual([]);
    expect(options(['nop', 'nop', 'sackPermitted', 'nop', 'nop', 'sackPermitted'])).toEqual([]);
  });

  it('tell of a short frame that is filled up with something else than zeros', () => {
    const datagram = (size: number): Uint8Array => ipv4.encode({ source: A, destination: B, protocol: 17 }, udp.encode({ sourcePort: 1000, destinationPort: 2000 }, new Uint8Array(size), { network: { source: A, destination: B } }), {});
    const filled = (size: number, ...more: readonly number[]): string[] => told(dissect(frame(0x0800, Uint8Array.of(...datagram(size), ...more))));
    const odd = "note protocol eth.trailer: Didn't find padding of zeros, and an undecoded trailer exists. There may be padding of non-zeros.";
    expect(filled(4, ...new Array<number>(14).fill(0x5a))).toEqual([odd]);
    expect(filled(4, ...new Array<number>(14).fill(0))).toEqual([]);
    // Padding up to 60 bytes, then a trailer; and a trailer behind what needs no padding.
    expect(filled(4, ...new Array<number>(14).fill(0), 1, 2)).toEqual([]);
    expect(filled(18, 1, 2)).toEqual([]);
    expect(filled(17, 1, 2)).toEqual([odd]);
    // Nobody filled up a frame that is shorter still.
    expect(filled(4, 1, 2)).toEqual([]);
  });

  it('tell of ports that traceroute counts through', () => {
    const ports = (sourcePort: number, destinationPort: number): string[] => {
      const network = { source: A, destination: B };
      return told(dissect(frame(0x0800, ipv4.encode({ ...network, protocol: 17 }, udp.encode({ sourcePort, destinationPort }, new Uint8Array(20), { network }), {}))));
    };
    const hop = (port: string, at: number, attempt: number): string => `chat sequence udp.${port}: Possible traceroute: hop #${at}, attempt #${attempt}`;
    expect(ports(1000, 33_435)).toEqual([hop('dstport', 1, 1)]);
    expect(ports(1000, 33_439)).toEqual([hop('dstport', 2, 2)]);
    expect(ports(1000, 33_464)).toEqual([hop('dstport', 10, 3)]);
    expect(ports(33_437, 1000)).toEqual([hop('srcport', 1, 3)]);
    expect(ports(33_440, 33_435)).toEqual([hop('srcport', 2, 3), hop('dstport', 1, 1)]);
    expect(ports(33_434, 33_465)).toEqual([]);
  });

  it('tell of times to live that are not those of the group', () => {
    const sent = (destination: string, ttl: number, protocol: number): string[] => told(dissect(frame(0x0800, ipv4.encode({ source: A, destination, ttl, protocol } satisfies Ipv4Input, NOTHING, {}))));
    const instead = (of: number): string[] => [`note sequence ip.ttl: "Time To Live" != ${of} for a packet sent to the Local Network Control Block (see RFC 3171)`];
    const [IGMP, UDP, OSPF] = [2, 17, 89];
    expect(sent('224.0.0.251', 1, UDP)).toEqual(instead(255));
    expect(sent('224.0.0.251', 255, UDP)).toEqual([]);
    expect(sent('224.0.0.252', 7, UDP)).toEqual([]);
    expect(sent('224.0.0.5', 2, OSPF)).toEqual(instead(1));
    // Reports about these groups are IGMP's own.
    expect(sent('224.0.0.251', 1, IGMP)).toEqual([]);
    expect(sent('224.0.0.251', 255, IGMP)).toEqual(instead(1));
    expect(sent('224.0.0.252', 2, IGMP)).toEqual(instead(1));
    expect(sent(B, 4, UDP)).toEqual(['note sequence ip.ttl: "Time To Live" only 4']);
    expect(sent(B, 4, OSPF)).toEqual([]);
  });

  it('tell of an address that two stations say to have', () => {
    const says = (station: string): Uint8Array => frame(0x0806, arp.encode({ operation: 2, senderHardware: fromHex(station), senderProtocol: fromHex('0a000001'), targetHardware: fromHex('020000000009'), targetProtocol: fromHex('0a000009') }, NOTHING, {}));
    const dissector = createDissector(openFrames([says('020000000001'), says('020000000001'), says('020000000002')]));
    const marks = [0, 1, 2].map((number) => told(dissector.layers(number, false).layers));
    expect(marks).toEqual([[], [], ['warning sequence arp.duplicate-address-detected: Duplicate IP address configured (10.0.0.1)']]);
  });
});
