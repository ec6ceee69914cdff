// Assertions that narrow types; used to close switches and to state what cannot be otherwise.

/** Closes a switch over a union: a new member becomes a type error where it is forgotten. */
export function never(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}

/** The value, or an error that names what was missing. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`missing: ${what}`);
  return value;
}
