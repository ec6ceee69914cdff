// Linux "cooked" capture (LINKTYPE_LINUX_SLL, https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html): the link header that
// libpcap writes when it captures on all interfaces at once.

import { bytesNode, hex, uint, type ValuesOf } from '../layout';
import { addressLength, addressStart, cookedCodec, packetType } from './cooked';

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
    return nodes.flatMap((node) => {
      // Without an address, its field is one with the unused one.
      if (none && node.name === 'sll.src.other') return bytes.length < 14 ? [node] : [bytesNode('sll.unused', bytes, 6, 14, base)];
      return none && node.name === 'sll.unused' ? [] : [node];
    });
  },
});
