// The words of a zone file (RFC 1035 5.1): lines that parentheses join, comments gone, quotation marks around strings. Escapes stay in the
// words, because only the reader of a word knows whether it is a name or a string.

export type ZoneFault =
  | 'bad-name' | 'no-name' | 'bad-ttl' | 'no-ttl' | 'no-type' | 'unknown-type' | 'unwritable-type' | 'bad-address' | 'bad-number' | 'bad-string' | 'bad-hex' | 'bad-parameter'
  | 'too-few-words' | 'too-many-words' | 'unknown-directive' | 'parenthesis' | 'quotation-mark' | 'too-much';

export interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

export interface LogicalLine {
  /** Of its first line, from 1. */
  readonly number: number;
  /** It begins with white space. */
  readonly indented: boolean;
  readonly words: readonly Word[];
  readonly fault: ZoneFault | null;
}

const WORD = /"((?:[^"\\\n]|\\[^\n])*)"|;[^\n]*|[()]|\n|(?:[^\s"();\\]|\\[^\n])+|"|\\/gy;

/** The lines that have words. Ends on any text. */
export function* logicalLines(text: string): Generator<LogicalLine> {
  const plain = text.replace(/\r\n?/g, '\n');
  let number = 1;
  let start = 1;
  let depth = 0;
  let words: Word[] = [];
  let fault: ZoneFault | null = null;
  let indented = false;
  let fresh = true;
  for (let at = 0; at < plain.length;) {
    if (/[^\S\n]/.test(plain[at] ?? '')) {
      if (fresh) indented = true;
      fresh = false;
      at++;
      continue;
    }
    WORD.lastIndex = at;
    const match = WORD.exec(plain);
    if (match === null) break;
    at = WORD.lastIndex;
    const [sign, string] = match;
    if (sign === '\n') {
      number++;
      if (depth > 0) continue;
      if (words.length > 0 || fault !== null) yield { number: start, indented, words, fault };
      [start, words, fault, indented, fresh] = [number, [], null, false, true];
      continue;
    }
    fresh = false;
    if (sign === '(') depth++;
    else if (sign === ')') fault = --depth < 0 ? 'parenthesis' : fault;
    else if (sign === '"' || sign === '\\') fault = 'quotation-mark';
    else if (!sign.startsWith(';')) words.push(string === undefined ? { text: sign, quoted: false } : { text: string, quoted: true });
    depth = Math.max(0, depth);
  }
  if (depth > 0) fault = 'parenthesis';
  if (words.length > 0 || fault !== null) yield { number: start, indented, words, fault };
}
