// WebSocket in a line: 'Text [FIN]'.

import type { Column } from '../column';
import { findField, type FieldNode } from '../field';

const shown = (tree: FieldNode, name: string): string => findField(tree, name)?.display ?? '';

export const column: Column = {
  protocol: 'websocket',
  name: () => 'WebSocket',
  info: (tree) => `${tree.display.replace(/^WebSocket ?/, '')}${findField(tree, 'websocket.fin')?.value === true ? ' [FIN]' : ''}${shown(tree, 'websocket.mask') === 'Set' ? ' [MASKED]' : ''}`.trim(),
};
