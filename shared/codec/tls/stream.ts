// Reads one direction of a TLS connection: bytes of a stream come in as they arrive, records with their places in it go out, with the
// handshake messages that they complete in clear (RFC 8446 5, RFC 5246 6). Needs no keys; decrypt/ opens what is sealed. Bounded.

import { concatBytes, NO_BYTES, readUint } from '../../base/bytes';
import { HandshakeAssembler, looksLikeHandshake, type HandshakeMessage } from './handshake';
import { decodeServerHello, isHelloInClear, isRetry } from './hello';
import { ALERT_LEVELS, ALERT_NAMES, CONTENT, HANDSHAKE } from './names';
import { readRecord, RECORD_HEAD, recordFault, type TlsRecord } from './record';

export interface Alert {
  readonly level: number;
  readonly description: number;
}

export interface ReadRecord extends TlsRecord {
  /** Its number in this direction, from 0. */
  readonly index: number;
  /** In the stream: its first byte and its end. */
  readonly start: number;
  readonly end: number;
  /** The whole record: valid until the caller changes the bytes that it pushed. */
  readonly bytes: Uint8Array;
  /** Encrypted: what it holds is known with the keys only. */
  readonly sealed: boolean;
  /** Bytes at the beginning of its fragment that belong to a handshake message of an earlier record. */
  readonly continued: number;
  /** Messages in clear that this record completes. */
  readonly messages: readonly HandshakeMessage[];
  /** An alert in clear. */
  readonly alert: Alert | null;
}

/** 'Alert (bad certificate)'. */
export const alertTitle = ({ description }: Alert): string => `Alert (${(ALERT_NAMES.get(description) ?? `${description}`).toLowerCase()})`;
export const alertText = ({ level, description }: Alert): string => `${ALERT_LEVELS.get(level) ?? level}: ${ALERT_NAMES.get(description) ?? description}`;
export const readAlert = (fragment: Uint8Array): Alert | null => (fragment.length === 2 ? { level: fragment[0] ?? 0, description: fragment[1] ?? 0 } : null);

export class TlsStreamReader {
  #rest: Uint8Array = NO_BYTES;
  #later: Uint8Array[] = [];
  #laterSize = 0;
  #offset: number;
  #index = 0;
  #changed = false;
  #retry = false;
  readonly #handshake = new HandshakeAssembler();
  #failure: { readonly at: number; readonly why: string } | null = null;

  /** `offset`: of the first byte that will be pushed. */
  constructor(offset = 0) {
    this.#offset = offset;
  }

  /** Why nothing more is read: from `at` in the stream on, these are no records. */
  get failure(): { readonly at: number; readonly why: string } | null {
    return this.#failure;
  }

  /** A record that has begun and is not whole: where, how much is here and how much it will be (at least). */
  get partial(): { readonly start: number; readonly have: number; readonly need: number } | null {
    if (this.#rest.length === 0 || this.#failure !== null) return null;
    return { start: this.#offset, have: this.#rest.length + this.#laterSize, need: this.#need() };
  }

  /** The next bytes of the stream; gives the records that became whole with them. Never throws. */
  push(bytes: Uint8Array): ReadRecord[] {
    if (this.#failure !== null) return [];
    if (this.#rest.length > RECORD_HEAD && this.#rest.length + this.#laterSize + bytes.length < this.#need()) {
      this.#later.push(bytes.slice());
      this.#laterSize += bytes.length;
      return [];
    }
    this.#rest = this.#rest.length === 0 ? bytes : concatBytes(this.#rest, ...this.#later, bytes);
    this.#later = [];
    this.#laterSize = 0;
    const records: ReadRecord[] = [];
    while (this.#rest.length > 0) {
      const fault = recordFault(this.#rest);
      if (fault !== null) {
        this.#failure = { at: this.#offset + fault.at, why: fault.why };
        this.#rest = NO_BYTES;
        break;
      }
      if (this.#rest.length < this.#need()) break;
      records.push(this.#record(this.#rest.subarray(0, this.#need())));
    }
    // What waits for more must not hang on the caller's buffer.
    if (this.#rest.length > 0) this.#rest = this.#rest.slice();
    return records;
  }

  #need(): number {
    return this.#rest.length < RECORD_HEAD ? RECORD_HEAD : RECORD_HEAD + readUint(this.#rest, 3, 2);
  }

  #record(bytes: Uint8Array): ReadRecord {
    const record = readRecord(bytes);
    const start = this.#offset;
    this.#offset += bytes.length;
    this.#rest = this.#rest.subarray(bytes.length);
    const sealed = this.#isSealed(record);
    const clear = record.contentType === CONTENT.handshake && !sealed;
    const continued = clear ? this.#handshake.owed(record.fragment) : 0;
    const index = this.#index++;
    const messages = clear ? this.#handshake.push(record.fragment, index) : [];
    if (record.contentType === CONTENT.changeCipherSpec) this.#changed = true;
    for (const message of messages) {
      const hello = message.type === HANDSHAKE.serverHello ? decodeServerHello(message.bytes.subarray(4)) : null;
      if (hello !== null) this.#retry = isRetry(hello);
    }
    const alert = record.contentType === CONTENT.alert && !sealed ? readAlert(record.fragment) : null;
    return { ...record, index, start, end: this.#offset, bytes, sealed, continued, messages, alert };
  }

  /**
   * TLS 1.3 marks sealed records as application data. Up to TLS 1.2 all that follows ChangeCipherSpec is sealed; but in TLS 1.3 that
   * record means nothing, and after a HelloRetryRequest a second hello follows in clear (RFC 8446 D.4).
   */
  #isSealed({ contentType, fragment }: TlsRecord): boolean {
    if (contentType === CONTENT.applicationData) return true;
    if (contentType === CONTENT.changeCipherSpec) return false;
    if (contentType === CONTENT.alert) return fragment.length !== 2;
    if (contentType !== CONTENT.handshake) return this.#changed;
    if (this.#handshake.waiting > 0) return false;
    if (this.#changed) return !(this.#retry || isHelloInClear(fragment));
    return !looksLikeHandshake(fragment);
  }
}
