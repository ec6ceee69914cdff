// Texts of what comes again in packet after packet, by number: addresses. Forgets all when it is full.

const MOST = 16_384;

export class RecentTexts {
  readonly #known = new Map<number, string>();

  text(key: number, make: () => string): string {
    let text = this.#known.get(key);
    if (text !== undefined) return text;
    text = make();
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(key, text);
    return text;
  }
}
