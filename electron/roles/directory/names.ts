// The names of people, as a directory and a chat take them: letters and digits of any script, with '_', '.', '-' between. What is no
// such name is refused before it is kept, looked up or shown.

/** Characters of a name. */
const MAX_NAME = 32;

const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_.-]*)$/u;

export const isName = (text: string): boolean => text.length <= MAX_NAME && NAME.test(text);

/** The name in a path '/people/<name>', percent-decoded UTF-8 (RFC 3986 2.1); null when there is none. */
export function nameInPath(path: string): string | null {
  const given = /^\/people\/([^/]{1,400})$/.exec(path)?.[1];
  if (given === undefined) return null;
  try {
    const name = decodeURIComponent(given);
    return isName(name) ? name : null;
  } catch {
    return null;
  }
}

export const pathOf = (name: string): string => `/people/${encodeURIComponent(name)}`;
