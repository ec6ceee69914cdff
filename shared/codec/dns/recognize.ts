// Tells a DNS message by its bytes, for servers on ports of their own: a test server, a lab. Strict, since any bytes may come on such a port:
// what is taken for DNS is a query or a response that fills its datagram to the last byte.

import { decodeMessage, HEADER_LENGTH } from './message';
import { DNS_CLASS } from './types';

/** Of the second word: everything that an ordinary query has not (RFC 1035 4.1.1). */
const RESPONSE = 0x80;
const OPCODE = 0x78;
/** A NetBIOS name, which has DNS's form: 32 letters from A to P (RFC 1001 14.1). */
const NETBIOS = 32;
const CLASSES: ReadonlySet<number> = new Set([DNS_CLASS.IN, DNS_CLASS.CH, DNS_CLASS.HS, DNS_CLASS.ANY]);

/** An ordinary query of one question, or a response to one. Never throws. */
export function looksLikeMessage(bytes: Uint8Array): boolean {
  // Most of what is not DNS ends here, without being read through.
  if (bytes.length <= HEADER_LENGTH || ((bytes[2] ?? 0) & OPCODE) !== 0 || bytes[4] !== 0 || (bytes[5] ?? 0) > 1) return false;
  const response = ((bytes[2] ?? 0) & RESPONSE) !== 0;
  if (!response && (bytes[5] !== 1 || bytes[6] !== 0 || bytes[7] !== 0 || bytes[8] !== 0 || bytes[9] !== 0)) return false;
  if (bytes[HEADER_LENGTH] === NETBIOS && bytes.subarray(HEADER_LENGTH + 1, HEADER_LENGTH + 1 + NETBIOS).every((letter) => letter >= 0x41 && letter <= 0x50)) return false;
  const message = decodeMessage(bytes);
  if ('error' in message) return false;
  return message.questions.length + message.answers.length > 0 && message.questions.every((question) => CLASSES.has(question.class));
}

/** Such a query: who it goes to is a server. Never throws. */
export const looksLikeQuery = (bytes: Uint8Array): boolean => ((bytes[2] ?? 0) & RESPONSE) === 0 && looksLikeMessage(bytes);
