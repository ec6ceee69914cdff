// Every codec is held to the same promises: golden bytes both ways, an answer to every prefix, values that come back as they went.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../base/bytes';
import { assemble, part } from './assemble';
import type { Codec, Context } from './codec';
import { codecs, dissect, LINK_TYPE } from './dissect';
import { codec as ethernet } from './ethernet/codec';
import { findField, walkFields } from './field';
import { codec as icmp } from './icmp/codec';
import { codec as icmpv6 } from './icmpv6/codec';
import { codec as ipv4 } from './ipv4/codec';
import { codec as ipv6 } from './ipv6/codec';
import { fragmentExtension, optionsExtension } from './ipv6/extensions';
import { codec as loopback } from './null/codec';
import { codec as sll } from './sll/codec';
import { codec as tcp, TCP_FLAGS, tcpFlagsText } from './tcp/codec';
import { codec as udp } from './udp/codec';
import { codec as vlan } from './vlan/codec';

const v4: Context = { network: { source: '127.0.10.1', destination: '127.0.20.1' } };
const v6: Context = { network: { source: '::1', destination: '::1' } };
const text = (value: string): Uint8Array => Uint8Array.from(value, (sign) => sign.charCodeAt(0));

/** Headers as Linux writes them on its loopback interface, with checksums that other programs calculated; and what they say. */
const GOLDEN: readonly { readonly name: string; readonly codec: Codec<unknown>; readonly context: Context; readonly bytes: string; readonly value: Record<string, unknown>; readonly payload?: string }[] = [
  {
    name: 'an Ethernet header of the loopback interface', codec: ethernet, context: {}, bytes: '000000000000 000000000000 0800',
    value: { destination: '00:00:00:00:00:00', source: '00:00:00:00:00:00', type: 0x0800 },
  },
  {
    name: 'an IPv4 header', codec: ipv4, context: {}, bytes: '45000028 5c1e4000 4006c2af 7f000a01 7f001401',
    value: {
      version: 4, headerLength: 20, services: 0, totalLength: 40, identification: 0x5c1e, flags: 2, fragmentOffset: 0, ttl: 64, protocol: 6,
      checksum: 0xc2af, source: '127.0.10.1', destination: '127.0.20.1', options: new Uint8Array(0),
    },
  },
  {
    name: 'an IPv6 header', codec: ipv6, context: {}, bytes: '600a1b2c 00081140 00000000000000000000000000000001 00000000000000000000000000000001',
    value: { version: 6, trafficClass: 0, flowLabel: 0xa1b2c, payloadLength: 8, nextHeader: 17, hopLimit: 64, source: '::1', destination: '::1', extensions: [] },
  },
  {
    name: 'a SYN with the options of Linux', codec: tcp, context: v4,
    bytes: 'c03a1b5f 00000061 00000000 a002ffd7 f3fc0000 0204ffd7 0402080a 00bc614e 00000000 01030307',
    value: {
      sourcePort: 49210, destinationPort: 7007, sequence: 97, acknowledgment: 0, headerLength: 40, flags: TCP_FLAGS.SYN, window: 65_495, checksum: 0xf3fc, urgentPointer: 0,
      options: [{ kind: 'mss', size: 65_495 }, { kind: 'sackPermitted' }, { kind: 'timestamps', value: 12_345_678, echo: 0 }, { kind: 'nop' }, { kind: 'windowScale', shift: 7 }],
    },
  },
  {
    name: 'a datagram', codec: udp, context: v4, bytes: 'd4312ee0 000d9ced', payload: 'hello',
    value: { sourcePort: 54_321, destinationPort: 12_000, length: 13, checksum: 0x9ced },
  },
  {
    name: 'a loopback header of macOS, in its own byte order', codec: loopback, context: {}, bytes: '1e000000', value: { family: 0x1e000000 },
  },
  {
    name: 'a cooked header of Linux', codec: sll, context: {}, bytes: '0004 0001 0006 020000000001 0000 0800',
    value: { packetType: 4, hardware: 1, addressLength: 6, addressStart: 0x020000000001, addressEnd: 0, type: 0x0800 },
  },
  { name: 'a VLAN tag', codec: vlan, context: {}, bytes: 'a064 86dd', value: { priority: 5, dropEligible: false, id: 100, type: 0x86dd } },
  { name: 'an echo request', codec: icmp, context: {}, bytes: '0800f7fc 00010002', value: { type: 8, code: 0, checksum: 0xf7fc, rest: 0x0001_0002 } },
  { name: 'an ICMPv6 echo request', codec: icmpv6, context: v6, bytes: '80007fb8 00010002', value: { type: 128, code: 0, checksum: 0x7fb8, rest: 0x0001_0002 } },
];

describe.each(GOLDEN)('$name', ({ codec, context, bytes, value, payload = '' }) => {
  const golden = concatBytes(fromHex(bytes), text(payload));
  const header = fromHex(bytes);

  it('is decoded', () => {
    expect(codec.decode(golden, context)).toMatchObject({ status: 'complete', value, length: header.length });
  });

  it('is encoded, lengths and checksum given or not', () => {
    const calculated = ['checksum', 'headerLength', 'length'];
    const asked = Object.fromEntries(Object.entries(value).filter(([key]) => !calculated.includes(key)));
    expect(toHex(codec.encode(value, text(payload), context))).toBe(toHex(golden));
    expect(toHex(codec.encode(asked, text(payload), context))).toBe(toHex(golden));
  });

  it('asks for more at every prefix of its header, and always for something that is not there yet', () => {
    for (let end = 0; end < header.length; end++) {
      const answer = codec.decode(golden.subarray(0, end), context);
      expect(answer.status, `after ${end} bytes`).toBe('incomplete');
      if (answer.status === 'incomplete') {
        expect(answer.need).toBeGreaterThan(end);
        expect(answer.need).toBeLessThanOrEqual(header.length);
      }
    }
  });

  it('shows every byte of its header in some field, at every prefix none beyond it', () => {
    for (let end = 0; end <= golden.length; end++) {
      const covered = new Set<number>();
      for (const { node, depth } of walkFields(codec.fields(golden.subarray(0, end), context, 100))) {
        expect(node.start).toBeGreaterThanOrEqual(100);
        expect(node.start + node.length).toBeLessThanOrEqual(100 + end);
        if (depth > 0 && node.value !== null && node.generated === undefined) for (let i = 0; i < node.length; i++) covered.add(node.start - 100 + i);
      }
      if (end === golden.length) for (let i = 0; i < header.length; i++) expect(covered.has(i), `byte ${i}`).toBe(true);
    }
  });
});

describe('a frame that we build', () => {
  const frame = assemble([
    part(ethernet, { destination: '00:00:00:00:00:00', source: '00:00:00:00:00:00', type: 0x0800 }),
    part(ipv4, { source: '127.0.10.1', destination: '127.0.20.1', protocol: 6, identification: 0x5c1e }),
    part(tcp, { sourcePort: 49_210, destinationPort: 7007, sequence: 97, acknowledgment: 17, flags: TCP_FLAGS.FIN | TCP_FLAGS.ACK, window: 256 }, v4),
  ], text('bye'));

  it('comes apart into its layers', () => {
    const layers = dissect(frame, LINK_TYPE.ethernet);
    expect(layers.map(({ protocol, layer, start, length }) => [protocol, layer, start, length])).toEqual([
      ['eth', 'link', 0, 14], ['ip', 'internet', 14, 20], ['tcp', 'transport', 34, 20], ['data', 'application', 54, 3],
    ]);
    const [, ip, segment, data] = layers;
    expect(ip && findField(ip.tree, 'ip.checksum.status')?.display).toBe('good');
    expect(segment && findField(segment.tree, 'tcp.checksum.status')?.display).toBe('good');
    expect(segment && findField(segment.tree, 'tcp.flags')).toMatchObject({ display: 'FIN, ACK', start: 46, length: 2, bits: { mask: 0x0fff, shift: 0 } });
    expect(segment && findField(segment.tree, 'tcp.flags.fin')).toMatchObject({ value: true, start: 46, length: 2, bits: { mask: 1, shift: 0 } });
    expect(segment && findField(segment.tree, 'tcp.len')).toMatchObject({ value: 3, generated: true });
    expect(data && findField(data.tree, 'data.text')?.display).toBe('bye');
  });

  it('shows a checksum that was broken on the way', () => {
    const broken = frame.slice();
    broken[56] = 0x21;
    const segment = dissect(broken)[2];
    expect(segment && findField(segment.tree, 'tcp.checksum.status')?.display).toBe('bad');
  });

  it('is found behind every link header that we know', () => {
    const packet = frame.subarray(14);
    const behind = (linkType: number, header: string): string => dissect(concatBytes(fromHex(header), packet), linkType).map(({ protocol }) => protocol).join(' ');
    expect(behind(LINK_TYPE.null, '02000000')).toBe('null ip tcp data');
    expect(behind(LINK_TYPE.loop, '00000002')).toBe('null ip tcp data');
    expect(behind(LINK_TYPE.raw, '')).toBe('raw ip tcp data');
    expect(behind(LINK_TYPE.linuxCooked, '0000 0304 0006 000000000000 0000 0800')).toBe('sll ip tcp data');
    expect(behind(LINK_TYPE.ethernet, '000000000000 000000000000 8100 0001 0800')).toBe('eth vlan ip tcp data');
    expect(behind(147, '')).toBe('data');
  });

  it('gives padding to the link, not to the application', () => {
    const padded = concatBytes(frame, new Uint8Array(3));
    const layers = dissect(padded);
    expect(layers[3]).toMatchObject({ protocol: 'data', length: 3 });
    expect(layers[0] && findField(layers[0].tree, 'eth.padding')).toMatchObject({ start: 57, length: 3 });
    const more = dissect(concatBytes(padded, new Uint8Array(5).fill(7)))[0];
    expect(more && ['eth.trailer', 'eth.fcs'].map((name) => findField(more.tree, name))).toMatchObject([{ start: 60, length: 1 }, { start: 61, length: 4, value: 0x07070707 }]);
  });

  it('gives padding to the innermost tag, and none to a frame that stayed short', () => {
    const ends = (tags: string, ...more: readonly number[]): unknown[] => dissect(concatBytes(frame.subarray(0, 12), fromHex(tags), frame.subarray(12), Uint8Array.of(...more))).flatMap(({ tree }) => tree.children.filter(({ name }) => /padding|trailer|fcs$/.test(name)).map(({ name, start, length }) => [name, start, length]));
    expect(ends('', 0, 0)).toEqual([['eth.trailer', 57, 2]]);
    expect(ends('81000001', 1, 2)).toEqual([['vlan.trailer', 61, 2]]);
    expect(ends('88a80001', 1, 2)).toEqual([['ieee8021ad.trailer', 61, 2]]);
    expect(ends('88a8000181000001', ...new Array<number>(9).fill(0))).toEqual([['vlan.trailer', 65, 9]]);
    const short = dissect(concatBytes(frame.subarray(0, 12), fromHex('81000001 0800 4500001c 00010000 40fd0000 0a000001 0a000002'), new Uint8Array(24)));
    expect(short[1]?.tree.children.slice(-2).map(({ name, start, length }) => [name, start, length])).toEqual([['eth.padding', 46, 14], ['vlan.trailer', 60, 2]]);
  });

  it('does not verify what was not captured whole', () => {
    const layers = dissect(frame.subarray(0, 55), LINK_TYPE.ethernet, 2);
    expect(layers[2] && findField(layers[2].tree, 'tcp.checksum.status')?.display).toBe('unverified');
    expect(layers[2] && findField(layers[2].tree, 'tcp.len')?.value).toBe(3);
  });

  it('refuses what has no bytes', () => {
    expect(() => ipv4.encode({ source: '127.0.0.256', destination: '127.0.0.1', protocol: 6 }, new Uint8Array(0), {})).toThrow(TypeError);
    expect(() => ipv4.encode({ source: '127.0.0.1', destination: '127.0.0.1', protocol: 6 }, new Uint8Array(65_536), {})).toThrow(RangeError);
    expect(() => tcp.encode({ sourcePort: 65_536, destinationPort: 1, sequence: 0, flags: 0 }, new Uint8Array(0), v4)).toThrow(RangeError);
    expect(() => udp.encode({ sourcePort: 1, destinationPort: 1 }, new Uint8Array(0), {})).toThrow(TypeError);
  });
});

describe('what is rare', () => {
  it('port unreachable quotes the datagram that nobody took', () => {
    const datagram = assemble([part(ipv4, { source: '127.0.10.1', destination: '127.0.20.1', protocol: 17 }), part(udp, { sourcePort: 5000, destinationPort: 12_000 }, v4)], text('hello'));
    const packet = assemble([part(ipv4, { source: '127.0.20.1', destination: '127.0.10.1', protocol: 1 }), part(icmp, { type: 3, code: 3 })], datagram.subarray(0, 28));
    const layers = dissect(packet, LINK_TYPE.ipv4);
    expect(layers.map(({ protocol, quoted }) => `${protocol}${quoted ? ' quoted' : ''}`)).toEqual(['ip', 'icmp', 'ip quoted', 'udp quoted']);
    expect(layers[1] && findField(layers[1].tree, 'icmp.code')?.display).toBe('Port unreachable (3)');
    expect(layers[3] && findField(layers[3].tree, 'udp.dstport')?.value).toBe(12_000);
    expect(layers[3] && findField(layers[3].tree, 'udp.checksum.status')?.display).toBe('unverified');
  });

  it('IPv6 extension headers are walked to the datagram behind them', () => {
    const packet = assemble([
      part(ipv6, { source: '::1', destination: '::1', nextHeader: 0, extensions: [optionsExtension(0, 60, fromHex('05020000')), optionsExtension(60, 17, fromHex(''))] }),
      part(udp, { sourcePort: 1, destinationPort: 2 }, v6),
    ], text('x'));
    const layers = dissect(packet, LINK_TYPE.ipv6);
    expect(layers.map(({ protocol, length }) => [protocol, length])).toEqual([['ipv6', 56], ['udp', 8], ['data', 1]]);
    expect(layers[0] && findField(layers[0].tree, 'ipv6.opt.router_alert')).toMatchObject({ value: 0, start: 44 });
    expect(layers[1] && findField(layers[1].tree, 'udp.checksum.status')?.display).toBe('good');
  });

  it('only the first fragment names its protocol', () => {
    const fragment = (offset: number): Uint8Array => assemble([part(ipv6, { source: '::1', destination: '::1', nextHeader: 44, extensions: [fragmentExtension(17, offset, true, 7)] })], text('12345678'));
    expect(dissect(fragment(0), LINK_TYPE.ipv6).map(({ protocol }) => protocol)).toEqual(['ipv6', 'udp']);
    expect(dissect(fragment(8), LINK_TYPE.ipv6).map(({ protocol }) => protocol)).toEqual(['ipv6', 'data']);
  });

  it('IPv4 options have names', () => {
    const packet = ipv4.encode({ source: '10.0.0.1', destination: '10.0.0.2', protocol: 2, options: fromHex('94040000 0707080a000009 00') }, new Uint8Array(0), {});
    const tree = ipv4.fields(packet, {}, 0);
    expect(findField(tree, 'ip.options')?.display).toBe('Router alert, Record route, End of options');
    expect(findField(tree, 'ip.rec_rt')).toMatchObject({ value: '10.0.0.9', start: 27, length: 4 });
    expect(findField(tree, 'ip.checksum.status')?.display).toBe('good');
  });

  it('a TCP option list that lies about its length is shown as far as it goes', () => {
    const header = tcp.encode({ sourcePort: 1, destinationPort: 2, sequence: 0, flags: 0, options: [{ kind: 'nop' }, { kind: 'rest', bytes: fromHex('02ff05') }] }, new Uint8Array(0), v4);
    const tree = tcp.fields(header, v4, 0);
    const problems = [...walkFields(tree)].flatMap(({ node }) => node.problem ?? []);
    expect(problems).toEqual(['length 255 goes past the end']);
    expect(tcp.decode(header, v4)).toMatchObject({ status: 'complete', value: { options: [{ kind: 'nop' }, { kind: 'rest' }] } });
  });

  it('says why a header cannot be one', () => {
    expect(ipv4.decode(fromHex('65'), {})).toEqual({ status: 'malformed', at: 0, why: 'version 6 is not 4' });
    expect(ipv4.decode(fromHex('44'), {})).toMatchObject({ status: 'malformed', why: 'header length 16 is shorter than 20' });
    expect(udp.decode(fromHex('0001000200070000'), {})).toMatchObject({ status: 'malformed', at: 4 });
    expect(tcp.decode(new Uint8Array(20), {})).toMatchObject({ status: 'malformed', at: 12 });
  });

  it('names flags as people do', () => {
    expect(tcpFlagsText(TCP_FLAGS.SYN | TCP_FLAGS.ACK)).toBe('SYN, ACK');
    expect(tcpFlagsText(0)).toBe('');
  });
});

describe('values come back as they went', () => {
  const u = (bits: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 });
  const ip4 = fc.ipV4();
  const options = fc.array(fc.oneof(
    fc.constant({ kind: 'nop' as const }), fc.constant({ kind: 'sackPermitted' as const }), fc.record({ kind: fc.constant('mss' as const), size: u(16) }),
    fc.record({ kind: fc.constant('windowScale' as const), shift: u(8) }), fc.record({ kind: fc.constant('timestamps' as const), value: u(32), echo: u(32) }),
    fc.record({ kind: fc.constant('sack' as const), blocks: fc.array(fc.record({ left: u(32), right: u(32) }), { minLength: 1, maxLength: 2 }) }),
  ), { maxLength: 2 });

  it('TCP in IPv4', () => {
    fc.assert(fc.property(ip4, ip4, u(16), u(16), u(32), u(32), u(12), u(16), options, fc.uint8Array({ maxLength: 40 }), (source, destination, sourcePort, destinationPort, sequence, acknowledgment, flags, window, list, payload) => {
      const context = { network: { source, destination } };
      const input = { sourcePort, destinationPort, sequence, acknowledgment, flags, window, options: list };
      const packet = assemble([part(ipv4, { source, destination, protocol: 6 }), part(tcp, input, context)], payload);
      const [network, transport] = dissect(packet, LINK_TYPE.ipv4);
      expect(network && findField(network.tree, 'ip.checksum.status')?.display).toBe('good');
      expect(transport && findField(transport.tree, 'tcp.checksum.status')?.display).toBe('good');
      const decoded = tcp.decode(packet.subarray(20), context);
      if (decoded.status !== 'complete') throw new Error(decoded.status);
      expect(decoded.value).toMatchObject({ ...input, options: expect.anything() as unknown });
      expect(decoded.value.options.slice(0, list.length)).toEqual(list);
      expect(toHex(tcp.encode(decoded.value, packet.subarray(20 + decoded.payload.start), {}))).toBe(toHex(packet.subarray(20)));
    }));
  });

  it('UDP in IPv6', () => {
    fc.assert(fc.property(fc.ipV6(), fc.ipV6(), u(16), u(16), u(20), fc.uint8Array({ maxLength: 40 }), (source, destination, sourcePort, destinationPort, flowLabel, payload) => {
      const context = { network: { source, destination } };
      const packet = assemble([part(ipv6, { source, destination, nextHeader: 17, flowLabel }), part(udp, { sourcePort, destinationPort }, context)], payload);
      const layers = dissect(packet, LINK_TYPE.ipv6);
      expect(layers[0] && findField(layers[0].tree, 'ipv6.flow')?.value).toBe(flowLabel);
      expect(layers[1] && findField(layers[1].tree, 'udp.checksum.status')?.display).toBe('good');
      expect(layers[1]?.status).toMatchObject({ value: { sourcePort, destinationPort, length: 8 + payload.length } });
    }));
  });
});

it('finds every codec by its folder', () => {
  expect([...codecs.keys()].sort()).toEqual(expect.arrayContaining(['data', 'eth', 'icmp', 'icmpv6', 'ip', 'ipv6', 'tcp', 'udp']));
});
