// BitTorrent in a line: 'Handshake', 'Piece 3 offset 0'.

import type { Column } from '../column';

export const column: Column = { protocol: 'bittorrent', name: () => 'BitTorrent', info: (tree) => tree.display.replace(/^BitTorrent ?/, '') };
