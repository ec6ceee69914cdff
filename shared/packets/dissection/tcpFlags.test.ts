// What a connection tells of its segments, and ARP packets of each other: who closes first, what flags mean that both agreed on, what came twice,
// and who contradicts whom.

import { expect, it } from 'vitest';
import { concatBytes, fromHex } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import { interfaceBlock, packetBlock, sectionBlock } from '../../codec/pcapng/write';
import { createDissector } from './dissector';
import { TCP_FLAGS, type TcpInput } from '../../codec/tcp/codec';
import { segmentFrame } from '../index/frames.fixture';
import { Line, openBytes, openFrames } from './captured.fixture';
import { PacketFields } from './packetFields';

const told = (frames: readonly Uint8Array[], ...names: string[]): string[][] => {
  const dissector = createDissector(openFrames(frames));
  return frames.map((_, number) => {
    const fields = new PacketFields(dissector.dissect(number));
    return names.filter((name) => fields.texts(name).length > 0).map((name) => `${name.split('.').at(-1) ?? ''} ${fields.texts(name).join(',')}`);
  });
};

it('connections open, are accepted, and are closed by one end first', () => {
  const { frames } = new Line().say('up', 'hi').close('down').close('up');
  const names = ['syn', 'synack', 'fin', 'fin_active', 'fin_passive', 'rst'].map((name) => `tcp.connection.${name}`);
  expect(told(frames, ...names)).toEqual([['syn 1'], ['synack 1'], [], ['fin 1', 'fin_active 1'], ['fin 1', 'fin_passive 1']]);
});

/** A segment of a connection whose client has the address that ends in 1. */
const segment = (dir: 'up' | 'down', tcp: Pick<TcpInput, 'sequence' | 'flags'> & Partial<TcpInput>, payload = ''): Uint8Array => {
  const [client, server] = [['10.0.0.1', 40_000], ['10.0.0.2', 80]] as const;
  return segmentFrame({ from: dir === 'up' ? client : server, to: dir === 'up' ? server : client, tcp, payload: utf8Bytes(payload) });
};
const { SYN, ACK, AE, CWR, ECE } = TCP_FLAGS;

it('accurate ECN, once both agreed on it, makes one counter of three flags (RFC 9768 3.1)', () => {
  const opened = (answer: number): Uint8Array[] => [
    segment('up', { sequence: 100, flags: SYN | AE | CWR | ECE }), segment('down', { sequence: 500, acknowledgment: 101, flags: SYN | ACK | answer }),
    segment('up', { sequence: 101, acknowledgment: 501, flags: ACK | AE | ECE }, 'hi'),
  ];
  expect(told(opened(CWR), 'tcp.flags.ace', 'tcp.flags.ae', 'tcp.flags.ece', 'tcp.flags.str')[2]).toEqual(['ace 5', 'str ···-5-·A····']);
  expect(told(opened(ECE), 'tcp.flags.ace', 'tcp.flags.ae', 'tcp.flags.ece', 'tcp.flags.str')[2]).toEqual(['ae 1', 'ece 1', 'str ···A·E·A····']);
});

it('a first block of SACK that is acknowledged, or lies in the second one, came twice (RFC 2883 4)', () => {
  const acked = (...blocks: (readonly [number, number])[]): string[] | undefined => told([
    segment('up', { sequence: 100, flags: SYN }), segment('down', { sequence: 500, acknowledgment: 101, flags: SYN | ACK }), segment('up', { sequence: 101, acknowledgment: 501, flags: ACK }, 'abcdefgh'),
    segment('down', { sequence: 501, acknowledgment: 105, flags: ACK, options: [{ kind: 'nop' }, { kind: 'nop' }, { kind: 'sack', blocks: blocks.map(([left, right]) => ({ left, right })) }] }),
  ], 'tcp.options.sack_le', 'tcp.options.sack.dsack_le', 'tcp.options.sack.dsack_re')[3];
  expect(acked([107, 109])).toEqual(['sack_le 7']);
  expect(acked([101, 103])).toEqual(['sack_le 1', 'dsack_le 1', 'dsack_re 3']);
  expect(acked([108, 109], [107, 110])).toEqual(['sack_le 8,7', 'dsack_le 8', 'dsack_re 9']);
});

it('a header whose options the capture cut still counts, and so does the one in a first fragment', () => {
  const whole = segment('up', { sequence: 101, acknowledgment: 501, flags: ACK, options: [{ kind: 'nop' }, { kind: 'nop' }, { kind: 'timestamps', value: 7, echo: 9 }] }, 'hi');
  const fragment = segment('up', { sequence: 103, acknowledgment: 501, flags: ACK }, 'more bytes');
  fragment[20] = 0x20;
  const frames = [segment('up', { sequence: 100, flags: SYN }), segment('down', { sequence: 500, acknowledgment: 101, flags: SYN | ACK }), whole.subarray(0, 58), fragment];
  const names = ['seq', 'nxtseq', 'ack', 'stream'].map((name) => `tcp.${name}`);
  const dissector = createDissector(openBytes(concatBytes(sectionBlock('test'), interfaceBlock(1, 'lo', ''), ...frames.map((frame, n) => packetBlock(0, BigInt(n), frame, n === 2 ? whole.length : frame.length)))));
  const said = (number: number): string[] => {
    const fields = new PacketFields(dissector.dissect(number));
    return names.map((name) => fields.texts(name).join(','));
  };
  expect(said(2)).toEqual(['1', '3', '1', '0']);
  expect(said(3)).toEqual(['3', '', '1', '0']);
});

/** An ARP packet on Ethernet: who sends it, and which address he says to have. */
const arp = (operation: number, hardware: string, address: string): Uint8Array => fromHex(`ffffffffffff ${hardware} 0806 0001 0800 06 04 000${operation} ${hardware} ${address} 000000000000 0a000009`);

it('an address that two stations say to have is told with the packet that said otherwise', () => {
  const frames = [arp(1, '020000000001', '0a000001'), arp(1, '020000000001', '0a000001'), arp(2, '020000000002', '0a000001'), arp(2, '020000000002', '0a000002'), arp(9, '020000000003', '0a000001')];
  expect(told(frames, 'arp.duplicate-address-detected', 'arp.duplicate-address-frame')).toEqual([[], [], ['duplicate-address-detected 1', 'duplicate-address-frame 2'], [], []]);
});
