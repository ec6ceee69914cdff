// Where a long list is scrolled to, when it is longer than a browser can make an element: the scroller then has a shorter spacer, small
// movements (wheel, keys) go pixel by pixel, large ones (the bar is dragged) go by their share of the whole. Pure; the table asks and obeys.

/** px within which drawing places things by whole px (2^24: coordinates are 32-bit floats); an element could be twice as high. An enlarged page has less. */
const MOST_HEIGHT = 16_777_216;

/** Height of the longest spacer at a device pixel ratio, with room for the head and rounding. */
export const mostHeight = (ratio: number): number => Math.floor(MOST_HEIGHT / Math.max(ratio, 1)) - 4_096;

export class ScaledScroll {
  /** px from the top of the whole list. */
  top = 0;
  #real = 0;
  #total = 0;
  #viewport = 0;
  #most = MOST_HEIGHT;

  /** `total`: px of all rows; `viewport`: px in which rows are seen; `most`: px that the spacer may have. */
  measure(total: number, viewport: number, most: number): void {
    this.#total = total;
    this.#viewport = viewport;
    this.#most = most;
    this.top = this.#within(this.top);
  }

  /** Height of the spacer. */
  get height(): number {
    return Math.min(this.#total, this.#most);
  }

  /** px from the top of what is scrolled to where row 0 would be: 0 while the spacer is as long as the list. */
  get origin(): number {
    return this.#scaled ? this.#real - this.top : 0;
  }

  /** The scroller says where it is now. */
  moved(real: number): void {
    const by = real - this.#real;
    this.#real = real;
    if (!this.#scaled) this.top = this.#within(real);
    // A wheel's turn moves as far as it does elsewhere; what goes further is the bar, whose place means a share of all.
    else if (Math.abs(by) <= 2 * this.#viewport && real > 0 && real < this.#reach) this.top = this.#within(this.top + by);
    else this.top = this.#within(real * this.#scale);
  }

  /** Where the scroller must be so that `top` is on top; later `moved` with this place changes nothing. */
  go(top: number): number {
    const by = this.#within(top) - this.top;
    this.top += by;
    const near = this.#real + by;
    // A step goes px by px, too, so that what stays in sight stays where it is.
    this.#real = this.#scaled && Math.abs(by) <= 2 * this.#viewport && near > 0 && near < this.#reach ? near : this.#place;
    return this.#real;
  }

  /** After small movements the bar stands where the list is not: where it should be, or null when it is right. */
  settle(): number | null {
    if (!this.#scaled || Math.abs(this.#place - this.#real) < 1) return null;
    this.#real = this.#place;
    return this.#real;
  }

  /** The nearest top that shows a row whole; the present one when it does already. */
  topFor(row: number, rowHeight: number): number {
    const [first, last] = [row * rowHeight, (row + 1) * rowHeight];
    if (first < this.top) return first;
    return last > this.top + this.#viewport ? last - this.#viewport : this.top;
  }

  get #scaled(): boolean {
    return this.#total > this.#most;
  }

  /** px that the scroller can move. */
  get #reach(): number {
    return Math.max(this.height - this.#viewport, 0);
  }

  get #scale(): number {
    return this.#reach === 0 ? 1 : (this.#total - this.#viewport) / this.#reach;
  }

  /** Whole, as scrollers are. */
  get #place(): number {
    return Math.round(this.#scaled ? this.top / this.#scale : this.top);
  }

  #within(top: number): number {
    return Math.min(Math.max(top, 0), Math.max(this.#total - this.#viewport, 0));
  }
}
