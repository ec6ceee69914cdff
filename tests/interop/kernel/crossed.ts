// What no call tells of: a FIN or a RST that its side sent while something was still on the way to it. On loopback nearly everything is there when send()
// returns; on a busy machine the kernel leaves its soft interrupts to a thread of their own, and then an end crosses what it would have waited for, or not
// have been sent after. Calls cannot tell such ends (RFC 9293 3.6.1, 3.10.7.4), but the packets themselves prove that they crossed.

import type { KernelPacket } from './capture';

/** The index of the first FIN or RST of a connection's packets that crossed something, or answers what did; their number when there is none. */
export function firstCrossed(packets: readonly KernelPacket[]): number {
  const crossed = packets.findIndex((packet, index) => (packet.fin || packet.rst) && hasCrossed(packet, index, packets));
  return crossed < 0 ? packets.length : crossed;
}

function hasCrossed(end: KernelPacket, index: number, packets: readonly KernelPacket[]): boolean {
  const before = packets.slice(0, index);
  const theirs = before.filter(({ from }) => from !== end.from);
  // Whom a RST has reached sends nothing any more.
  if (theirs.some(({ rst }) => rst)) return true;
  // What it acknowledges is what had come; a RST that answers a segment acknowledges nothing.
  if (!isAnswer(end) && theirs.some((packet) => carries(packet) && after(endOf(packet), end.ack))) return true;
  // Both ends are over: what is answered was sent again, or overtaken, and found nobody.
  if (isAnswer(end) && [end.from, end.to].every((side) => isEndAcknowledged(side, before))) return true;
  // The peer answers with RST what came before this end, and would have done so at once.
  const rst = packets.findIndex((packet, at) => at > index && packet.rst && packet.from !== end.from);
  const answer = packets[rst];
  return answer !== undefined && isAnswer(answer) && before.some((packet) => packet.from === end.from && carries(packet) && packet.ack === answer.seq);
}

function isEndAcknowledged(side: string, packets: readonly KernelPacket[]): boolean {
  const fin = packets.find((packet) => packet.fin && packet.from === side);
  return fin !== undefined && packets.some((packet) => packet.to === side && !packet.rst && packet.frame > fin.frame && !after(endOf(fin), packet.ack));
}

const isAnswer = ({ rst, ack }: KernelPacket): boolean => rst && ack === 0;
const carries = ({ fin, payload }: KernelPacket): boolean => fin || payload.length > 0;
const endOf = ({ seq, payload, fin }: KernelPacket): number => (seq + payload.length + (fin ? 1 : 0)) >>> 0;
/** Of two sequence numbers, modulo 2^32. */
const after = (one: number, other: number): boolean => ((one - other) | 0) > 0;
