// What is made of the same few things again and again: once for each key. Forgets all when it is full.

export class Memo<K, V> {
  readonly #known = new Map<K, V>();

  constructor(private readonly most: number) {}

  /** What `make` gave for this key before, or gives now. */
  of(key: K, make: (key: K) => V): V {
    let value = this.#known.get(key);
    if (value !== undefined) return value;
    value = make(key);
    if (this.#known.size >= this.most) this.#known.clear();
    this.#known.set(key, value);
    return value;
  }
}
