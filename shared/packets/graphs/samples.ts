// The samples of a picture, bounded: when there are more than can be drawn, each stretch of time keeps its least and its greatest, so that no peak is
// lost. What is kept are real samples with their packets.

import type { GraphSeries } from '../session';

/** Samples of one series. */
export const MAX_SAMPLES = 4000;

export class Samples {
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  readonly #packets: number[] = [];

  add(x: number, y: number, packet: number): void {
    this.#x.push(x);
    this.#y.push(y);
    this.#packets.push(packet);
  }

  series(name: GraphSeries['name'], unit: GraphSeries['unit']): GraphSeries {
    const kept = this.#x.length <= MAX_SAMPLES ? this.#x.map((_, n) => n) : this.#extremes();
    return { name, unit, x: kept.map((n) => this.#x[n] ?? 0), y: kept.map((n) => this.#y[n] ?? 0), packets: kept.map((n) => this.#packets[n] ?? 0) };
  }

  /** Positions of the least and the greatest of each stretch, in order. */
  #extremes(): number[] {
    const [first, last] = this.#x.reduce<[number, number]>(([least, most], x) => [Math.min(least, x), Math.max(most, x)], [Infinity, -Infinity]);
    const stretches = MAX_SAMPLES / 2;
    const least = new Int32Array(stretches).fill(-1);
    const most = new Int32Array(stretches).fill(-1);
    this.#x.forEach((x, n) => {
      const at = last === first ? 0 : Math.min(stretches - 1, Math.floor(((x - first) / (last - first)) * stretches));
      const y = this.#y[n] ?? 0;
      if (least[at] === -1 || y < (this.#y[least[at] ?? 0] ?? 0)) least[at] = n;
      if (most[at] === -1 || y > (this.#y[most[at] ?? 0] ?? 0)) most[at] = n;
    });
    return [...new Set([...least, ...most])].filter((n) => n >= 0).sort((a, b) => a - b);
  }
}
