// What extensions of hellos hold (RFC 8446 4.2, RFC 6066 3, RFC 7301 3.1), as values both ways: those that a session's story needs.
// Never throws on reading: what has not the right form is as if it were not there.

import { concatBytes, readUint } from '../../base/bytes';
import { utf8Bytes, utf8Text } from '../../base/bytesText';
import { EXTENSION } from './names';
import { uintBytes, vectorBytes } from './wire';

export interface Extension {
  readonly type: number;
  readonly data: Uint8Array;
}

export interface KeyShare {
  readonly group: number;
  readonly key: Uint8Array;
}

const find = (extensions: readonly Extension[], type: number): Uint8Array | null => extensions.find((extension) => extension.type === type)?.data ?? null;

/** The parts of a vector of vectors, both with lengths of the given sizes; null when they do not fill it. */
function parts(data: Uint8Array, outer: number, inner: number): Uint8Array[] | null {
  if (data.length < outer || readUint(data, 0, outer) !== data.length - outer) return null;
  const found: Uint8Array[] = [];
  for (let at = outer; at < data.length;) {
    const length = at + inner <= data.length ? readUint(data, at, inner) : Infinity;
    if (at + inner + length > data.length) return null;
    found.push(data.subarray(at + inner, at + inner + length));
    at += inner + length;
  }
  return found;
}

function numbers(data: Uint8Array, outer: number): number[] {
  if (data.length < outer || readUint(data, 0, outer) !== data.length - outer) return [];
  return Array.from({ length: Math.floor((data.length - outer) / 2) }, (_, i) => readUint(data, outer + i * 2, 2));
}

export const HELLO_EXTENSIONS = {
  /** The host name that a client asks for; '' when it names none. */
  serverName(extensions: readonly Extension[]): string {
    const data = find(extensions, EXTENSION.serverName);
    if (data === null || data.length < 5 || data[2] !== 0) return '';
    const length = readUint(data, 3, 2);
    return 5 + length > data.length ? '' : utf8Text(data.subarray(5, 5 + Math.min(length, 1024)));
  },
  /** Protocols, offered or (one) chosen. */
  alpn(extensions: readonly Extension[]): string[] {
    const data = find(extensions, EXTENSION.alpn);
    return (data === null ? null : parts(data, 2, 1))?.map(utf8Text) ?? [];
  },
  /** Offered by a client. */
  versions: (extensions: readonly Extension[]): number[] => numbers(find(extensions, EXTENSION.supportedVersions) ?? new Uint8Array(0), 1),
  /** Chosen by a server. */
  selectedVersion(extensions: readonly Extension[]): number | null {
    const data = find(extensions, EXTENSION.supportedVersions);
    return data?.length === 2 ? readUint(data, 0, 2) : null;
  },
  groups: (extensions: readonly Extension[]): number[] => numbers(find(extensions, EXTENSION.supportedGroups) ?? new Uint8Array(0), 2),
  pointFormats(extensions: readonly Extension[]): number[] {
    const data = find(extensions, EXTENSION.ecPointFormats);
    return data !== null && data.length === 1 + (data[0] ?? 0) ? [...data.subarray(1)] : [];
  },
  signatureAlgorithms: (extensions: readonly Extension[]): number[] => numbers(find(extensions, EXTENSION.signatureAlgorithms) ?? new Uint8Array(0), 2),
  has: (extensions: readonly Extension[], type: number): boolean => find(extensions, type) !== null,
};

const list = (values: readonly number[]): Uint8Array => concatBytes(...values.map((value) => uintBytes(value, 2)));

/** Extensions to send. */
export const makeExtension = {
  serverName: (name: string): Extension => ({ type: EXTENSION.serverName, data: vectorBytes(concatBytes(uintBytes(0, 1), vectorBytes(utf8Bytes(name), 2)), 2) }),
  alpn: (protocols: readonly string[]): Extension => ({ type: EXTENSION.alpn, data: vectorBytes(concatBytes(...protocols.map((protocol) => vectorBytes(utf8Bytes(protocol), 1))), 2) }),
  versions: (versions: readonly number[]): Extension => ({ type: EXTENSION.supportedVersions, data: vectorBytes(list(versions), 1) }),
  selectedVersion: (version: number): Extension => ({ type: EXTENSION.supportedVersions, data: uintBytes(version, 2) }),
  groups: (groups: readonly number[]): Extension => ({ type: EXTENSION.supportedGroups, data: vectorBytes(list(groups), 2) }),
  signatureAlgorithms: (algorithms: readonly number[]): Extension => ({ type: EXTENSION.signatureAlgorithms, data: vectorBytes(list(algorithms), 2) }),
  keyShares: (shares: readonly KeyShare[]): Extension => ({ type: EXTENSION.keyShare, data: vectorBytes(concatBytes(...shares.map(({ group, key }) => concatBytes(uintBytes(group, 2), vectorBytes(key, 2)))), 2) }),
  selectedShare: ({ group, key }: KeyShare): Extension => ({ type: EXTENSION.keyShare, data: concatBytes(uintBytes(group, 2), vectorBytes(key, 2)) }),
};
