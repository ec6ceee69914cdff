// Endpoints as the dictionary keeps them: 'address port' (a space cannot occur in either).

import type { Endpoint } from './event';

export const endpointText = (address: string, port: number): string => `${address} ${port}`;

export function parseEndpoint(text: string): Endpoint | null {
  const space = text.lastIndexOf(' ');
  if (space < 0) return null;
  return { address: text.slice(0, space), port: Number(text.slice(space + 1)) };
}

/** True for an endpoint of AF_UNIX that has a name: an absolute path. */
export const isPath = (address: string): boolean => address.startsWith('/');

/** True for a port of the range from which systems choose by themselves: from 32768 on Linux, from 49152 elsewhere (RFC 6335 6). */
export const isEphemeral = (port: number): boolean => port >= 32_768;

/** As people write it: `127.0.0.1:80`, `[::1]:80`, `/tmp/looplab-x/door`; nothing for an end of AF_UNIX that has no name. */
export function formatEndpoint({ address, port }: Endpoint): string {
  if (isPath(address) || (address === '' && port === 0)) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
