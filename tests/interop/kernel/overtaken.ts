// One thing that the kernel does and no call tells of: a segment that a FIN of its own side has overtaken on the way. On loopback each processor has a
// queue of its own, so the delayed acknowledgment that a timer sends on one (RFC 9293 3.8.6.3) may come behind the FIN of a close() on the other. The peer
// waits in TIME_WAIT by then, acknowledges once more what it takes for old (3.10.7.4), and the first side, which has gone, answers that with RST (3.10.7.1).

import type { KernelPacket } from './capture';

/** The packets of one connection in their order, without such RSTs: every one that anything else explains stays. */
export function withoutOvertaken(packets: readonly KernelPacket[]): readonly KernelPacket[] {
  return packets.filter((packet, index) => !packet.rst || !answersOvertaken(packets.slice(0, index), packet));
}

function answersOvertaken(before: readonly KernelPacket[], rst: KernelPacket): boolean {
  const [answered, late] = [before.at(-1), before.at(-2)];
  if (answered === undefined || late === undefined || answered.from === rst.from || late.from !== rst.from) return false;
  const fins = before.filter(({ fin }) => fin);
  const own = fins.find(({ from }) => from === rst.from);
  // Both have finished, and this side's end was acknowledged before what it had sent earlier came.
  if (own === undefined || !fins.some(({ from }) => from !== rst.from)) return false;
  const end = (own.seq + own.payload.length + 1) >>> 0;
  const isBare = ({ syn, fin, rst: reset, payload }: KernelPacket): boolean => !syn && !fin && !reset && payload.length === 0;
  const acknowledged = before.findIndex((packet) => packet.from !== rst.from && packet.ack === end && isBare(packet));
  const isOld = isBare(late) && late.seq === (own.seq + own.payload.length) >>> 0 && acknowledged > before.indexOf(own) && acknowledged < before.length - 2;
  return isOld && isBare(answered) && answered.ack === end && rst.seq === end;
}
