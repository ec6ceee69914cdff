// Opens one sealed record with its key (RFC 8446 5.2, 5.3; RFC 5246 6.2.3.3, RFC 5288 3, RFC 7905 2). A pure function of key and record;
// what does not open is null, never a throw.

import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes } from '../../../base/bytes';
import type { AeadSuite } from '../cipherSuites';
import { readRecord, RECORD_HEAD } from '../record';
import { uintBytes } from '../wire';
import type { TrafficKeys } from './schedule';

/** Everything that opens one record: kept beside the record instead of its plaintext. */
export interface RecordKey extends TrafficKeys {
  readonly suite: AeadSuite;
  readonly tls13: boolean;
  /** Of the records under this key, from 0. */
  readonly sequence: number;
}

export interface OpenedRecord {
  /** The content type inside; in TLS 1.2 the one of the record. */
  readonly contentType: number;
  /** All that was sealed: in TLS 1.3 content, its type and padding (RFC 8446 5.2: TLSInnerPlaintext). */
  readonly inner: Uint8Array;
  /** The content alone: a view of `inner`. */
  readonly content: Uint8Array;
}

const TAG = 16;
const EXPLICIT = 8;

const explicitSize = ({ tls13, suite }: RecordKey): number => (!tls13 && suite.aead === 'aes-gcm' ? EXPLICIT : 0);

/** Bytes that a fragment is longer than its content: nonce, tag and, in TLS 1.3, the type; without padding. */
export const sealingSize = (key: RecordKey): number => explicitSize(key) + TAG + (key.tls13 ? 1 : 0);

/** `record`: whole, with its five bytes. */
export function openRecord(key: RecordKey, record: Uint8Array): OpenedRecord | null {
  const { contentType, version, fragment } = readRecord(record);
  const explicit = explicitSize(key);
  const size = fragment.length - explicit - TAG;
  if (size < 0) return null;
  const sequence = uintBytes(key.sequence, 6);
  const nonce = explicit > 0 ? concatBytes(key.iv, fragment.subarray(0, explicit)) : key.iv.map((byte, i) => byte ^ (i >= 6 ? (sequence[i - 6] ?? 0) : 0));
  const extra = key.tls13 ? record.subarray(0, RECORD_HEAD) : concatBytes(new Uint8Array(2), sequence, uintBytes(contentType, 1), uintBytes(version, 2), uintBytes(size, 2));
  const inner = decrypt(key, nonce, extra, fragment.subarray(explicit));
  if (inner === null) return null;
  if (!key.tls13) return { contentType, inner, content: inner };
  // RFC 8446 5.4: padding is zeros; what stands before them is the type.
  let end = inner.length;
  while (end > 0 && inner[end - 1] === 0) end--;
  return end === 0 ? null : { contentType: inner[end - 1] ?? 0, inner, content: inner.subarray(0, end - 1) };
}

function decrypt({ suite, key }: RecordKey, nonce: Uint8Array, extra: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  try {
    return (suite.aead === 'aes-gcm' ? gcm(key, nonce, extra) : chacha20poly1305(key, nonce, extra)).decrypt(sealed);
  } catch {
    // The tag does not fit: another key, or other bytes than were sent.
    return null;
  }
}
