// mDNS in a line, as DNS.

import { column as dns } from '../dns/column';
import type { Column } from '../column';

export const column: Column = { protocol: 'mdns', name: () => 'MDNS', info: (tree) => dns.info(tree) };
