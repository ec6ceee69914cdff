// Linux "cooked" capture (LINKTYPE_LINUX_SLL, https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html): the link header that
// libpcap writes when it captures on all interfaces at once.

import { bytesNode, hex, uint, type ValuesOf } from '../layout';
import { addressLength, addressStart, cookedCodec, packetType } from './cooked';

/** ARPHRD_IPGRE of Linux. */
const GRE = 778;

const layout = {
  packetType: packetType(0, 2),
  hardware: uint('sll.hatype', 2, 2),
  addressLength: addressLength(4, 2),
  addressStart: addressStart(6),
  addressEnd: uint('sll.unused', 12, 2, { format: hex(4) }),
  type: uint('sll.etype', 14, 2, { format: hex(4) }),
};

export type SllHeader = ValuesOf<typeof layout>;

export const codec = cookedCodec({
  protocol: 'sll', claims: ['linktype:113'], length: 16, layout,
  adapt: (nodes, bytes, base) => {
    const none = bytes.length >= 6 && layout.addressLength.read(bytes) === 0;
    const tunnel = bytes.length >= 4 && layout.hardware.read(bytes) === GRE;
    return nodes.flatMap((node) => {
      // What a GRE tunnel carries is said by GRE's own numbers, which are those of Ethernet (RFC 2784 2.4).
      if (tunnel && node.name === 'sll.etype') return [{ ...node, name: 'sll.gretype' }];
      // Without an address, its field is one with the unused one.
      if (none && node.name === 'sll.src.other') return bytes.length < 14 ? [node] : [bytesNode('sll.unused', bytes, 6, 14, base)];
      return none && node.name === 'sll.unused' ? [] : [node];
    });
  },
});
