// DHCP in a line: 'DHCP Offer - Transaction ID 0x3d1d 192.0.2.10'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const shown = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

/** RFC 2132 9.6. */
const MESSAGES = ['', 'Discover', 'Offer', 'Request', 'Decline', 'ACK', 'NAK', 'Release', 'Inform'];

export const column: Column = {
  protocol: 'dhcp',
  name: () => 'DHCP',
  info(tree) {
    const number = Number(findField(tree, 'dhcp.option.dhcp')?.value ?? 0);
    const message = MESSAGES[number] ?? '';
    const kind = message === '' ? 'Boot message' : `DHCP ${message}`;
    const address = shown(tree, 'dhcp.ip.your');
    return `${kind} - Transaction ID ${shown(tree, 'dhcp.id')}${address === '' || address === '0.0.0.0' ? '' : ` ${address}`}`;
  },
};
