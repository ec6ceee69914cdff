// Bytes that nobody reads have no line of their own: the protocol around them speaks.

import type { Column } from '../column';

export const column: Column = { protocol: 'data', name: () => 'Data', info: () => '' };
