import { describe, expect, it } from 'vitest';
import type { KernelPacket } from './capture';
import { withoutOvertaken } from './overtaken';

const [CLIENT, SERVER] = ['127.0.61.2:42461', '127.0.61.3:8088'];
let frame = 0;
const packet = (from: string, seq: number, ack: number, flags: '' | 'SYN' | 'FIN' | 'RST' = '', size = 0): KernelPacket =>
  ({ frame: ++frame, from, to: from === CLIENT ? SERVER : CLIENT, transport: 'tcp', seq, ack, syn: flags === 'SYN', fin: flags === 'FIN', rst: flags === 'RST', payload: new Uint8Array(size) });
const up = (seq: number, ack: number, flags: '' | 'SYN' | 'FIN' | 'RST' = '', size = 0): KernelPacket => packet(CLIENT, seq, ack, flags, size);
const down = (seq: number, ack: number, flags: '' | 'SYN' | 'FIN' = '', size = 0): KernelPacket => packet(SERVER, seq, ack, flags, size);

// As tcpdump had it once, with other numbers: the acknowledgment of the server's FIN comes behind the client's own.
const TALK = [up(0, 0, 'SYN'), down(0, 1, 'SYN'), up(1, 1), up(1, 1, '', 105), down(1, 106), down(1, 106, '', 5174), up(106, 5175), down(5175, 106, 'FIN')];
const ENDS = [up(106, 5176, 'FIN'), down(5176, 107)];
const LATE = [up(106, 5176), down(5176, 107)];

describe('a RST that answers what a FIN has overtaken', () => {
  it('is the kernel’s own affair', () => {
    expect(withoutOvertaken([...TALK, ...ENDS, ...LATE, up(107, 0, 'RST')])).toEqual([...TALK, ...ENDS, ...LATE]);
  });

  it('is one that counts when anything else explains it', () => {
    for (const packets of [
      // Nothing came late.
      [...TALK, ...ENDS, up(107, 0, 'RST')],
      // Bytes came late, or what came is not old.
      [...TALK, ...ENDS, up(106, 5176, '', 1), down(5176, 107), up(107, 0, 'RST')],
      [...TALK, ...ENDS, up(107, 5176), down(5176, 107), up(107, 0, 'RST')],
      // One side has not finished; the other one resets; the number is another.
      [...TALK.slice(0, -1), ...ENDS, ...LATE, up(107, 0, 'RST')],
      [...TALK, ...ENDS, ...LATE, packet(SERVER, 5176, 0, 'RST')],
      [...TALK, ...ENDS, ...LATE, up(106, 0, 'RST')],
      // The acknowledgment came in its place, before the FIN.
      [...TALK, up(106, 5176), ...ENDS, down(5176, 107), up(107, 0, 'RST')],
    ]) expect(withoutOvertaken(packets)).toEqual(packets);
  });
});
