// Linux "cooked" capture, second version (LINKTYPE_LINUX_SLL2, https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html): as sll/,
// with the number of the interface. What `tcpdump -i any` writes today.

import { hex, uint, type ValuesOf } from '../layout';
import { addressLength, addressStart, cookedCodec, packetType } from '../sll/cooked';

const layout = {
  type: uint('sll.etype', 0, 2, { format: hex(4) }),
  reserved: uint('sll.unused', 2, 2, { format: hex(4) }),
  interfaceIndex: uint('sll.ifindex', 4, 4),
  hardware: uint('sll.hatype', 8, 2),
  packetType: packetType(10, 1),
  addressLength: addressLength(11, 1),
  addressStart: addressStart(12),
  addressEnd: uint('sll.unused', 18, 2, { format: hex(4) }),
};

export type Sll2Header = ValuesOf<typeof layout>;

export const codec = cookedCodec({ protocol: 'sll2', claims: ['linktype:276'], length: 20, layout });
