// From secrets to keys: HKDF-Expand-Label of TLS 1.3 (RFC 8446 7.1 to 7.3), the PRF of TLS 1.2 (RFC 5246 5, 6.3). Pure functions.

import { expand } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../../../base/bytes';
import { utf8Bytes } from '../../../base/bytesText';
import type { AeadSuite } from '../cipherSuites';
import { uintBytes, vectorBytes } from '../wire';

export type HashName = AeadSuite['hash'];
const HASHES = { sha256, sha384 } as const;
const LENGTHS = { sha256: 32, sha384: 48 } as const;

/** The keys of one direction: a key, and the part of the nonce that stays (12 bytes, or 4 for AES-GCM of TLS 1.2). */
export interface TrafficKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/** RFC 8446 7.1. */
export function expandLabel(hash: HashName, secret: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
  const info = concatBytes(uintBytes(length, 2), vectorBytes(utf8Bytes(`tls13 ${label}`), 1), vectorBytes(context, 1));
  return expand(HASHES[hash], secret, info, length);
}

const NOTHING = new Uint8Array(0);

/** RFC 8446 7.3. */
export const trafficKeys = ({ hash, keyLength }: AeadSuite, secret: Uint8Array): TrafficKeys => ({
  key: expandLabel(hash, secret, 'key', NOTHING, keyLength), iv: expandLabel(hash, secret, 'iv', NOTHING, 12),
});

/** The secret after a KeyUpdate (RFC 8446 7.2). */
export const nextSecret = (hash: HashName, secret: Uint8Array): Uint8Array => expandLabel(hash, secret, 'traffic upd', NOTHING, LENGTHS[hash]);

/** True when a secret has the size that the hash asks for. */
export const fitsHash = (hash: HashName, secret: Uint8Array): boolean => secret.length === LENGTHS[hash];

/** RFC 5246 5: P_hash. */
export function prf(hash: HashName, secret: Uint8Array, label: string, seed: Uint8Array, length: number): Uint8Array {
  const whole = concatBytes(utf8Bytes(label), seed);
  const out = new Uint8Array(length);
  let a: Uint8Array = whole;
  for (let at = 0; at < length;) {
    a = hmac(HASHES[hash], secret, a);
    const block = hmac(HASHES[hash], secret, concatBytes(a, whole)).subarray(0, length - at);
    out.set(block, at);
    at += block.length;
  }
  return out;
}

/** The keys of both directions from a master secret (RFC 5246 6.3; RFC 5288 3 and RFC 7905 2 for the nonces). No MAC keys: AEAD only. */
export function keyBlock(suite: AeadSuite, master: Uint8Array, clientRandom: Uint8Array, serverRandom: Uint8Array): { readonly client: TrafficKeys; readonly server: TrafficKeys } {
  const ivLength = suite.aead === 'aes-gcm' ? 4 : 12;
  const { keyLength } = suite;
  const block = prf(suite.hash, master, 'key expansion', concatBytes(serverRandom, clientRandom), 2 * (keyLength + ivLength));
  const part = (at: number, length: number): Uint8Array => block.slice(at, at + length);
  return {
    client: { key: part(0, keyLength), iv: part(2 * keyLength, ivLength) },
    server: { key: part(keyLength, keyLength), iv: part(2 * keyLength + ivLength, ivLength) },
  };
}
