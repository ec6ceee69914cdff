// QUIC in a line: what its header says, for the rest is sealed.

import type { Column } from '../column';

export const column: Column = { protocol: 'quic', name: () => 'QUIC', info: (tree) => tree.display.replace(/^QUIC ?/, '') };
