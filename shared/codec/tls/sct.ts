// Signed certificate timestamps (RFC 6962 3.2, 3.3), from a hello, a status or a certificate, with Wireshark's names.

import { dateText } from '../dates';
import { signatureAlgorithm } from './signature';
import type { Walk } from './walk';

/** The list with its length before it; gives how many there are. */
export function sctListNodes(walk: Walk): string {
  let count = 0;
  walk.vector('tls.sct.scts_length', 2, null, (inner) => {
    for (; inner.more; count++) inner.vector('tls.sct.sct_length', 2, null, timestamp);
    return '';
  });
  return `${count}`;
}

function timestamp(walk: Walk): string {
  walk.uint('tls.sct.sct_version', 1);
  walk.data('tls.sct.sct_logid', 32);
  // Milliseconds.
  walk.uint('tls.sct.sct_timestamp', 8, (value) => (value < 2 ** 50 ? dateText(Math.floor(value / 1000), (value % 1000) * 1_000_000) : `${value}`));
  walk.opaque('tls.sct.sct_extensions_length', 2, 'tls.sct.sct_extensions');
  signatureAlgorithm(walk);
  walk.opaque('tls.sct.sct_signature_length', 2, 'tls.sct.sct_signature');
  return '';
}
