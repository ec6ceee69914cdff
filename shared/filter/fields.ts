// Fields by the names that a filter may use: those of FIELD_TYPES, and names that Wireshark had before.

import { FIELD_TYPES, type FieldType } from '../codec/schema';

const RENAMED: readonly (readonly [string, string])[] = [['ssl', 'tls'], ['bootp', 'dhcp']];

/** Null: there is none. */
export function fieldNamed(name: string): FieldType | null {
  const known = FIELD_TYPES.get(name);
  if (known !== undefined) return known;
  for (const [before, now] of RENAMED) if (name === before || name.startsWith(`${before}.`)) return FIELD_TYPES.get(`${now}${name.slice(before.length)}`) ?? null;
  return null;
}
