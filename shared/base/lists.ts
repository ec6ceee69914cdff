// Growable lists of numbers on typed arrays: what grows with the events of a trace is kept in these, not in objects.
// One class for each element type, written out, so that the hot paths of the fold stay monomorphic.

/** A list of numbers that may grow; readers see only this. */
export interface NumberList {
  readonly length: number;
  at(index: number): number;
}

const FIRST = 8;
/** What empty lists share: a connection has a dozen lists, and most of them stay empty. */
const NO_FLOAT64 = new Float64Array(0);
const NO_UINT32 = new Uint32Array(0);
const NO_INT32 = new Int32Array(0);

const outside = (index: number, length: number): RangeError => new RangeError(`index ${index} is outside of a list of ${length}`);

/** 64-bit floats: times, stream offsets. */
export class F64List implements NumberList {
  private data = NO_FLOAT64;
  private used = 0;

  get length(): number {
    return this.used;
  }

  /** The element; throws RangeError outside of the list. */
  at(index: number): number {
    if (index < 0 || index >= this.used) throw outside(index, this.used);
    return this.data[index] as number;
  }

  push(value: number): void {
    if (this.used === this.data.length) this.data = grown(this.data, new Float64Array(Math.max(FIRST, this.used * 2)));
    this.data[this.used++] = value;
  }

  set(index: number, value: number): void {
    if (index < 0 || index >= this.used) throw outside(index, this.used);
    this.data[index] = value;
  }

  /** Puts `value` before element `index`; costs the length of the tail. */
  insert(index: number, value: number): void {
    this.push(value);
    this.data.copyWithin(index + 1, index, this.used - 1);
    this.data[index] = value;
  }

  /** Takes an element out; costs the length of the tail. */
  remove(index: number): void {
    if (index < 0 || index >= this.used) throw outside(index, this.used);
    this.data.copyWithin(index, index + 1, this.used--);
  }
}

/** Unsigned 32-bit: sequence numbers, ids. */
export class U32List implements NumberList {
  private data = NO_UINT32;
  private used = 0;

  get length(): number {
    return this.used;
  }

  /** The element; throws RangeError outside of the list. */
  at(index: number): number {
    if (index < 0 || index >= this.used) throw outside(index, this.used);
    return this.data[index] as number;
  }

  push(value: number): void {
    if (this.used === this.data.length) this.data = grown(this.data, new Uint32Array(Math.max(FIRST, this.used * 2)));
    this.data[this.used++] = value;
  }

  set(index: number, value: number): void {
    if (index < 0 || index >= this.used) throw outside(index, this.used);
    this.data[index] = value;
  }

  /** Puts `value` before element `index`; costs the length of the tail. */
  insert(index: number, value: number): void {
    this.push(value);
    this.data.copyWithin(index + 1, index, this.used - 1);
    this.data[index] = value;
  }

  /** Takes an element out; costs the length of the tail. */
  remove(index: number): void {
    if (index < 0 || index >= this.used) throw outside(index, this.used);
    this.data.copyWithin(index, index + 1, this.used--);
  }
}

/** Signed 32-bit: sequence numbers where -1 is "none". */
export class I32List implements NumberList {
  private data = NO_INT32;
  private used = 0;

  get length(): number {
    return this.used;
  }

  /** The element; throws RangeError outside of the list. */
  at(index: number): number {
    if (index < 0 || index >= this.used) throw outside(index, this.used);
    return this.data[index] as number;
  }

  push(value: number): void {
    if (this.used === this.data.length) this.data = grown(this.data, new Int32Array(Math.max(FIRST, this.used * 2)));
    this.data[this.used++] = value;
  }

  set(index: number, value: number): void {
    if (index < 0 || index >= this.used) throw outside(index, this.used);
    this.data[index] = value;
  }

  /** Puts `value` before element `index`; costs the length of the tail. */
  insert(index: number, value: number): void {
    this.push(value);
    this.data.copyWithin(index + 1, index, this.used - 1);
    this.data[index] = value;
  }

  /** Takes an element out; costs the length of the tail. */
  remove(index: number): void {
    if (index < 0 || index >= this.used) throw outside(index, this.used);
    this.data.copyWithin(index, index + 1, this.used--);
  }
}

function grown<T extends Float64Array | Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Index of the first element >= `value` of an ascending list (its length when there is none). */
export function lowerBound(list: NumberList, value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list.at(middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first element > `value` of an ascending list: how many are <= `value`. */
export function upperBound(list: NumberList, value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list.at(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same, tried near `hint` first: for who asks for ever larger values. */
export function upperBoundNear(list: NumberList, value: number, hint: number): number {
  const { length } = list;
  for (let place = Math.min(hint, length); place <= Math.min(hint + 1, length); place++) {
    if ((place === 0 || list.at(place - 1) <= value) && (place === length || list.at(place) > value)) return place;
  }
  return upperBound(list, value);
}

/** A list without elements. */
export const NO_NUMBERS: NumberList = new U32List();
