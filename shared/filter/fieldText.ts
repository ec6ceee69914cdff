// A value as string() gives it: numbers in decimal, addresses as people write them.

import { toHex } from '../base/bytes';
import { ipv4Text, ipv6Text } from '../codec/address';
import type { FieldKind } from '../codec/schema';
import type { FilterValue } from './filter';

export function textOfValue(value: FilterValue, kind: FieldKind): string {
  if (!(value instanceof Uint8Array)) return String(value);
  if (kind === 'ipv4') return ipv4Text(value);
  if (kind === 'ipv6') return ipv6Text(value);
  if (kind === 'oid') return oidText(value);
  if (kind === 'guid') return toHex(value).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return toHex(value, ':');
}

/** X.690 8.19 */
function oidText(bytes: Uint8Array): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of bytes) {
    number = number * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    const first = Math.min(2, Math.floor(number / 40));
    numbers.push(...(numbers.length === 0 ? [first, number - first * 40] : [number]));
    number = 0;
  }
  return numbers.join('.');
}
