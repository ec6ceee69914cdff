// What a connection tells of its segments, and ARP packets of each other: who closes first, and who contradicts whom.

import { expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { createDissector } from './dissector';
import { Line, openFrames } from './captured.fixture';
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

/** An ARP packet on Ethernet: who sends it, and which address he says to have. */
const arp = (operation: number, hardware: string, address: string): Uint8Array => fromHex(`ffffffffffff ${hardware} 0806 0001 0800 06 04 000${operation} ${hardware} ${address} 000000000000 0a000009`);

it('an address that two stations say to have is told with the packet that said otherwise', () => {
  const frames = [arp(1, '020000000001', '0a000001'), arp(1, '020000000001', '0a000001'), arp(2, '020000000002', '0a000001'), arp(2, '020000000002', '0a000002'), arp(9, '020000000003', '0a000001')];
  expect(told(frames, 'arp.duplicate-address-detected', 'arp.duplicate-address-frame')).toEqual([[], [], ['duplicate-address-detected 1', 'duplicate-address-frame 2'], [], []]);
});
