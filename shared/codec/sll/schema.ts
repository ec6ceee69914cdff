// Field types of Linux cooked capture, as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'sll': 'protocol', 'sll.etype': 'uint16 hex', 'sll.gretype': 'uint16 hex', 'sll.halen': 'uint16', 'sll.hatype': 'uint16', 'sll.ifindex': 'uint32', 'sll.ltype': 'uint16 hex',
  'sll.pkttype': 'uint16', 'sll.src.eth': 'ether', 'sll.src.ipv4': 'ipv4', 'sll.src.other': 'bytes', 'sll.trailer': 'bytes', 'sll.unused': 'bytes',
};
