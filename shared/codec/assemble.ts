// Builds a frame from codecs and values, innermost first. Used to reconstruct headers and by tests; dissect.ts is its inverse.

import { concatBytes } from '../base/bytes';
import type { Codec, Context } from './codec';

/** A codec with its value, ready to wrap a payload. */
export interface Part {
  wrap(payload: Uint8Array): Uint8Array<ArrayBuffer>;
}

/** One layer of a frame. `context` gives TCP, UDP and ICMPv6 the addresses that their checksums take in. */
export function part<V, E>(codec: Codec<V, E>, value: E, context: Context = {}): Part {
  return { wrap: (payload) => codec.encode(value, payload, context) };
}

/** The parts, outermost first, around the payload. Throws what the codecs' encode throws. */
export function assemble(parts: readonly Part[], payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return parts.reduceRight((inside, layer) => layer.wrap(inside), concatBytes(payload));
}
