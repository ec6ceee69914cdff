// Both directions of a TLS connection together: bytes of either come in as they were sent, records with what they say and hold go out,
// opened where a key log has the keys. What the story of a session is made of; keeps no bytes of the connection.

import { TlsSessionOpener, type Direction, type Opening, type SessionFacts } from './decrypt/opener';
import { KeyLog } from './decrypt/keyLog';
import { sealingSize } from './decrypt/openRecord';
import type { HandshakeMessage } from './handshake';
import { CONTENT, CONTENT_NAMES } from './names';
import { RECORD_HEAD } from './record';
import { alertTitle, TlsStreamReader, type Alert, type ReadRecord } from './stream';

/** What one record says, in the protocol's words. */
export interface Said {
  /** 'Client Hello', 'Alert (bad certificate)', 'Application Data', 'Encrypted Handshake Message'. */
  readonly name: string;
  readonly encrypted: boolean;
  /** The key log has its key. */
  readonly opened: boolean;
  /** In the record's bytes; in the plaintext of it when it was opened. For a message of many records: in the first, and its whole length. */
  readonly start: number;
  readonly length: number;
  /** The record (by index in its direction) that the message begins in. */
  readonly record: number;
  readonly message: HandshakeMessage | null;
  readonly alert: Alert | null;
}

export interface SessionRecord extends ReadRecord {
  readonly dir: Direction;
  readonly opening: Opening;
  readonly said: readonly Said[];
}

export class TlsSessionReader {
  readonly #readers: Readonly<Record<Direction, TlsStreamReader>>;
  readonly #opener: TlsSessionOpener;

  /** `offsets`: of the first bytes of each direction that will be pushed. */
  constructor(keys: KeyLog = new KeyLog(), offsets: Readonly<Record<Direction, number>> = { up: 0, down: 0 }) {
    this.#readers = { up: new TlsStreamReader(offsets.up), down: new TlsStreamReader(offsets.down) };
    this.#opener = new TlsSessionOpener(keys);
  }

  get facts(): SessionFacts {
    return this.#opener.facts;
  }

  /** The reader of one direction: its failure, and the record that is not whole. */
  reader(dir: Direction): Pick<TlsStreamReader, 'failure' | 'partial'> {
    return this.#readers[dir];
  }

  /** The next bytes of a direction ('up': from the client). Push both in the order in which they were sent. Never throws. */
  push(dir: Direction, bytes: Uint8Array): SessionRecord[] {
    return this.#readers[dir].push(bytes).map((record) => {
      const opening = this.#opener.push(dir, record);
      return { ...record, dir, opening, said: saidBy(record, opening) };
    });
  }
}

function saidBy(record: ReadRecord, opening: Opening): Said[] {
  const { index } = record;
  const one = (name: string, encrypted: boolean, opened: boolean, start: number, length: number, alert: Alert | null = null): Said => ({ name, encrypted, opened, start, length, record: index, message: null, alert });
  const each = (messages: readonly HandshakeMessage[], opened: boolean): Said[] => messages.map((message) => ({
    name: message.name, encrypted: opened, opened, start: message.start + (opened ? 0 : RECORD_HEAD), length: message.bytes.length, record: message.firstRecord, message, alert: null,
  }));
  const size = record.fragment.length;
  if (opening.state === 'opened') {
    const { contentType, content } = opening.record;
    if (contentType === CONTENT.handshake) return each(opening.messages, true);
    return [one(opening.alert === null ? (CONTENT_NAMES.get(contentType) ?? 'Record') : alertTitle(opening.alert), true, true, 0, content.length, opening.alert)];
  }
  // It was not worth opening yet; that its key fits is seen when it is asked for. Padding, which hardly anybody sends, counts as content.
  if (opening.state === 'deferred') return [one(CONTENT_NAMES.get(record.contentType) ?? 'Record', true, true, 0, Math.max(0, size - sealingSize(opening.key)))];
  if (record.sealed) return [one(sealedName(record.contentType), true, false, RECORD_HEAD, size)];
  if (record.contentType === CONTENT.handshake) return each(record.messages, false);
  return [one(record.alert === null ? (CONTENT_NAMES.get(record.contentType) ?? 'Record') : alertTitle(record.alert), false, false, RECORD_HEAD, size, record.alert)];
}

function sealedName(contentType: number): string {
  if (contentType === CONTENT.handshake) return 'Encrypted Handshake Message';
  return contentType === CONTENT.alert ? 'Encrypted Alert' : (CONTENT_NAMES.get(contentType) ?? 'Record');
}
