// UDP in a line: '40000 → 9 Len=12'.

import type { Column } from '../column';
import { findField } from '../field';

export const column: Column = {
  protocol: 'udp',
  name: () => 'UDP',
  info(tree) {
    const value = (name: string): number => Number(findField(tree, name)?.value ?? 0);
    return `${value('udp.srcport')} → ${value('udp.dstport')} Len=${Math.max(0, value('udp.length') - 8)}`;
  },
};
