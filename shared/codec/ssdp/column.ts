// SSDP in a line, as HTTP: 'M-SEARCH * HTTP/1.1'.

import { column as http } from '../http/column';
import type { Column } from '../column';

export const column: Column = { protocol: 'ssdp', name: () => 'SSDP', info: (tree) => http.info(tree) };
