// What may stand at the caret of a filter that is being typed: fields where a test begins, the operators of a field, values that are known, what joins
// tests. Reads the text before the caret only as far as needed; never throws.

import { FIELD_TYPES, type FieldKind } from '../codec/schema';
import { valueNames } from '../codec/values';
import { FilterFault } from './fault';
import { fieldNamed } from './fields';
import { FUNCTION_NAMES, functionKind } from './functions';
import { canAdd, canCompare, canContain, canMask, kindTitle, natureOf } from './kinds';
import { tokens, type Token } from './lexer';

export interface Completion {
  readonly text: string;
  readonly kind: 'protocol' | 'field' | 'function' | 'operator' | 'value' | 'join';
  /** English, a few words: the kind of a field, what an operator asks; of a value's name its number; '' when there is nothing to say. */
  readonly detail: string;
}

export interface Completions {
  /** The part of the text that a completion replaces. */
  readonly from: number;
  readonly to: number;
  /** Best first, at most MOST. */
  readonly items: readonly Completion[];
}

const MOST = 50;
const OPERATORS: readonly (readonly [text: string, detail: string, fits: (kind: FieldKind) => boolean])[] = [
  ['==', 'is', canCompare], ['!=', 'is not', canCompare], ['>', 'greater', canCompare], ['<', 'less', canCompare], ['>=', 'at least', canCompare], ['<=', 'at most', canCompare], ['in {', 'one of', canCompare],
  ['contains', 'has in it', canContain], ['matches', 'fits the pattern', canContain], ['&', 'bits in common', canMask], ['===', 'all are', canCompare], ['!==', 'one is not', canCompare],
  ...(['eq', 'ne', 'gt', 'lt', 'ge', 'le'] as const).map((word) => [word, '', canCompare] as const), ['+', 'plus', canAdd],
];
const JOINS: readonly Completion[] = [['and', 'both'], ['or', 'one or both'], ['xor', 'one of both']].map(([text = '', detail = '']) => ({ text, kind: 'join', detail }));
const STARTS: readonly Completion[] = [['not', 'the opposite'], ['any', 'one value fits'], ['all', 'each value fits']].map(([text = '', detail = '']) => ({ text, kind: 'operator', detail }));

/** What the tokens before the caret leave open. */
type Awaited = { readonly what: 'test' } | { readonly what: 'operator' | 'value'; readonly kind: FieldKind | null; readonly field: string } | { readonly what: 'join' } | { readonly what: 'nothing' };

export function completions(text: string, caret: number): Completions {
  const before = text.slice(0, caret);
  const word = /[A-Za-z0-9_.-]*$/.exec(before)?.[0] ?? '';
  const from = caret - word.length;
  const to = caret + (/^[A-Za-z0-9_.-]*/.exec(text.slice(caret))?.[0].length ?? 0);
  return { from, to, items: itemsFor(awaited(before.slice(0, from)), word).slice(0, MOST) };
}

function awaited(head: string): Awaited {
  let list: Token[];
  try {
    list = tokens(head);
  } catch (fault) {
    // Inside a text or a slice nobody knows what comes.
    if (fault instanceof FilterFault) return { what: 'nothing' };
    throw fault;
  }
  let now: Awaited = { what: 'test' };
  /** Of the left side of the test that is being read. */
  let kind: FieldKind | null = null;
  /** Its name, as long as it stands alone. */
  let field = '';
  let inSet = false;
  /** What the open parentheses are of: a function gives its kind when it closes. */
  const open: (FieldKind | null | 'group')[] = [];
  for (const [i, token] of list.entries()) {
    switch (token.type) {
      case 'and': case 'or': case 'xor': case 'not': case 'any': case 'all': now = { what: 'test' }; break;
      case '(': {
        const name = list[i - 1];
        open.push(name?.type === 'word' && FUNCTION_NAMES.includes(name.text) ? functionKind(name.text) : 'group');
        now = { what: 'test' };
        break;
      }
      case ')': {
        const closed = open.pop();
        if (closed === 'group' || closed === undefined) now = { what: 'join' };
        else {
          kind = closed ?? kind;
          now = { what: 'operator', kind, field: field = '' };
        }
        break;
      }
      case 'word': case 'field': {
        const known = fieldNamed(token.type === 'field' ? token.text.slice(1) : token.text);
        if (now.what === 'value') now = inSet ? { what: 'nothing' } : { what: 'join' };
        else if (list[i + 1]?.type === '(') break;
        else if (known === null) now = { what: 'nothing' };
        else {
          kind = known.kind;
          now = { what: 'operator', kind, field: field = known.name };
        }
        break;
      }
      case 'compare': now = { what: 'value', kind, field }; break;
      case 'contains': case 'matches': case '+': case '-': case '*': case '/': case '%': case '&': now = { what: 'value', kind, field: field = '' }; break;
      case 'in': now = { what: 'nothing' }; break;
      case '{': inSet = list[i - 1]?.type === 'in' || inSet; now = { what: 'value', kind, field }; break;
      case '}': inSet = false; now = { what: 'join' }; break;
      case ',': case '..': now = inSet ? { what: 'value', kind, field } : { what: 'test' }; break;
      case ']': kind = 'bytes'; now = { what: 'operator', kind, field: field = '' }; break;
      case 'string': case 'char': now = inSet ? { what: 'nothing' } : { what: 'join' }; break;
      case '[': case '#': case 'range': case 'end': break;
      default: token.type satisfies never;
    }
  }
  return now;
}

function itemsFor(now: Awaited, word: string): readonly Completion[] {
  const begun = ({ text }: Completion): boolean => text.startsWith(word);
  switch (now.what) {
    case 'test': {
      const functions = FUNCTION_NAMES.map((name): Completion => ({ text: `${name}(`, kind: 'function', detail: '' }));
      return [...(word === '' ? [] : [...STARTS, ...functions].filter(begun)), ...fieldsLike(word, null)];
    }
    case 'operator': {
      const { kind } = now;
      const operators = OPERATORS.filter(([, , fits]) => kind !== null && fits(kind)).map(([text, detail]): Completion => ({ text, kind: 'operator', detail }));
      return [...operators.filter((one) => begun(one) && (word !== '' || !/^[a-z]{2}$/.test(one.text))), ...JOINS.filter(begun)];
    }
    case 'value': {
      return [...valuesLike(now.kind, now.field, word), ...(word === '' ? [] : fieldsLike(word, now.kind))];
    }
    case 'join': return JOINS.filter(begun);
    case 'nothing': return [];
    default: return now satisfies never;
  }
}

/** Values that have a name or a number that begins so, each with its name as a filter says it. */
function valuesLike(kind: FieldKind | null, field: string, word: string): readonly Completion[] {
  const wanted = word.toLowerCase();
  const named = valueNames(field) ?? [];
  const values = named
    .map(([value, name]): Completion => ({ text: BARE.test(name) && fieldNamed(name) === null ? name : JSON.stringify(name), kind: 'value', detail: String(value) }))
    .filter(({ text, detail }) => wanted === '' || detail.startsWith(wanted) || text.toLowerCase().replace('"', '').startsWith(wanted) || text.toLowerCase().includes(` ${wanted}`));
  const truth = kind !== 'bool' ? [] : ['True', 'False'].filter((text) => text.toLowerCase().startsWith(wanted)).map((text): Completion => ({ text, kind: 'value', detail: '' }));
  return [...truth, ...values];
}

/** What the lexer reads as one word. */
const BARE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Fields by name: those that begin so, those of which a part begins so, those that have the letters in this order. `like`: of this nature only. */
function fieldsLike(word: string, like: FieldKind | null): readonly Completion[] {
  const wanted = word.toLowerCase();
  const ranked: { readonly rank: number; readonly name: string; readonly kind: FieldKind }[] = [];
  for (const { name, kind } of FIELD_TYPES.values()) {
    if (like !== null && natureOf(kind) !== natureOf(like)) continue;
    const rank = rankOf(name.toLowerCase(), wanted);
    if (rank !== null) ranked.push({ rank, name, kind });
  }
  ranked.sort((a, b) => a.rank - b.rank || depth(a.name) - depth(b.name) || (a.name < b.name ? -1 : 1));
  return ranked.slice(0, MOST).map(({ name, kind }) => ({ text: name, kind: kind === 'protocol' && !name.includes('.') ? 'protocol' : 'field', detail: kindTitle(kind) }));
}

const depth = (name: string): number => name.split('.').length;

/** Lower is better; null: it is another name. Nothing typed: protocols. */
function rankOf(name: string, wanted: string): number | null {
  if (wanted === '') return name.includes('.') ? null : 0;
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(`.${wanted}`)) return 2;
  if (name.includes(wanted)) return 3;
  if (wanted.length < 3) return null;
  let at = 0;
  for (const letter of wanted) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return null;
  }
  return 4;
}
