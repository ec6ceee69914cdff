// What is found out once of each chunk, for all filters, and goes on where packets have come since. It lives as long as its chunk.

import { CHUNK, type PacketChunk } from '../packetTable';

/** `learn` looks at the rows before `until`, as far as it has not yet. The result answers for a chunk of which `rows` rows are there. */
export function perChunk<T>(begin: () => T, learn: (chunk: PacketChunk, kept: T, until: number) => void): (chunk: PacketChunk, rows: number) => T {
  const all = new WeakMap<PacketChunk, T>();
  return (chunk, rows) => {
    let kept = all.get(chunk);
    if (kept === undefined) all.set(chunk, (kept = begin()));
    learn(chunk, kept, Math.min(rows, CHUNK));
    return kept;
  };
}
