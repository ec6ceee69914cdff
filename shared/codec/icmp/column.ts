// ICMP in a line: 'Echo request id=1 seq=7', 'Destination unreachable (Port unreachable)'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const shown = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

const words = (text: string): string => text.replace(/ \(\d+\)$/, '');

export const column: Column = {
  protocol: 'icmp',
  name: () => 'ICMP',
  info(tree) {
    const kind = words(shown(tree, 'icmp.type'));
    const sequence = shown(tree, 'icmp.seq');
    if (sequence !== '') return `${kind} id=${shown(tree, 'icmp.ident')} seq=${sequence}`;
    const code = words(shown(tree, 'icmp.code'));
    return code === '' || /^\d+$/.test(code) ? kind : `${kind} (${code})`;
  },
};
