// What is remembered of a capture is bounded: the oldest goes.

/** Forgets the first key when there are more than `most`; gives it. */
export function forgetOldest<K>(map: Map<K, unknown>, most: number): K | undefined {
  const [oldest] = map.keys();
  if (oldest === undefined || map.size <= most) return undefined;
  map.delete(oldest);
  return oldest;
}
