// Wireshark's names of headers that have a field of their own; the others are lines of the request or the response.

const OWN = [
  'accept', 'accept-encoding', 'accept-language', 'authorization', 'cache-control', 'connection', 'content-encoding', 'content-type', 'cookie', 'date', 'host', 'last-modified',
  'location', 'proxy-authenticate', 'proxy-authorization', 'referer', 'sec-websocket-accept', 'sec-websocket-extensions', 'sec-websocket-key', 'sec-websocket-protocol',
  'sec-websocket-version', 'server', 'set-cookie', 'transfer-encoding', 'upgrade', 'user-agent', 'www-authenticate', 'x-forwarded-for',
];

const NAMES: ReadonlyMap<string, string> = new Map([...OWN.map((name) => [name, `http.${name.replaceAll('-', '_')}`] as const), ['content-length', 'http.content_length_header'], ['http2-settings', 'http.http2_settings']]);

/** Names of the headers that have a field, in lower case. */
export const headerFields: readonly string[] = [...NAMES.keys()];

/** The field of a header; null: it has none. */
export const headerField = (name: string): string | null => NAMES.get(name.toLowerCase()) ?? null;
