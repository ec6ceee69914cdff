import { describe, expect, it } from 'vitest';
import type { KernelPacket } from './capture';
import { firstCrossed } from './crossed';

const [CLIENT, SERVER] = ['127.0.61.2:42461', '127.0.61.3:8088'];
let frame = 0;
type Flags = '' | 'SYN' | 'FIN' | 'RST';
const packet = (from: string, seq: number, ack: number, flags: Flags = '', size = 0): KernelPacket =>
  ({ frame: ++frame, from, to: from === CLIENT ? SERVER : CLIENT, transport: 'tcp', seq, ack, syn: flags === 'SYN', fin: flags === 'FIN', rst: flags === 'RST', payload: new Uint8Array(size) });
const up = (seq: number, ack: number, flags: Flags = '', size = 0): KernelPacket => packet(CLIENT, seq, ack, flags, size);
const down = (seq: number, ack: number, flags: Flags = '', size = 0): KernelPacket => packet(SERVER, seq, ack, flags, size);

const TALK = [up(0, 0, 'SYN'), down(0, 1, 'SYN'), up(1, 1), up(1, 1, '', 66), down(1, 67)];
/** The client gives up; the server answers all the same, and is answered with RST. */
const [LEAVES, ANSWER, ANSWERED] = [up(67, 1, 'FIN'), down(1, 68, '', 193), up(68, 0, 'RST')];

describe('ends that cross nothing', () => {
  it.each([
    ['one after the other', [...TALK, up(67, 1, 'FIN'), down(1, 68, 'FIN'), up(68, 2)]],
    ['a RST that answers at once', [...TALK, LEAVES, ANSWER, ANSWERED]],
    ['a FIN behind bytes, and the RST that answers both', [...TALK, LEAVES, down(1, 68, 'FIN', 193), ANSWERED]],
    ['a RST for what lay unread', [...TALK, down(1, 67, '', 193), up(67, 194, 'RST')]],
    ['numbers that begin again', [up(0xffff_fff0, 0, 'SYN'), down(0, 0xffff_fff1, 'SYN'), up(0xffff_fff1, 1, '', 66), down(1, 51), up(51, 1, 'FIN'), down(1, 52, 'FIN')]],
  ])('%s', (_what, packets) => expect(firstCrossed(packets)).toBe(packets.length));
});

describe('the first end that crossed something', () => {
  it.each([
    ['a FIN and the other FIN', [...TALK, LEAVES, down(1, 67, 'FIN')], 6],
    ['a FIN and bytes', [...TALK, down(1, 67, '', 193), up(67, 1, 'FIN'), up(68, 0, 'RST')], 6],
    ['a FIN and a RST', [...TALK, up(67, 1, 'RST'), down(1, 67, 'FIN')], 6],
    ['a FIN and the RST that answers what was before it', [...TALK, LEAVES, ANSWER, down(194, 68, 'FIN'), ANSWERED], 7],
    ['a RST and the RST that answers what was before it', [...TALK, LEAVES, ANSWER, down(194, 68, 'RST'), ANSWERED], 7],
    ['a FIN that went again and its acknowledgment', [...TALK, LEAVES, down(1, 68, 'FIN'), down(1, 68, 'FIN'), up(68, 2), up(68, 2), down(2, 0, 'RST')], 10],
  ])('%s', (_what, packets, index) => expect(firstCrossed(packets)).toBe(index));
});
