// ARP in a line: 'Who has 192.0.2.1? Tell 192.0.2.2', '192.0.2.1 is at 02:00:00:00:00:01'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const shown = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

export const column: Column = {
  protocol: 'arp',
  name: () => 'ARP',
  info(tree) {
    const source = shown(tree, 'arp.src.proto_ipv4');
    const target = shown(tree, 'arp.dst.proto_ipv4');
    const code = Number(findField(tree, 'arp.opcode')?.value ?? 0);
    if (source === '' || target === '') return shown(tree, 'arp.opcode');
    if (code === 1) return source === target ? `Gratuitous ARP for ${source}` : `Who has ${target}? Tell ${source}`;
    return code === 2 ? `${source} is at ${shown(tree, 'arp.src.hw_mac')}` : shown(tree, 'arp.opcode');
  },
};
