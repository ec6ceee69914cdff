// The types of fields, with Wireshark's meanings (its FT_ types): what a filter may compare a field with, and how `tshark -T fields` prints it.
// Each protocol's folder has them as `<protocol>/schema.ts` exporting `schema`; found by folder, no list to edit.

export type FieldKind =
  | 'protocol' | 'none' | 'bool' | 'uint8' | 'uint16' | 'uint24' | 'uint32' | 'uint40' | 'uint48' | 'uint64' | 'int8' | 'int16' | 'int32' | 'int64' | 'double'
  | 'string' | 'bytes' | 'ipv4' | 'ipv6' | 'ether' | 'abstime' | 'reltime' | 'guid' | 'oid' | 'frame';

/** 'uint16 hex': numbers that are printed as 0x and all digits of their width. */
export type FieldSpelling = FieldKind | `${FieldKind} hex`;

/** Fields of a protocol by Wireshark's names; the protocol's own name is among them, of kind 'protocol'. */
export type ProtocolSchema = Readonly<Record<string, FieldSpelling>>;

export interface FieldType {
  readonly name: string;
  readonly kind: FieldKind;
  readonly hex: boolean;
}

const modules = import.meta.glob<{ readonly schema: ProtocolSchema }>('./*/schema.ts', { eager: true });

/** Every field that is known, by name. */
export const FIELD_TYPES: ReadonlyMap<string, FieldType> = new Map(
  Object.values(modules).flatMap(({ schema }) => Object.entries(schema).map(([name, spelling]): [string, FieldType] => {
    const [kind, hex] = spelling.split(' ') as [FieldKind, string?];
    return [name, { name, kind, hex: hex === 'hex' }];
  })),
);
