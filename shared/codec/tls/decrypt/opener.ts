// Opens the sealed records of one session with a key log: fed both directions' records in the order in which they were sent, it follows
// the hellos, the changes of keys and the KeyUpdates (RFC 8446 4.6.3, 5, 7; RFC 5246 6.3). Says why where it cannot. Keys that come
// later need a new opener, fed again.

import { never } from '../../../base/assert';
import { aeadOf, CIPHER_SUITE_NAMES, type AeadSuite } from '../cipherSuites';
import { HELLO_EXTENSIONS } from '../extension';
import { HandshakeAssembler, type HandshakeMessage } from '../handshake';
import { chosenVersion, decodeClientHello, decodeExtensions, decodeServerHello, isRetry } from '../hello';
import { TLS_LIMITS } from '../limits';
import { CONTENT, EXTENSION, HANDSHAKE, isDraft, isTls13, VERSION_NAMES, VERSIONS } from '../names';
import { readAlert, type Alert, type ReadRecord } from '../stream';
import type { KeyLog } from './keyLog';
import { openRecord, type OpenedRecord, type RecordKey } from './openRecord';
import { fitsHash, keyBlock, nextSecret, trafficKeys, type TrafficKeys } from './schedule';

export type Direction = 'up' | 'down';

/**
 * Why a record stays closed: no key log has its keys; the suite (CBC, CCM ...) or version is none that we open; no hellos were seen;
 * its key does not open it; it was sent before the server answered.
 */
export type SealedBecause = 'no-keys' | 'suite' | 'version' | 'no-hello' | 'failed' | 'early-data';

export type Opening =
  /** It is not encrypted. */
  | { readonly state: 'clear' }
  | { readonly state: 'opened'; readonly key: RecordKey; readonly record: OpenedRecord; readonly messages: readonly HandshakeMessage[]; readonly alert: Alert | null }
  /** Application data, most likely: openRecord(key, bytes) opens it when it is wanted. */
  | { readonly state: 'deferred'; readonly key: RecordKey }
  | { readonly state: 'sealed'; readonly why: SealedBecause };

/** What the hellos agreed on, as far as it is known; '' where it is not. */
export interface SessionFacts {
  /** 'TLS 1.3'. */
  readonly version: string;
  /** 'TLS_AES_128_GCM_SHA256'. */
  readonly cipher: string;
  readonly alpn: string;
  readonly offeredAlpn: readonly string[];
  readonly serverName: string;
  readonly clientRandom: Uint8Array | null;
  readonly tls13: boolean | null;
  /** A HelloRetryRequest was sent. */
  readonly retried: boolean;
  /** The key log has secrets of this session. */
  readonly keys: boolean;
}

interface Side {
  readonly messages: HandshakeAssembler;
  secret: Uint8Array | null;
  keys: TrafficKeys | null;
  sequence: number;
  /** 'application': behind the Finished of this side; the records since then are counted. */
  epoch: 'clear' | 'handshake' | 'application';
  records: number;
}
const newSide = (): Side => ({ messages: new HandshakeAssembler(), secret: null, keys: null, sequence: 0, epoch: 'clear', records: 0 });

const START: SessionFacts = { version: '', cipher: '', alpn: '', offeredAlpn: [], serverName: '', clientRandom: null, tls13: null, retried: false, keys: false };

export class TlsSessionOpener {
  readonly #log: KeyLog;
  readonly #sides = { up: newSide(), down: newSide() };
  #suite: AeadSuite | null = null;
  #serverRandom: Uint8Array | null = null;
  #early = false;
  #facts: SessionFacts = START;

  constructor(log: KeyLog) {
    this.#log = log;
  }

  get facts(): SessionFacts {
    return this.#facts;
  }

  /** The next record of a direction ('up': from the client), whole and in order. Never throws. */
  push(dir: Direction, record: ReadRecord): Opening {
    for (const message of record.messages) this.#said(dir, message);
    if (record.contentType === CONTENT.changeCipherSpec) {
      this.#changed(dir);
      return { state: 'clear' };
    }
    if (!record.sealed) return { state: 'clear' };
    const side = this.#sides[dir];
    const why = this.#closed(dir);
    if (why !== null || side.keys === null || this.#suite === null) return { state: 'sealed', why: why ?? 'no-keys' };
    const key: RecordKey = { ...side.keys, suite: this.#suite, tls13: this.#facts.tls13 === true, sequence: side.sequence };
    if (side.epoch === 'application' && this.#mayWait(side, record)) {
      side.sequence++;
      side.records++;
      return { state: 'deferred', key };
    }
    return this.#open(dir, side, key, record);
  }

  #open(dir: Direction, side: Side, key: RecordKey, record: ReadRecord): Opening {
    const opened = openRecord(key, record.bytes);
    if (opened === null) {
      // Early data that the server refused has another key and is no part of the count (RFC 8446 4.2.10).
      if (this.#early && dir === 'up' && side.epoch === 'handshake') return { state: 'sealed', why: 'early-data' };
      side.sequence++;
      return { state: 'sealed', why: 'failed' };
    }
    side.sequence++;
    side.records++;
    const messages = opened.contentType === CONTENT.handshake ? side.messages.push(opened.content, record.index) : [];
    for (const message of messages) this.#said(dir, message);
    return { state: 'opened', key, record: opened, messages, alert: opened.contentType === CONTENT.alert ? readAlert(opened.content) : null };
  }

  /** Tickets come first and are small; an update of the keys is tiny: neither may wait. */
  #mayWait(side: Side, { contentType, fragment }: ReadRecord): boolean {
    if (contentType !== CONTENT.applicationData) return false;
    if (this.#facts.tls13 !== true) return true;
    if (side.messages.waiting > 0 || fragment.length <= TLS_LIMITS.updateFragment) return false;
    return side.records >= TLS_LIMITS.eagerRecords || fragment.length > TLS_LIMITS.eagerFragment;
  }

  #closed(dir: Direction): SealedBecause | null {
    const { clientRandom, tls13 } = this.#facts;
    if (clientRandom === null) return 'no-hello';
    if (tls13 === null) return dir === 'up' && this.#early ? 'early-data' : 'no-hello';
    if (!tls13 && this.#facts.version !== VERSION_NAMES.get(VERSIONS.tls12)) return 'version';
    if (this.#suite === null) return 'suite';
    return this.#sides[dir].keys === null ? 'no-keys' : null;
  }

  /** A handshake message, in clear or opened. */
  #said(dir: Direction, { type, bytes }: HandshakeMessage): void {
    const body = bytes.subarray(4);
    switch (type) {
      case HANDSHAKE.clientHello: return dir === 'up' ? this.#clientHello(body) : undefined;
      case HANDSHAKE.serverHello: return dir === 'down' ? this.#serverHello(body) : undefined;
      case HANDSHAKE.encryptedExtensions: return this.#alpn(HELLO_EXTENSIONS.alpn(decodeExtensions(body) ?? []));
      case HANDSHAKE.finished: return this.#finished(dir);
      case HANDSHAKE.keyUpdate: return this.#updated(dir);
      default:
    }
  }

  #alpn([alpn]: readonly string[]): void {
    if (alpn !== undefined) this.#facts = { ...this.#facts, alpn };
  }

  #clientHello(body: Uint8Array): void {
    const hello = decodeClientHello(body);
    if (hello === null) return;
    const extensions = hello.extensions ?? [];
    const clientRandom = hello.random.slice();
    this.#early = HELLO_EXTENSIONS.has(extensions, EXTENSION.earlyData);
    this.#facts = { ...this.#facts, clientRandom, serverName: HELLO_EXTENSIONS.serverName(extensions), offeredAlpn: HELLO_EXTENSIONS.alpn(extensions), keys: this.#log.knows(clientRandom) };
  }

  #serverHello(body: Uint8Array): void {
    const hello = decodeServerHello(body);
    if (hello === null) return;
    if (isRetry(hello)) {
      this.#facts = { ...this.#facts, retried: true };
      return;
    }
    const version = chosenVersion(hello);
    const tls13 = isTls13(version);
    this.#suite = aeadOf(hello.cipherSuite);
    this.#serverRandom = hello.random.slice();
    this.#facts = { ...this.#facts, tls13, version: isDraft(version) ? `TLS 1.3 (draft ${version & 0xff})` : (VERSION_NAMES.get(version) ?? ''), cipher: CIPHER_SUITE_NAMES.get(hello.cipherSuite) ?? '' };
    this.#alpn(HELLO_EXTENSIONS.alpn(hello.extensions ?? []));
    if (!tls13) return;
    this.#take('up', 'CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'handshake');
    this.#take('down', 'SERVER_HANDSHAKE_TRAFFIC_SECRET', 'handshake');
  }

  /** The secret of the next epoch of TLS 1.3, where the log has it. */
  #take(dir: Direction, label: 'CLIENT_HANDSHAKE_TRAFFIC_SECRET' | 'SERVER_HANDSHAKE_TRAFFIC_SECRET' | 'CLIENT_TRAFFIC_SECRET_0' | 'SERVER_TRAFFIC_SECRET_0', epoch: Side['epoch']): void {
    const { clientRandom } = this.#facts;
    const secret = clientRandom === null ? null : this.#log.secret(label, clientRandom);
    this.#use(this.#sides[dir], this.#suite !== null && secret !== null && fitsHash(this.#suite.hash, secret) ? secret : null, epoch);
  }

  #use(side: Side, secret: Uint8Array | null, epoch: Side['epoch']): void {
    side.secret = secret;
    side.keys = secret === null || this.#suite === null ? null : trafficKeys(this.#suite, secret);
    side.sequence = 0;
    side.records = 0;
    side.epoch = epoch;
    // RFC 8446 5.1: a message does not span a change of keys.
    side.messages.reset();
  }

  #finished(dir: Direction): void {
    const side = this.#sides[dir];
    if (this.#facts.tls13 === true && side.epoch === 'handshake') this.#take(dir, dir === 'up' ? 'CLIENT_TRAFFIC_SECRET_0' : 'SERVER_TRAFFIC_SECRET_0', 'application');
    else if (this.#facts.tls13 === false) side.epoch = 'application';
  }

  #updated(dir: Direction): void {
    const side = this.#sides[dir];
    if (this.#facts.tls13 === true && side.epoch === 'application' && side.secret !== null && this.#suite !== null) this.#use(side, nextSecret(this.#suite.hash, side.secret), 'application');
  }

  /** ChangeCipherSpec: the keys of TLS 1.2 count from here on; in TLS 1.3 it means nothing (RFC 8446 D.4). */
  #changed(dir: Direction): void {
    const { clientRandom, tls13 } = this.#facts;
    if (tls13 !== false || clientRandom === null || this.#serverRandom === null || this.#suite === null) return;
    const master = this.#log.secret('CLIENT_RANDOM', clientRandom);
    const side = this.#sides[dir];
    side.sequence = 0;
    side.epoch = 'handshake';
    if (master?.length !== 48) return;
    const keys = keyBlock(this.#suite, master, clientRandom, this.#serverRandom);
    side.keys = dir === 'up' ? keys.client : keys.server;
  }
}

/** The reason in English, for developers. */
export function sealedText(why: SealedBecause): string {
  switch (why) {
    case 'no-keys': return 'no key of it was kept';
    case 'suite': return 'its cipher suite is not opened here';
    case 'version': return 'its version of TLS is not opened here';
    case 'no-hello': return 'the hellos before it were not seen';
    case 'failed': return 'its key does not open it';
    case 'early-data': return 'sent before the server answered';
    default: return never(why);
  }
}
