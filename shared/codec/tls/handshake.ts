// Puts handshake messages together from the fragments of records (RFC 8446 5.1): a message may span records, and a record may hold
// several. Used for records in clear and for opened ones. Bounded; what cannot be a message is said, not thrown.

import { concatBytes, readUint } from '../../base/bytes';
import { TLS_LIMITS } from './limits';
import { HANDSHAKE_NAMES } from './names';

export const HANDSHAKE_HEAD = 4;

export interface HandshakeMessage {
  readonly type: number;
  /** 'Client Hello'; 'Handshake (99)' for what has no name. */
  readonly name: string;
  /** Whole, with its head of four bytes. */
  readonly bytes: Uint8Array;
  /** The records that it lies in, as the caller numbers them, and its first byte in the fragment of the first. */
  readonly firstRecord: number;
  readonly lastRecord: number;
  readonly start: number;
}

export const handshakeName = (type: number): string => HANDSHAKE_NAMES.get(type) ?? `Handshake (${type})`;

export class HandshakeAssembler {
  #parts: Uint8Array[] = [];
  #size = 0;
  #first = 0;
  #start = 0;
  #broken = '';

  /** Why no more messages are made; '' while all is well. */
  get broken(): string {
    return this.#broken;
  }

  /** Bytes of a message that is not whole yet. */
  get waiting(): number {
    return this.#size;
  }

  /** How many bytes of the next fragment still belong to the message that waits. */
  owed(fragment: Uint8Array): number {
    const begun = this.#parts[0];
    if (this.#size === 0 || begun === undefined) return 0;
    const head = begun.length < HANDSHAKE_HEAD ? concatBytes(begun, fragment.subarray(0, HANDSHAKE_HEAD)) : begun;
    return head.length < HANDSHAKE_HEAD ? fragment.length : Math.min(fragment.length, Math.max(0, HANDSHAKE_HEAD + readUint(head, 1, 3) - this.#size));
  }

  /** The fragment of the next record; gives the messages that it completes. */
  push(fragment: Uint8Array, record: number): HandshakeMessage[] {
    if (this.#broken !== '' || fragment.length === 0) return [];
    const before = this.#size;
    if (before === 0) {
      this.#first = record;
      this.#start = 0;
    }
    const whole = before >= HANDSHAKE_HEAD ? HANDSHAKE_HEAD + readUint(this.#parts[0] ?? fragment, 1, 3) : 0;
    this.#size += fragment.length;
    // Until the length is known, parts are put together at once; they are three bytes at most.
    if (this.#size < whole) return this.#wait(fragment.slice());
    const all = before === 0 ? fragment : concatBytes(...this.#parts, fragment);
    const messages: HandshakeMessage[] = [];
    let at = 0;
    while (all.length - at >= HANDSHAKE_HEAD) {
      const type = all[at] ?? 0;
      const length = HANDSHAKE_HEAD + readUint(all, at + 1, 3);
      if (length > TLS_LIMITS.handshake) return this.#break(`a handshake message of ${length} bytes`, messages);
      if (all.length - at < length) break;
      messages.push({ type, name: handshakeName(type), bytes: all.slice(at, at + length), firstRecord: this.#first, lastRecord: record, start: this.#start });
      at += length;
      this.#first = record;
      this.#start = Math.max(0, at - before);
    }
    this.#parts = [];
    this.#size = all.length - at;
    if (this.#size === 0) this.#start = 0;
    else this.#parts = [all.slice(at)];
    return messages;
  }

  /** What waits is forgotten: the keys have changed, or the message was never one. */
  reset(): void {
    this.#parts = [];
    this.#size = 0;
  }

  #wait(fragment: Uint8Array): HandshakeMessage[] {
    this.#parts.push(fragment);
    if (this.#parts.length > TLS_LIMITS.spannedRecords) return this.#break('a handshake message in too many records', []);
    return [];
  }

  #break(why: string, messages: HandshakeMessage[]): HandshakeMessage[] {
    this.#broken = why;
    this.#parts = [];
    this.#size = 0;
    return messages;
  }
}

/** The bytes of a record's fragment that begin a handshake in clear: only then it is read as one. */
export function looksLikeHandshake(fragment: Uint8Array): boolean {
  const type = fragment[0];
  if (type === undefined || !HANDSHAKE_NAMES.has(type)) return fragment.length === 0;
  if (fragment.length < HANDSHAKE_HEAD) return true;
  const length = readUint(fragment, 1, 3);
  // A HelloRequest stands alone: zeros at the front of a record are rather the explicit nonce of a sealed one (RFC 5288 3).
  return type === 0 ? length === 0 && fragment.length === HANDSHAKE_HEAD : length <= TLS_LIMITS.handshake - HANDSHAKE_HEAD;
}
