// Times of pcapng as whole seconds and nanoseconds: a count of 64 bits in parts of a second of 10^-n or 2^-n (if_tsresol), without the error
// of a double, which cannot hold nanoseconds since 1970. The common parts take no BigInt: a million packets have a million times.

const TWO_32 = 4_294_967_296;
const NANOS = 1_000_000_000;

/** Splits times of one interface. One object is used for all its packets: `split` leaves the answer in `seconds` and `nanos`. */
export class TimeSplitter {
  seconds = 0;
  nanos = 0;
  readonly #fast: boolean;
  /** The time before and its parts of a second: most are a moment later within the same second, and cost no division. */
  #high = -1;
  /** Not a small integer from the first, as what comes is not: V8 need not compile anew. */
  #low = Number.NaN;
  #parts = 0;
  readonly #scale: number;
  readonly #units: bigint;

  /** `resolution`: parts of a second, a power of 10 or of 2. `offset`: seconds to add. */
  constructor(private readonly resolution: number, private readonly offset: number) {
    // The rest of a division is found in 32 bits where three of it fit, and times 10^9 it has to stay whole.
    this.#fast = resolution <= NANOS && (NANOS % resolution === 0 || resolution <= 2 ** 23);
    this.#scale = NANOS / resolution;
    const binary = 2 ** Math.round(Math.log2(resolution)) === resolution;
    this.#units = binary ? BigInt(resolution) : 10n ** BigInt(Math.round(Math.log10(resolution)));
  }

  /** `high` and `low`: the 32-bit halves of the time. Parts of a nanosecond are cut. */
  split(high: number, low: number): void {
    const { resolution } = this;
    const later = low - this.#low;
    if (high === this.#high && later >= 0 && this.#parts + later < resolution) {
      this.#low = low;
      this.#parts += later;
      this.nanos = Math.floor(this.#parts * this.#scale);
      return;
    }
    let seconds = Math.floor((high * TWO_32 + low) / resolution);
    if (!this.#fast || seconds >= 2 ** 51) {
      this.#high = -1;
      this.#exact(high, low);
      return;
    }
    // The quotient of doubles may be one beside the whole one: the rest, which 32 bits hold, says so.
    let rest = (low - Math.imul(seconds, resolution)) >>> 0;
    if (rest >= 3 * NANOS) {
      seconds--;
      rest = (rest + resolution) >>> 0;
    } else if (rest >= resolution) {
      seconds++;
      rest -= resolution;
    }
    this.#high = high;
    this.#low = low;
    this.#parts = rest;
    this.seconds = seconds + this.offset;
    this.nanos = Math.floor(rest * this.#scale);
  }

  #exact(high: number, low: number): void {
    const count = (BigInt(high) << 32n) | BigInt(low);
    const seconds = count / this.#units;
    this.seconds = Number(seconds) + this.offset;
    this.nanos = Number(((count - seconds * this.#units) * BigInt(NANOS)) / this.#units);
  }
}
