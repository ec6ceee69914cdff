// How something is signed (RFC 8446 4.2.3): one number, which TLS 1.2 wrote as a hash and a kind of key (RFC 5246 7.4.1.4.1). With Wireshark's names.

import { named } from './labels';
import { SIGNATURE_NAMES } from './names';
import type { Walk } from './walk';

export const signatureName = named(SIGNATURE_NAMES);

export const signatureAlgorithm = (walk: Walk): number | null => walk.uint('tls.handshake.sig_hash_alg', 2, signatureName, (parts) => {
  parts.uint('tls.handshake.sig_hash_hash', 1);
  parts.uint('tls.handshake.sig_hash_sig', 1);
});

/** A signature that is the rest of a message, `name` with its length. Before TLS 1.2 both hashes were fixed, and not said (RFC 4346 7.4.3, 7.4.8): the length comes first. */
export function signatureNodes(walk: Walk, name: string): void {
  if (walk.peek(2) !== walk.left - 2) signatureAlgorithm(walk);
  walk.opaque(`${name}_len`, 2, name);
}
