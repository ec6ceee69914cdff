// Which echo request a reply of ICMP belongs to, and the time that ping writes into its data.

import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex } from '../../base/bytes';
import { assemble, part } from '../../codec/assemble';
import { codec as ethernet } from '../../codec/ethernet/codec';
import { codec as icmp } from '../../codec/icmp/codec';
import { codec as icmpv6 } from '../../codec/icmpv6/codec';
import { codec as ipv4, IPV4_FLAGS } from '../../codec/ipv4/codec';
import { codec as ipv6 } from '../../codec/ipv6/codec';
import { openFrames } from './captured.fixture';
import { createDissector } from './dissector';
import { DISSECTION_LIMITS } from './limits';
import { PacketFields } from './packetFields';

const [A, B, C] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
const [A6, B6] = ['fd00::1', 'fd00::2'];
const DATA = new Uint8Array(24).fill(0x61);
const MACS = { destination: '02:00:00:00:00:02', source: '02:00:00:00:00:01' };
const link = (type: number) => part(ethernet, { ...MACS, type });

const message = (type: number, sequence: number, data: Uint8Array): Uint8Array => icmp.encode({ type, code: 0, rest: 0x4d_0000 + sequence }, data, {});
const packet = (source: string, destination: string, payload: Uint8Array, more: { flags?: number; fragmentOffset?: number } = {}): Uint8Array => assemble([link(0x0800), part(ipv4, { source, destination, protocol: 1, ...more })], payload);
const ask = (sequence: number, data: Uint8Array = DATA, to: string = B): Uint8Array => packet(A, to, message(8, sequence, data));
const answer = (sequence: number, data: Uint8Array = DATA, from: string = B): Uint8Array => packet(from, A, message(0, sequence, data));
const echo6 = (type: number, source: string, destination: string, data: Uint8Array = DATA): Uint8Array => assemble([link(0x86dd), part(ipv6, { source, destination, nextHeader: 58 }), part(icmpv6, { type, code: 0, rest: 7 }, { network: { source, destination } })], data);

/** What is told of each packet: the names' last words, with their texts. */
function told(frames: readonly Uint8Array[], lookAhead = true, order: readonly number[] = [...frames.keys()]): string[] {
  const dissector = createDissector({ ...openFrames(frames), lookAhead });
  return order.map((number) => {
    const fields = new PacketFields(dissector.dissect(number));
    const names = ['icmp', 'icmpv6'].flatMap((protocol) => ['resp_in', 'no_resp', 'resp_to', 'resptime'].map((name) => `${protocol}.${name}`));
    return names.flatMap((name) => fields.texts(name).map((text) => `${name} ${text}`)).join(', ');
  });
}

describe('an echo', () => {
  it('knows its reply, and the reply its request and how long it took', () => {
    const frames = [ask(1), ask(2), answer(2), answer(1)];
    expect(told(frames)).toEqual(['icmp.resp_in 4', 'icmp.resp_in 3', 'icmp.resp_to 2, icmp.resptime 1', 'icmp.resp_to 1, icmp.resptime 3']);
    expect(told(frames, true, [3, 0, 2])).toEqual(['icmp.resp_to 1, icmp.resptime 3', 'icmp.resp_in 4', 'icmp.resp_to 2, icmp.resptime 1']);
    expect(told(frames, false)).toEqual(['', '', 'icmp.resp_to 2, icmp.resptime 1', 'icmp.resp_to 1, icmp.resptime 3']);
  });

  it('of ICMPv6 too', () => {
    expect(told([echo6(128, A6, B6), echo6(129, B6, A6), echo6(128, A6, 'ff02::1'), echo6(129, B6, A6)])).toEqual(['icmpv6.resp_in 2', 'icmpv6.resp_to 1, icmpv6.resptime 1', '', '']);
    expect(told([echo6(128, A6, B6)])).toEqual(['icmpv6.no_resp 1']);
  });

  it('is not answered by other data, another host, or the one who asks', () => {
    expect(told([ask(1), answer(1, DATA.subarray(1)), answer(1, DATA, C), packet(A, B, message(0, 1, DATA))])).toEqual(['icmp.no_resp 1', '', '', '']);
  });

  it('that was sent again is answered once, the latest first', () => {
    expect(told([ask(1), ask(1), answer(1), answer(1)])).toEqual(['icmp.no_resp 1', 'icmp.resp_in 3', 'icmp.resp_to 2, icmp.resptime 1', '']);
  });

  it('to many has no reply of its own', () => {
    expect(told([ask(1, DATA, '255.255.255.255'), ask(2, DATA, '224.0.0.1'), answer(1)])).toEqual(['', '', '']);
  });

  it('may come in fragments', () => {
    const cut = (whole: Uint8Array, source: string, destination: string): Uint8Array[] => [packet(source, destination, whole.subarray(0, 16), { flags: IPV4_FLAGS.MF }), packet(source, destination, whole.subarray(16), { flags: 0, fragmentOffset: 2 })];
    const frames = [...cut(message(8, 1, DATA), A, B), ...cut(message(0, 1, DATA), B, A)];
    expect(told(frames)).toEqual(['', 'icmp.resp_in 4', '', 'icmp.resp_to 2, icmp.resptime 2']);
  });

  it('is followed within bounds', () => {
    const between = new Array<Uint8Array>(DISSECTION_LIMITS.echoes).fill(ask(3));
    const frames = [ask(1), ask(2), ...between, answer(2), answer(1)];
    const last = frames.length - 1;
    // In rising steps nothing is lost; from out of nowhere only so many messages before a packet count.
    expect(told(frames, false, [0, 2000, last - 1, last])).toEqual(['', '', `icmp.resp_to 2, icmp.resptime ${last - 2}`, `icmp.resp_to 1, icmp.resptime ${last}`]);
    expect(told(frames, false, [last, last - 1, last])).toEqual(['', '', '']);
    expect(told([ask(1), ...between.slice(1), answer(1)], false, [between.length])).toEqual([`icmp.resp_to 1, icmp.resptime ${between.length}`]);
  });
});

describe('the time in the data of an echo', () => {
  // The first frame's: 1_700_000_000.
  const times = (data: string): string[] => {
    const fields = new PacketFields(createDissector(openFrames([ask(1, fromHex(data))])).dissect(0));
    return ['icmp.data_time', 'icmp.data_time_relative', 'data.len'].map((name) => fields.texts(name).join());
  };

  it('is read in either byte order, and the data is what follows it', () => {
    const sent = ['Nov 14, 2023 22:13:19.999000000 UTC', '0.001000000', '2'];
    expect(times('6553f0ff 000f3e58 6161')).toEqual(sent);
    expect(times('fff05365 583e0f00 6161')).toEqual(sent);
    expect(times('6553f0ff 000f3e58')).toEqual([...sent.slice(0, 2), '']);
  });

  it('is no time when it is far from the packet, or has too many microseconds', () => {
    expect(times('6455f0ff 000f3e58 6161')).toEqual(['', '', '10']);
    expect(times('6553f0ff 000f4240 6161')).toEqual(['', '', '10']);
    expect(times('6553f0ff')).toEqual(['', '', '4']);
  });

  it('lies in the bytes of the echo', () => {
    const { layers } = createDissector(openFrames([ask(1, concatBytes(fromHex('6553f0ff000f3e58'), DATA))])).dissect(0);
    expect(layers.slice(3).map(({ protocol, start, length }) => [protocol, start, length])).toEqual([['icmp', 34, 16], ['data', 50, 24]]);
  });
});
