// ICMPv6 in a line: 'Echo request id=1 seq=7', 'Destination unreachable (Port unreachable)'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const shown = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

const words = (text: string): string => text.replace(/ \(\d+\)$/, '');

export const column: Column = {
  protocol: 'icmpv6',
  name: () => 'ICMPv6',
  info(tree) {
    const kind = words(shown(tree, 'icmpv6.type'));
    const target = shown(tree, 'icmpv6.nd.ns.target_address') || shown(tree, 'icmpv6.nd.na.target_address');
    if (target !== '') return `${kind} for ${target}`;
    const sequence = shown(tree, 'icmpv6.echo.sequence_number');
    if (sequence !== '') return `${kind} id=${shown(tree, 'icmpv6.echo.identifier')} seq=${sequence}`;
    const code = words(shown(tree, 'icmpv6.code'));
    return code === '' || /^\d+$/.test(code) ? kind : `${kind} (${code})`;
  },
};
