// ClientHello and ServerHello (RFC 8446 4.1, RFC 5246 7.4.1) as values, both ways, and what the two agree on. Extensions keep their
// bytes; extension.ts knows what is in those that matter.

import { concatBytes, equalBytes, fromHex, NO_BYTES, readUint } from '../../base/bytes';
import { HELLO_EXTENSIONS, type Extension } from './extension';
import { HANDSHAKE, isDraft, VERSIONS } from './names';
import { uintBytes, vectorBytes } from './wire';

interface HelloStart {
  readonly version: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  /** Null: the message ends before them (as before RFC 4366), which is not the same as none. */
  readonly extensions: readonly Extension[] | null;
}
export interface ClientHello extends HelloStart {
  readonly cipherSuites: readonly number[];
  readonly compressionMethods: readonly number[];
}
export interface ServerHello extends HelloStart {
  readonly cipherSuite: number;
  readonly compressionMethod: number;
}

/** RFC 8446 4.1.3: a ServerHello with this random is a HelloRetryRequest (SHA-256 of "HelloRetryRequest"). */
const RETRY = fromHex('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');
export const isRetry = (hello: ServerHello): boolean => equalBytes(hello.random, RETRY);

/** Reads fields one after the other; past the end every answer is empty and `broken` is true. */
class Fields {
  #at: number;
  broken = false;

  constructor(readonly bytes: Uint8Array, at = 0) {
    this.#at = at;
  }

  get left(): number {
    return this.bytes.length - this.#at;
  }

  take(length: number): Uint8Array {
    if (this.left < length) this.broken = true;
    const part = this.bytes.subarray(this.#at, this.#at + length);
    this.#at += part.length;
    return part;
  }

  uint(length: number): number {
    const part = this.take(length);
    return part.length < length ? 0 : readUint(part, 0, length);
  }

  vector(size: number): Uint8Array {
    return this.take(this.uint(size));
  }
}

const numbers = (bytes: Uint8Array, size: number): number[] => Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => readUint(bytes, i * size, size));

/** Extensions of a message from their own length on; null when they are cut or do not fill it. */
export function decodeExtensions(bytes: Uint8Array): Extension[] | null {
  const outer = new Fields(bytes);
  const inner = new Fields(outer.vector(2));
  const extensions: Extension[] = [];
  while (inner.left > 0 && !inner.broken) extensions.push({ type: inner.uint(2), data: inner.vector(2) });
  return outer.broken || inner.broken || outer.left > 0 ? null : extensions;
}

/** The body of a ClientHello, without the four bytes of the handshake's head; null when it is none. */
export function decodeClientHello(body: Uint8Array): ClientHello | null {
  const fields = new Fields(body);
  const start = { version: fields.uint(2), random: fields.take(32), sessionId: fields.vector(1) };
  const suites = fields.vector(2);
  const compressionMethods = [...fields.vector(1)];
  const extensions = fields.left > 0 ? decodeExtensions(fields.take(fields.left)) : [];
  if (fields.broken || suites.length % 2 !== 0 || extensions === null) return null;
  return { ...start, cipherSuites: numbers(suites, 2), compressionMethods, extensions: body.length === size(start, suites.length + 3 + compressionMethods.length) ? null : extensions };
}

export function decodeServerHello(body: Uint8Array): ServerHello | null {
  const fields = new Fields(body);
  const version = fields.uint(2);
  // Drafts of TLS 1.3 up to 21 left out the session and the compression.
  const short = isDraft(version);
  const start = { version, random: fields.take(32), sessionId: short ? NO_BYTES : fields.vector(1) };
  const chosen = { cipherSuite: fields.uint(2), compressionMethod: short ? 0 : fields.uint(1) };
  const bare = fields.left === 0;
  const extensions = bare ? null : decodeExtensions(fields.take(fields.left));
  if (fields.broken || (extensions === null && !bare)) return null;
  return { ...start, ...chosen, extensions };
}

const size = ({ sessionId }: { readonly sessionId: Uint8Array }, more: number): number => 35 + sessionId.length + more;

export const encodeExtensions = (extensions: readonly Extension[]): Uint8Array<ArrayBuffer> =>
  vectorBytes(concatBytes(...extensions.map(({ type, data }) => concatBytes(uintBytes(type, 2), vectorBytes(data, 2)))), 2);

function encodeStart(hello: HelloStart, middle: Uint8Array): Uint8Array<ArrayBuffer> {
  if (hello.random.length !== 32) throw new RangeError(`a random of ${hello.random.length} bytes`);
  return concatBytes(uintBytes(hello.version, 2), hello.random, vectorBytes(hello.sessionId, 1), middle, ...(hello.extensions === null ? [] : [encodeExtensions(hello.extensions)]));
}

/** Bodies; encodeHandshake puts the head before them. */
export const encodeClientHello = (hello: ClientHello): Uint8Array<ArrayBuffer> =>
  encodeStart(hello, concatBytes(vectorBytes(concatBytes(...hello.cipherSuites.map((suite) => uintBytes(suite, 2))), 2), vectorBytes(Uint8Array.from(hello.compressionMethods), 1)));
export const encodeServerHello = (hello: ServerHello): Uint8Array<ArrayBuffer> => encodeStart(hello, concatBytes(uintBytes(hello.cipherSuite, 2), uintBytes(hello.compressionMethod, 1)));

/** A whole handshake message (RFC 8446 4). */
export const encodeHandshake = (type: number, body: Uint8Array): Uint8Array<ArrayBuffer> => concatBytes(uintBytes(type, 1), vectorBytes(body, 3));

/** The version that a ServerHello chose (RFC 8446 4.2.1). */
export function chosenVersion(hello: ServerHello): number {
  return HELLO_EXTENSIONS.selectedVersion(hello.extensions ?? []) ?? hello.version;
}

/** True when the message can only be a hello in clear: of the right form from its first byte to the last. */
export function isHelloInClear(message: Uint8Array): boolean {
  if (message.length < 4 || readUint(message, 1, 3) !== message.length - 4) return false;
  const body = message.subarray(4);
  const version = message[0] === HANDSHAKE.clientHello ? decodeClientHello(body)?.version : message[0] === HANDSHAKE.serverHello ? decodeServerHello(body)?.version : undefined;
  return version !== undefined && version >= VERSIONS.tls10 && version <= VERSIONS.tls12;
}
