// Addresses of peers as trackers and peers pass them on: compact, one after the other, four bytes (BEP 23) or sixteen (BEP 7) and two of
// port.

import { readUint, writeUint } from '../../base/bytes';
import { ipv4Bytes, ipv4Text, ipv6Bytes, ipv6Text } from '../address';

export interface PeerAddress {
  readonly address: string;
  readonly port: number;
}

export type Family = 'ipv4' | 'ipv6';
/** Bytes of one peer. */
export const STRIDE = { ipv4: 6, ipv6: 18 } as const;

/** '127.0.70.2:6881', '[::1]:6881'. */
export const peerText = ({ address, port }: PeerAddress): string => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);

/** The first `limit` peers; bytes that make no whole one are left over. */
export function decodePeers(bytes: Uint8Array, family: Family, limit: number): PeerAddress[] {
  const stride = STRIDE[family];
  const peers: PeerAddress[] = [];
  for (let at = 0; at + stride <= bytes.length && peers.length < limit; at += stride) {
    const address = bytes.subarray(at, at + stride - 2);
    peers.push({ address: family === 'ipv4' ? ipv4Text(address) : ipv6Text(address), port: readUint(bytes, at + stride - 2, 2) });
  }
  return peers;
}

/** Throws for an address of another family, or a port that is none. */
export function encodePeers(peers: readonly PeerAddress[], family: Family): Uint8Array<ArrayBuffer> {
  const stride = STRIDE[family];
  const bytes = new Uint8Array(peers.length * stride);
  for (const [i, { address, port }] of peers.entries()) {
    bytes.set(family === 'ipv4' ? ipv4Bytes(address) : ipv6Bytes(address), i * stride);
    if (!Number.isInteger(port) || port < 0 || port > 0xffff) throw new RangeError(`${port} is no port`);
    writeUint(bytes, (i + 1) * stride - 2, 2, port);
  }
  return bytes;
}
