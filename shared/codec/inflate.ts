// DEFLATE (RFC 1951) undone where there is no system library: compressed WebSocket messages with what went before them as window (RFC 7692 7.2.2), and
// bodies of HTTP. Bounded by the caller; damaged data give what comes before the damage.

export interface Inflated {
  readonly bytes: Uint8Array;
  /** 'large': cut where the bound is. After this and after damage, what follows cannot be undone. */
  readonly outcome: 'decoded' | 'damaged' | 'large';
}

/** RFC 1951 3.2.5: bytes that a length's code begins at, and bits that follow it; the same of distances. */
const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12_289, 16_385, 24_577];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
/** 3.2.7: the order in which the lengths of code lengths come. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LONGEST = 15;
const END = 256;
/** RFC 7692 7.2.1: what a sender left away. */
const TAIL = Uint8Array.of(0, 0, 0xff, 0xff);

/** A code: how many symbols have each length, and the symbols in the order of their codes (3.2.2). */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/** Thrown within this file: the data are no DEFLATE, end too early, or grow too far. */
class Stop extends Error {
  constructor(readonly outcome: 'damaged' | 'large') {
    super(outcome);
  }
}

export class Inflater {
  #window: Uint8Array = new Uint8Array(0);

  /** `takeOver`: each message's window is what the messages before it said (7.1.1); `bits`: size of the window as a power of 2. */
  constructor(private readonly options: { readonly takeOver: boolean; readonly bits: number }) {}

  /** One message, at most `most` bytes of it. Never throws. */
  message(packed: Uint8Array, most: number): Inflated {
    if (packed.length === 0) return { bytes: packed.slice(), outcome: 'decoded' };
    const input = new Uint8Array(packed.length + TAIL.length);
    input.set(packed);
    input.set(TAIL, packed.length);
    const run = new Run(input, this.#window, most);
    const outcome = run.message();
    const bytes = run.bytes;
    if (this.options.takeOver) this.#window = run.last(2 ** this.options.bits);
    return { bytes, outcome };
  }
}

/** One run of blocks up to the one that says it is the last, at most `most` bytes of it; what follows is left alone. Never throws. */
export function inflate(packed: Uint8Array, most: number): Inflated {
  const run = new Run(packed, new Uint8Array(0), most);
  const outcome = run.toLast();
  return { bytes: run.bytes, outcome };
}

class Run {
  #out: Uint8Array;
  #size: number;
  #at = 0;
  #hold = 0;
  #held = 0;

  constructor(private readonly input: Uint8Array, private readonly window: Uint8Array, private readonly most: number) {
    this.#out = new Uint8Array(window.length + Math.min(most, Math.max(256, input.length * 4)));
    this.#out.set(window);
    this.#size = window.length;
  }

  get bytes(): Uint8Array {
    return this.#out.slice(this.window.length, this.#size);
  }

  last(count: number): Uint8Array {
    return this.#out.slice(Math.max(0, this.#size - count), this.#size);
  }

  message(): Inflated['outcome'] {
    return this.#all(() => {
      // A block that says it is the last one is not: the tail follows (7.2.3.4).
      while (this.#at < this.input.length) this.#block();
    });
  }

  toLast(): Inflated['outcome'] {
    return this.#all(() => {
      while (!this.#block());
    });
  }

  #all(blocks: () => void): Inflated['outcome'] {
    try {
      blocks();
      return 'decoded';
    } catch (thrown) {
      if (thrown instanceof Stop) return thrown.outcome;
      throw thrown;
    }
  }

  /** True for a block that says it is the last. */
  #block(): boolean {
    const last = this.#bits(1) === 1;
    const type = this.#bits(2);
    if (type === 0) this.#stored();
    else if (type === 1) this.#coded(FIXED_LENGTHS, FIXED_DISTANCES);
    else if (type === 2) this.#dynamic();
    else throw new Stop('damaged');
    return last;
  }

  #bits(count: number): number {
    while (this.#held < count) {
      const byte = this.input[this.#at];
      if (byte === undefined) throw new Stop('damaged');
      this.#at++;
      this.#hold |= byte << this.#held;
      this.#held += 8;
    }
    const value = this.#hold & ((1 << count) - 1);
    this.#hold >>>= count;
    this.#held -= count;
    return value;
  }

  #stored(): void {
    this.#hold = this.#held = 0;
    const length = this.#bits(16);
    if (this.#bits(16) !== (~length & 0xffff) || this.#at + length > this.input.length) throw new Stop('damaged');
    this.#room(length);
    this.#out.set(this.input.subarray(this.#at, this.#at + length), this.#size);
    this.#at += length;
    this.#size += length;
  }

  #dynamic(): void {
    const [literals, distances, codes] = [this.#bits(5) + 257, this.#bits(5) + 1, this.#bits(4) + 4];
    if (literals > 286 || distances > 30) throw new Stop('damaged');
    const lengths = new Uint8Array(19);
    for (const place of ORDER.slice(0, codes)) lengths[place] = this.#bits(3);
    const code = codeOf(lengths);
    const all = new Uint8Array(literals + distances);
    for (let at = 0; at < all.length;) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        all[at++] = symbol;
        continue;
      }
      if (symbol === 16 && at === 0) throw new Stop('damaged');
      const value = symbol === 16 ? (all[at - 1] ?? 0) : 0;
      const times = symbol === 16 ? 3 + this.#bits(2) : symbol === 17 ? 3 + this.#bits(3) : 11 + this.#bits(7);
      if (at + times > all.length) throw new Stop('damaged');
      all.fill(value, at, at + times);
      at += times;
    }
    this.#coded(codeOf(all.subarray(0, literals)), codeOf(all.subarray(literals)));
  }

  #coded(literals: Code, distances: Code): void {
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol === END) return;
      if (symbol < END) {
        this.#room(1);
        this.#out[this.#size++] = symbol;
        continue;
      }
      const base = LENGTHS[symbol - END - 1];
      if (base === undefined) throw new Stop('damaged');
      const length = base + this.#bits(LENGTH_BITS[symbol - END - 1] ?? 0);
      const code = this.#symbol(distances);
      const far = DISTANCES[code];
      if (far === undefined) throw new Stop('damaged');
      const distance = far + this.#bits(DISTANCE_BITS[code] ?? 0);
      if (distance > this.#size) throw new Stop('damaged');
      this.#room(length);
      // What is copied may be what is being written.
      for (let n = 0; n < length; n++, this.#size++) this.#out[this.#size] = this.#out[this.#size - distance] ?? 0;
    }
  }

  #symbol({ counts, symbols }: Code): number {
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; length <= LONGEST; length++) {
      code |= this.#bits(1);
      const count = counts[length] ?? 0;
      if (code - count < first) return symbols[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Stop('damaged');
  }

  #room(count: number): void {
    const needed = this.#size + count;
    if (needed - this.window.length > this.most) throw new Stop('large');
    if (needed <= this.#out.length) return;
    const larger = new Uint8Array(Math.min(this.window.length + this.most, Math.max(needed, this.#out.length * 2)));
    larger.set(this.#out.subarray(0, this.#size));
    this.#out = larger;
  }
}

/** Throws Stop for lengths that no code has; a code that leaves some out is fine as long as none of them comes. */
function codeOf(lengths: Uint8Array): Code {
  const counts = new Uint16Array(LONGEST + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const starts = new Uint16Array(LONGEST + 1);
  let left = 1;
  for (let length = 1; length <= LONGEST; length++) {
    left = left * 2 - (counts[length] ?? 0);
    if (left < 0) throw new Stop('damaged');
    starts[length] = (starts[length - 1] ?? 0) + (counts[length - 1] ?? 0);
  }
  const symbols = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    symbols[starts[length] ?? 0] = symbol;
    starts[length] = (starts[length] ?? 0) + 1;
  }
  return { counts, symbols };
}

/** 3.2.6. */
const FIXED_LENGTHS = codeOf(Uint8Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)));
const FIXED_DISTANCES = codeOf(new Uint8Array(30).fill(5));
