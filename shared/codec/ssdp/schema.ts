// The field type of SSDP: what is in it are fields of HTTP.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = { 'ssdp': 'protocol' };
