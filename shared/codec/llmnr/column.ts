// LLMNR in a line, as DNS.

import { column as dns } from '../dns/column';
import type { Column } from '../column';

export const column: Column = { protocol: 'llmnr', name: () => 'LLMNR', info: (tree) => dns.info(tree) };
