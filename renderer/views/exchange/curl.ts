// An exchange's request as a command line for curl that sends the same request again, for a POSIX shell. Pure; what comes from the wire
// is quoted, so that nothing of it is read by the shell or taken by curl for a file name or an option.

import { utf8Bytes, utf8Text } from '../../../shared/base/bytesText';
import type { HttpExchange } from '../../../shared/trace/app/appStory';
import type { Endpoint } from '../../../shared/trace/event';

/** What curl would send by itself and the request has not. */
const OWN_HEADERS = ['user-agent', 'accept'] as const;
/** A header's name (RFC 9110 5.6.2). */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/u;
const VERSION: Readonly<Record<HttpExchange['version'], string>> = { 'HTTP/1.0': '--http1.0', 'HTTP/1.1': '--http1.1', 'HTTP/2': '--http2-prior-knowledge', 'HTTP/3': '--http3' };

export interface CurlBody {
  readonly bytes: Uint8Array;
  /** Bytes that were sent; more than there are when the trace kept only a part. */
  readonly size: number;
}

/** `server`: where the request went; for names that only the lab knows. */
export function toCurl(exchange: HttpExchange, body: CurlBody, server: Endpoint | null): string {
  const { request, version, secure } = exchange;
  const { method, target } = request.head;
  const url = request.head.url === '' ? `${secure ? 'https' : 'http'}://${server === null ? 'localhost' : authority(server)}${target.startsWith('/') ? target : '/'}` : request.head.url;
  const words = ['curl', version === 'HTTP/2' && secure ? '--http2' : VERSION[version]];
  const hasBody = body.bytes.length > 0;
  if (method === 'HEAD') words.push('--head');
  else if (method !== (hasBody ? 'POST' : 'GET')) words.push('--request', quote(method));
  if (/[[\]{}]/u.test(url)) words.push('--globoff');
  words.push('--path-as-is');
  if (!url.endsWith(target) || !target.startsWith('/')) words.push('--request-target', quote(target));
  words.push(...resolving(url, server), ...headerWords(exchange, hasBody, url));
  const data = hasBody ? dataWords(body.bytes) : null;
  if (data !== null) words.push(...data.words);
  words.push(quote(url));
  const cut = body.bytes.length < body.size ? `# ${body.bytes.length} B of ${body.size} B of the body\n` : '';
  return `${cut}${data?.before ?? ''}${words.join(' ')}`;
}

function headerWords({ request }: HttpExchange, hasBody: boolean, url: string): string[] {
  const words: string[] = [];
  const names = new Set(request.headers.map((header) => header.name.toLowerCase()));
  for (const { name, value } of request.headers) {
    const lower = name.toLowerCase();
    // Pseudo-headers are made of the URL. What is no token cannot be sent, and curl takes `@name` for a file.
    if (!TOKEN.test(name) || lower === 'content-length' || (lower === 'host' && value === hostOf(url))) continue;
    // An empty header is written with a semicolon; a colon alone would leave it out.
    words.push('--header', quote(oneLine(value.trim() === '' ? `${name};` : `${name}: ${value}`)));
  }
  const unwanted = [...OWN_HEADERS, ...(hasBody ? ['content-type'] : [])].filter((name) => !names.has(name));
  for (const name of unwanted) words.push('--header', quote(`${name}:`));
  return words;
}

/** Where a name leads that only the lab's servers know. */
function resolving(url: string, server: Endpoint | null): string[] {
  const host = hostOf(url);
  const [, name = '', port] = /^([^:[\]]+)(?::(\d+))?$/u.exec(host) ?? [];
  if (server === null || name === '' || name === 'localhost' || /^[\d.]+$/u.test(name)) return [];
  return ['--connect-to', quote(`${name}:${port ?? (url.startsWith('https:') ? '443' : '80')}:${authority(server)}`)];
}

const hostOf = (url: string): string => /^[a-z]+:\/\/([^/?#]*)/iu.exec(url)?.[1] ?? '';
const authority = ({ address, port }: Endpoint): string => `${address.includes(':') ? `[${address}]` : address}:${port}`;
const oneLine = (text: string): string => text.replaceAll(/[\r\n\0]+/gu, ' ');

/** Text as it stands; other bytes through printf, whose octal escapes every POSIX shell has. */
function dataWords(bytes: Uint8Array): { readonly before: string; readonly words: readonly string[] } {
  const text = utf8Text(bytes);
  if (!/[^\P{C}\r\n\t]/u.test(text) && sameBytes(utf8Bytes(text), bytes)) return { before: '', words: ['--data-raw', quote(text)] };
  const escaped = Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  return { before: `printf '${escaped}' | `, words: ['--data-binary', '@-'] };
}

const sameBytes = (left: Uint8Array, right: Uint8Array): boolean => left.length === right.length && left.every((byte, at) => byte === right[at]);

/** One word of a POSIX shell: plain when it is harmless, else in single quotes. */
export const quote = (word: string): string => (/^[\w./:=@%+-]+$/u.test(word) && !word.startsWith('=') ? word : `'${word.replaceAll('\0', '').replaceAll("'", "'\\''")}'`);
