// Endpoints as the dictionary keeps them: 'address port' (a space cannot occur in either).

import type { Endpoint } from './event';

export const endpointText = (address: string, port: number): string => `${address} ${port}`;

export function parseEndpoint(text: string): Endpoint | null {
  const space = text.lastIndexOf(' ');
  if (space < 0) return null;
  return { address: text.slice(0, space), port: Number(text.slice(space + 1)) };
}

/** As people write it: `127.0.0.1:80`, `[::1]:80`. */
export const formatEndpoint = (endpoint: Endpoint): string =>
  endpoint.address.includes(':') ? `[${endpoint.address}]:${endpoint.port}` : `${endpoint.address}:${endpoint.port}`;
