// One record of TLS (RFC 8446 5.1, RFC 5246 6.2): five bytes, and a fragment that is in clear or sealed.

import { concatBytes, readUint, writeUint } from '../../base/bytes';
import { TLS_LIMITS } from './limits';
import { CONTENT_NAMES } from './names';

export const RECORD_HEAD = 5;

export interface TlsRecord {
  /** Of the record as it is sent; for a sealed one of TLS 1.3 always application data. */
  readonly contentType: number;
  readonly version: number;
  readonly fragment: Uint8Array;
}

/** Why these bytes cannot begin a record, as far as they go; null when they may. */
export function recordFault(bytes: Uint8Array): { readonly at: number; readonly why: string } | null {
  const [type, major] = bytes;
  if (type !== undefined && !CONTENT_NAMES.has(type)) return { at: 0, why: `${type} is no content type` };
  if (major !== undefined && major !== 3) return { at: 0, why: `version ${major} is not 3` };
  const length = bytes.length < RECORD_HEAD ? 0 : readUint(bytes, 3, 2);
  return length > TLS_LIMITS.fragment ? { at: 3, why: `a fragment of ${length} bytes` } : null;
}

/** The record that begins the bytes; its head must be there, `fragment` is a view of what is. */
export const readRecord = (bytes: Uint8Array): TlsRecord => ({
  contentType: readUint(bytes, 0, 1), version: readUint(bytes, 1, 2), fragment: bytes.subarray(RECORD_HEAD, RECORD_HEAD + readUint(bytes, 3, 2)),
});

/** Throws RangeError for a fragment that no record holds. */
export function encodeRecord({ contentType, version, fragment }: TlsRecord): Uint8Array<ArrayBuffer> {
  if (fragment.length > TLS_LIMITS.fragment) throw new RangeError(`a fragment of ${fragment.length} bytes`);
  const head = new Uint8Array(RECORD_HEAD);
  writeUint(head, 0, 1, contentType);
  writeUint(head, 1, 2, version);
  writeUint(head, 3, 2, fragment.length);
  return concatBytes(head, fragment);
}
