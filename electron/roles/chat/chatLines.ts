// The words of the chat, lines of UTF-8 that end with LF. Who calls says 'HELLO <name> <port>' first: who it is, and at which port its
// own door is ('HELLO <name>' when it has none). After that each line is a message, but for those that begin with '/': '/who' asks whom
// the other knows, '/know bo 127.0.68.2:6700 ...' answers. A message that begins with '/' gets another one before it.

import type { Endpoint } from '../../../shared/trace/event';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import { isLoopback, isPort } from '../bittorrent/loopback';
import { isName } from '../directory/names';

/** Bytes of a line; who sends more without LF is cut. */
export const MAX_LINE = 4000;
/** People told of in one '/know'. */
const MAX_KNOWN = 20;

export interface Acquaintance {
  readonly name: string;
  readonly at: Endpoint;
}

export type ChatLine =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'who' }
  | { readonly type: 'know'; readonly people: readonly Acquaintance[] }
  | { readonly type: 'unknown'; readonly command: string };

/** `port` 0: nobody can call back. */
export const helloLine = (name: string, port: number): string => `HELLO ${name}${port === 0 ? '' : ` ${port}`}\n`;

/** Null for what is no such line. */
export function parseHello(line: string): { readonly name: string; readonly port: number } | null {
  const [, name = '', port = '0'] = /^HELLO (\S{1,100})(?: (\d{1,5}))?\s*$/.exec(line) ?? [];
  if (!isName(name) || (port !== '0' && !isPort(Number(port)))) return null;
  return { name, port: Number(port) };
}

/** What has LF, CR or NUL in it would be more than one line: they become spaces. */
export const oneLine = (text: string): string => text.replace(/[\r\n\0]+/g, ' ');

export const textLine = (text: string): string => `${text.startsWith('/') ? '/' : ''}${oneLine(text)}\n`;

export const WHO_LINE = '/who\n';

export const knowLine = (people: readonly Acquaintance[]): string =>
  `/know${people.slice(0, MAX_KNOWN).map(({ name, at }) => ` ${name} ${formatEndpoint(at)}`).join('')}\n`;

/** A line without its LF. */
export function parseLine(line: string): ChatLine {
  const text = line.replace(/\r$/, '');
  if (!text.startsWith('/')) return { type: 'text', text };
  if (text.startsWith('//')) return { type: 'text', text: text.slice(1) };
  const [command = '', ...words] = text.split(' ');
  if (command === '/who') return { type: 'who' };
  if (command === '/know') return { type: 'know', people: acquaintances(words) };
  return { type: 'unknown', command: command.slice(0, 40) };
}

/** Pairs of a name and an address that can be called; what is none is left out. */
function acquaintances(words: readonly string[]): Acquaintance[] {
  const people: Acquaintance[] = [];
  for (let i = 0; i + 1 < words.length && people.length < MAX_KNOWN; i += 2) {
    const name = words[i] ?? '';
    const [, address = '', port = '0'] = /^([\d.]{7,15}):(\d{1,5})$/.exec(words[i + 1] ?? '') ?? [];
    if (isName(name) && isLoopback(address) && isPort(Number(port))) people.push({ name, at: { address, port: Number(port) } });
  }
  return people;
}
