// The trees of the messages of key exchanges up to TLS 1.2 (RFC 5246 7.4.3, 7.4.7; RFC 8422 5.4, 5.7) with Wireshark's names. Their form hangs
// on the cipher suite; where nobody knows it, the bytes tell those of elliptic curves and of RSA.

import { readUint } from '../../base/bytes';
import { hex, labelled } from '../layout';
import { CURVE_TYPE_NAMES, GROUP_NAMES } from './names';
import { signatureNodes } from './signature';
import type { Walk } from './walk';

const FINITE = /_DHE_|_DH_anon_/;
const EXPORTED_RSA = /_RSA_EXPORT/;
const CURVES = /^$|_ECDHE?_/;
const NAMED_CURVE = 3;

/** `cipher`: the suite's name; '' where it is not known. */
export function serverKeyExchange(walk: Walk, bytes: Uint8Array, cipher: string): void {
  if (FINITE.test(cipher)) {
    for (const name of ['p', 'g', 'ys'] as const) walk.opaque(`tls.handshake.${name}_len`, 2, `tls.handshake.${name}`);
  } else if (EXPORTED_RSA.test(cipher)) {
    for (const name of ['modulus', 'exponent'] as const) walk.opaque(`tls.handshake.${name}_len`, 2, `tls.handshake.${name}`);
  } else if (CURVES.test(cipher) && bytes[0] === NAMED_CURVE) {
    walk.uint('tls.handshake.server_curve_type', 1, labelled(CURVE_TYPE_NAMES));
    walk.uint('tls.handshake.server_named_curve', 2, labelled(GROUP_NAMES, hex(4)));
    walk.opaque('tls.handshake.server_point_len', 1, 'tls.handshake.server_point');
  } else return walk.rest('tls.handshake.data');
  if (walk.left > 0) signatureNodes(walk, 'tls.handshake.sig');
}

/** A number, a point, or a premaster secret encrypted with RSA. */
export function clientKeyExchange(walk: Walk, bytes: Uint8Array, cipher: string): void {
  const long = bytes.length > 1 && readUint(bytes, 0, 2) === bytes.length - 2;
  if (long && FINITE.test(cipher)) return walk.opaque('tls.handshake.yc_len', 2, 'tls.handshake.yc');
  if (bytes.length > 0 && bytes[0] === bytes.length - 1) return walk.opaque('tls.handshake.client_point_len', 1, 'tls.handshake.client_point');
  if (long) return walk.opaque('tls.handshake.epms_len', 2, 'tls.handshake.epms');
  walk.rest('tls.handshake.data');
}
