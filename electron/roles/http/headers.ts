// Header lines of HTTP as an ordered list: names compare without regard to case, a name may come more than once, and what a peer
// chose is never a property's name. Field syntax of RFC 9110 5; the wire is elsewhere.

export type HeaderLine = readonly [name: string, value: string];
export type HeaderLines = readonly HeaderLine[];

/** RFC 9110 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 9110 5.5: visible bytes, spaces and tabs; no CR, LF or NUL, with which a value would end its line. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export const isToken = (text: string): boolean => TOKEN.test(text);

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Every value of that name, in order. */
export const valuesOf = (headers: HeaderLines, name: string): string[] => headers.filter(([one]) => same(one, name)).map(([, value]) => value);

/** The value of that name, several joined by ', ' (RFC 9110 5.3); null when there is none. */
export function valueOf(headers: HeaderLines, name: string): string | null {
  const values = valuesOf(headers, name);
  return values.length === 0 ? null : values.join(', ');
}

/** The list with that name's lines gone. */
export const without = (headers: HeaderLines, ...names: readonly string[]): HeaderLines => headers.filter(([one]) => !names.some((name) => same(one, name)));

/** The list with one line of that name, at its end. */
export const withHeader = (headers: HeaderLines, name: string, value: string): HeaderLines => [...without(headers, name), [name, value]];

/** The elements of comma-separated values, trimmed, empty ones left out; commas in quoted strings separate nothing (RFC 9110 5.6.1). */
export function elementsOf(headers: HeaderLines, name: string): string[] {
  return valuesOf(headers, name).flatMap((value) => splitOutsideQuotes(value, ','));
}

/** Cut at a separator, but not in "quoted strings"; pieces trimmed, empty ones left out. */
export function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  const pieces: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (at >= text.length || (!quoted && character === separator)) {
      pieces.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  if (start < text.length) pieces.push(text.slice(start).trim());
  return pieces.filter((piece) => piece !== '');
}

/** A token as it is; of a quoted string what it says (RFC 9110 5.6.4). */
export const unquote = (text: string): string => (/^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/gs, '$1') : text);

/**
 * Lines 'Name: value' as somebody typed them; empty lines are skipped. What is no header line (RFC 9110 5.1, 5.5) is returned apart,
 * so that it can be said, and never reaches a server's writer.
 */
export function parseHeaderLines(text: string): { readonly headers: HeaderLines; readonly wrong: readonly string[] } {
  const headers: HeaderLine[] = [];
  const wrong: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0));
    const value = line.slice(colon + 1).trim();
    if (isToken(name) && VALUE.test(value)) headers.push([name, value]);
    else wrong.push(line);
  }
  return { headers, wrong };
}

/** Lines of node:http's rawHeaders: name, value, name, value. */
export function pairsOf(raw: readonly string[]): HeaderLines {
  const headers: HeaderLine[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) headers.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return headers;
}
