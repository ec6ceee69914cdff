// JSON with line breaks and indentation, token for token: nothing is parsed and written again, so numbers keep all their digits, keys their
// order, and doubles stay. Pure.

const INDENT = '  ';
const MAX_DEPTH = 100;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gu;

/** The formatted text; null when it is no JSON object or list, or nests too deep. */
export function formatJson(text: string): string | null {
  if (!/^\s*[{[]/u.test(text)) return null;
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const parts: string[] = [];
  let depth = 0;
  let opened = false;
  const line = (): void => void parts.push('\n', INDENT.repeat(depth));
  for (const [token] of text.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']';
    if (closes) depth--;
    if (opened !== closes && (opened || closes)) line();
    opened = token === '{' || token === '[';
    if (opened && ++depth > MAX_DEPTH) return null;
    parts.push(token);
    if (token === ',') line();
    else if (token === ':') parts.push(' ');
  }
  return parts.join('');
}
