// The names that Wireshark gives to values of fields - ip.proto has TCP for 6, dns.flags.response has "Message is a response" for set -, which a
// filter may say instead of the number. Each protocol's folder has them as `<protocol>/values.ts` exporting `values`; found by folder, no list to edit.

/** Names by number. */
export type ValueNames = Readonly<Record<number, string>>;
/** What a flag is called when it is set, and when it is not. */
export type FlagNames = readonly [set: string, notSet: string];
/** By the fields' names. */
export type ProtocolValues = Readonly<Record<string, ValueNames | FlagNames>>;

const modules = import.meta.glob<{ readonly values: ProtocolValues }>('./*/values.ts', { eager: true });
const all = new Map(Object.values(modules).flatMap(({ values }) => Object.entries(values)));

const isFlag = (names: ValueNames | FlagNames): names is FlagNames => Array.isArray(names);

/** Names of the values of a field, numbers rising; null: its values have none. */
export function valueNames(field: string): readonly (readonly [value: number, name: string])[] | null {
  const names = all.get(field);
  if (names === undefined) return null;
  return isFlag(names) ? [[1, names[0]], [0, names[1]]] : Object.entries(names).map(([value, name]): [number, string] => [Number(value), name]);
}

/** The fields whose values have names. */
export const namedFields = (): readonly string[] => [...all.keys()];
