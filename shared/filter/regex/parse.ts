// The pattern language of `matches`: the part of PCRE that needs no going back. A pattern becomes a tree over bytes; what would need memory of what
// was matched (back references, look-around, atomic and possessive groups, recursion) and Unicode properties are refused by name.

import { FILTER_LIMITS } from '../limits';
import { ByteSet, CLASSES, POSIX } from './byteSet';

export type Assertion = 'start' | 'end' | 'lineStart' | 'lineEnd' | 'endBeforeNewline' | 'word' | 'notWord';

export type RegexNode =
  | { readonly type: 'bytes'; readonly set: ByteSet }
  | { readonly type: 'sequence' | 'choice'; readonly parts: readonly RegexNode[] }
  | { readonly type: 'repeat'; readonly of: RegexNode; readonly least: number; readonly most: number }
  | { readonly type: 'assert'; readonly what: Assertion };

/** `at`: in the pattern. */
export class RegexFault extends Error {
  constructor(readonly at: number, why: string) {
    super(why);
  }
}

interface Flags {
  readonly caseless: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
}

/** Caseless, as Wireshark compiles it; `(?-i)` turns that off. The pattern is Latin-1: one character a byte. Throws RegexFault. */
export const parseRegex = (pattern: string): RegexNode => new Parser(pattern).all();

const SIMPLE: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, a: 7, e: 27 };

class Parser {
  #at = 0;
  #flags: Flags = { caseless: true, multiline: false, dotAll: false, extended: false };

  constructor(private readonly pattern: string) {}

  all(): RegexNode {
    const node = this.#choice(0);
    if (this.#at < this.pattern.length) throw new RegexFault(this.#at, 'a closing parenthesis without an opening one');
    return node;
  }

  #choice(depth: number): RegexNode {
    if (depth > FILTER_LIMITS.depth) throw new RegexFault(this.#at, 'too many groups inside each other');
    const parts = [this.#sequence(depth)];
    while (this.#take('|')) parts.push(this.#sequence(depth));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { type: 'choice', parts };
  }

  #sequence(depth: number): RegexNode {
    const parts: RegexNode[] = [];
    while (this.#at < this.pattern.length && !'|)'.includes(this.#here())) {
      if (this.#flags.extended && this.#skipBlank()) continue;
      const at = this.#at;
      const one = this.#one(depth);
      if (one !== null) parts.push(this.#repeated(one, at));
    }
    return { type: 'sequence', parts };
  }

  #one(depth: number): RegexNode | null {
    const at = this.#at;
    const sign = this.#next();
    switch (sign) {
      case '(': return this.#group(depth);
      case '[': return this.#bracket(at);
      case '.': return { type: 'bytes', set: this.#flags.dotAll ? ByteSet.all() : ByteSet.of(10).inverted() };
      case '^': return { type: 'assert', what: this.#flags.multiline ? 'lineStart' : 'start' };
      case '$': return { type: 'assert', what: this.#flags.multiline ? 'lineEnd' : 'endBeforeNewline' };
      case '\\': return this.#escape(at);
      case '*': case '+': case '?': throw new RegexFault(at, `nothing before ${sign} to repeat`);
      default: return this.#literal(sign.charCodeAt(0));
    }
  }

  #literal(byte: number): RegexNode {
    const set = ByteSet.of(byte);
    return { type: 'bytes', set: this.#flags.caseless ? set.anyCase() : set };
  }

  #group(depth: number): RegexNode | null {
    const outer = this.#flags;
    const at = this.#at - 1;
    if (this.#take('?')) {
      if (this.#take('#')) {
        const end = this.pattern.indexOf(')', this.#at);
        if (end < 0) throw new RegexFault(at, 'a comment without an end');
        this.#at = end + 1;
        return null;
      }
      const name = /^(?:P?<[A-Za-z_]\w*>|'[A-Za-z_]\w*')/.exec(this.pattern.slice(this.#at))?.[0];
      if (name !== undefined) this.#at += name.length;
      else if (!this.#take(':') && this.#inlineFlags(at)) return null;
    } else if (this.#here() === '*') throw new RegexFault(at, 'verbs like (*ANY) are not supported');
    const node = this.#choice(depth + 1);
    if (!this.#take(')')) throw new RegexFault(at, 'a closing parenthesis is missing');
    this.#flags = outer;
    return node;
  }

  /** `(?i)` sets to the end of the group it stands in, and is nothing itself: true. `(?i:` sets inside: false. */
  #inlineFlags(at: number): boolean {
    const spelled = /^([imsx]*)(?:-([imsx]*))?([:)])/.exec(this.pattern.slice(this.#at));
    if (spelled === null) throw new RegexFault(at, 'look-around, atomic groups, conditions and recursion are not supported');
    this.#at += spelled[0].length;
    const set = (flag: string, before: boolean): boolean => (spelled[2]?.includes(flag) === true ? false : spelled[1]?.includes(flag) === true ? true : before);
    const { caseless, multiline, dotAll, extended } = this.#flags;
    this.#flags = { caseless: set('i', caseless), multiline: set('m', multiline), dotAll: set('s', dotAll), extended: set('x', extended) };
    return spelled[3] === ')';
  }

  #repeated(of: RegexNode, at: number): RegexNode {
    const counts = this.#counts();
    if (counts === null) return of;
    if (of.type === 'assert') throw new RegexFault(at, 'a place cannot be repeated');
    if (this.#take('+')) throw new RegexFault(this.#at - 1, 'possessive repetition is not supported');
    // Lazy or greedy: whether it matches somewhere is the same.
    this.#take('?');
    const node: RegexNode = { type: 'repeat', of, least: counts[0], most: counts[1] };
    return this.#repeated(node, at);
  }

  #counts(): readonly [number, number] | null {
    if (this.#flags.extended) while (this.#skipBlank());
    if (this.#take('*')) return [0, Infinity];
    if (this.#take('+')) return [1, Infinity];
    if (this.#take('?')) return [0, 1];
    const spelled = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.pattern.slice(this.#at));
    if (spelled === null) return null;
    const least = Number(spelled[1]);
    const most = spelled[2] === undefined ? least : spelled[3] === '' || spelled[3] === undefined ? Infinity : Number(spelled[3]);
    if (least > FILTER_LIMITS.regexRepeat || (most !== Infinity && most > FILTER_LIMITS.regexRepeat)) throw new RegexFault(this.#at, `more than ${FILTER_LIMITS.regexRepeat} repetitions`);
    if (most < least) throw new RegexFault(this.#at, 'the counts are in the wrong order');
    this.#at += spelled[0].length;
    return [least, most];
  }

  #escape(at: number): RegexNode | null {
    if (this.#at >= this.pattern.length) throw new RegexFault(at, 'a backslash at the end');
    const sign = this.#here();
    switch (sign) {
      case 'b': case 'B': this.#at++; return { type: 'assert', what: sign === 'b' ? 'word' : 'notWord' };
      case 'A': this.#at++; return { type: 'assert', what: 'start' };
      case 'z': case 'Z': this.#at++; return { type: 'assert', what: sign === 'z' ? 'end' : 'endBeforeNewline' };
      case 'E': this.#at++; return null;
      case 'Q': {
        const end = this.pattern.indexOf('\\E', this.#at);
        const text = this.pattern.slice(this.#at + 1, end < 0 ? undefined : end);
        this.#at = end < 0 ? this.pattern.length : end + 2;
        return { type: 'sequence', parts: Array.from(text, (letter) => this.#literal(letter.charCodeAt(0))) };
      }
      case 'R': {
        this.#at++;
        const pair: RegexNode = { type: 'sequence', parts: [13, 10].map((byte) => ({ type: 'bytes', set: ByteSet.of(byte) })) };
        return { type: 'choice', parts: [pair, { type: 'bytes', set: ByteSet.of(10, 11, 12, 13, 0x85) }] };
      }
      default: break;
    }
    const set = this.#classEscape();
    if (set !== null) return { type: 'bytes', set };
    return this.#literal(this.#byteEscape(at, false));
  }

  /** \d and its like, at the letter. */
  #classEscape(): ByteSet | null {
    const known = CLASSES.get(this.#here());
    if (known !== undefined) this.#at++;
    return known ?? null;
  }

  /** The byte that an escape stands for, at the letter behind the backslash. */
  #byteEscape(at: number, inBracket: boolean): number {
    const sign = this.#next();
    const simple = SIMPLE[sign];
    if (simple !== undefined) return simple;
    const rest = this.pattern.slice(this.#at);
    if (sign === 'x') {
      const digits = /^(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{0,2}))/.exec(rest);
      const byte = parseInt(digits?.[1] ?? (digits?.[2] || '0'), 16);
      if (byte > 255) throw new RegexFault(at, 'characters beyond a byte are not supported');
      this.#at += digits?.[0].length ?? 0;
      return byte;
    }
    if (sign === 'c') {
      const letter = rest.charCodeAt(0);
      if (!(letter >= 32 && letter < 127)) throw new RegexFault(at, 'a letter is missing behind \\c');
      this.#at++;
      return String.fromCharCode(letter).toUpperCase().charCodeAt(0) ^ 0x40;
    }
    if (/\d/.test(sign)) {
      const octal = /^[0-7]{0,3}/.exec(`${sign}${rest}`)?.[0] ?? '';
      if (sign !== '0' && !inBracket && octal.length < 3) throw new RegexFault(at, 'back references are not supported');
      if (octal === '') throw new RegexFault(at, `\\${sign} is not known`);
      this.#at += octal.length - 1;
      return parseInt(octal, 8) & 0xff;
    }
    if (inBracket && sign === 'b') return 8;
    if (/[A-Za-z]/.test(sign)) throw new RegexFault(at, sign === 'k' || sign === 'g' ? 'back references are not supported' : `\\${sign} is not supported`);
    return sign.charCodeAt(0);
  }

  #bracket(at: number): RegexNode {
    const inverted = this.#take('^');
    let set = ByteSet.none();
    for (let first = true; first || this.#here() !== ']'; first = false) {
      if (this.#at >= this.pattern.length) throw new RegexFault(at, 'a class without its ]');
      const low = this.#member(at);
      if (typeof low !== 'number') {
        set = set.with(low);
        continue;
      }
      let high = low;
      if (this.#here() === '-' && this.pattern[this.#at + 1] !== ']' && this.#at + 1 < this.pattern.length) {
        this.#at++;
        const end = this.#member(at);
        if (typeof end !== 'number') {
          set = set.with(ByteSet.of(low, 45)).with(end);
          continue;
        }
        high = end;
      }
      if (high < low) throw new RegexFault(at, 'a range in the wrong order');
      set = set.with(ByteSet.range(low, high));
    }
    this.#at++;
    if (this.#flags.caseless) set = set.anyCase();
    return { type: 'bytes', set: inverted ? set.inverted() : set };
  }

  #member(at: number): number | ByteSet {
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.pattern.slice(this.#at));
    if (posix !== null) {
      const known = POSIX.get(posix[2] ?? '');
      if (known === undefined) throw new RegexFault(this.#at, `the class ${posix[0]} is not known`);
      this.#at += posix[0].length;
      return posix[1] === '^' ? known.inverted() : known;
    }
    if (this.#take('\\')) {
      if (this.#at >= this.pattern.length) throw new RegexFault(at, 'a class without its ]');
      return this.#classEscape() ?? this.#byteEscape(this.#at - 1, true);
    }
    return this.#next().charCodeAt(0);
  }

  /** Blanks and comments of (?x). */
  #skipBlank(): boolean {
    const blank = /^(?:\s+|#[^\n]*)/.exec(this.pattern.slice(this.#at))?.[0] ?? '';
    this.#at += blank.length;
    return blank !== '';
  }

  #here(): string {
    return this.pattern[this.#at] ?? '';
  }

  #next(): string {
    return this.pattern[this.#at++] ?? '';
  }

  #take(sign: string): boolean {
    if (this.#here() !== sign) return false;
    this.#at++;
    return true;
  }
}
