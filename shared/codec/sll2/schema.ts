// The second version of Linux cooked capture has the fields of the first (sll/schema.ts); here is only its own name.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = { 'sll2': 'protocol' };
