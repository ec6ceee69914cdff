// Columns that grow: a typed array that doubles when it is full. Beneath the tables of flows and of links.

type Numbers = Uint8Array<ArrayBuffer> | Int8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
type Make<T extends Numbers> = new (length: number) => T;

/** The same numbers in an array with room for `rows` of `width` numbers. */
export function grown<T extends Numbers>(column: T, rows: number, width = 1): T {
  const wider = new (column.constructor as Make<T>)(rows * width);
  wider.set(column);
  return wider;
}
