// How something is signed (RFC 8446 4.2.3): one number, which TLS 1.2 wrote as a hash and a kind of key (RFC 5246 7.4.1.4.1). With Wireshark's names.

import { hex, labelled } from '../layout';
import { isGrease, SIGNATURE_NAMES } from './names';
import type { Walk } from './walk';

export const signatureName = (value: number): string => (isGrease(value) ? `GREASE (${hex(4)(value)})` : labelled(SIGNATURE_NAMES, hex(4))(value));

export const signatureAlgorithm = (walk: Walk): number | null => walk.uint('tls.handshake.sig_hash_alg', 2, signatureName, (parts) => {
  parts.uint('tls.handshake.sig_hash_hash', 1);
  parts.uint('tls.handshake.sig_hash_sig', 1);
});
