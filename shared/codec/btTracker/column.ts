// The UDP tracker in a line: 'Announce Request'.

import type { Column } from '../column';

export const column: Column = { protocol: 'bt-tracker', name: () => 'BT-Tracker', info: (tree) => tree.display.replace(/^BitTorrent Tracker ?/, '') };
