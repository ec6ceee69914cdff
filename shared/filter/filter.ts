// The language of Wireshark's display filters (wireshark-filter(4)), for the fields of FIELD_TYPES: one syntax for the Capture screen, the command
// line and the matchers of lessons. This file: what a filter is. Parsing, evaluation and completion stand beside it; columns are matched in packets/.

import type { FieldKind, FieldType } from '../codec/schema';
import type { Regex } from './regex/regex';

/** What a field holds: numbers up to 2^53 as number, beyond as bigint; truth as 0 or 1; addresses, bytes and OIDs as bytes; times as bigint nanoseconds. */
export type FilterValue = number | bigint | string | Uint8Array;

/** `==` and `!=` of the language are any and all of these: see `quantifier`. */
export type Comparison = '==' | '!=' | '>' | '<' | '>=' | '<=';

/** Part of a value's bytes, or of a packet's layers (from 1): half open; negative counts from the end, end null: to the end. */
export interface SliceRange {
  readonly start: number;
  readonly end: number | null;
}

export type FunctionName = 'len' | 'count' | 'lower' | 'upper' | 'string' | 'max' | 'min' | 'abs';
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '&';

/** A field, of the layers in `layers` only (ip.src#2); null: of all. */
export interface FieldOperand {
  readonly type: 'field';
  readonly field: FieldType;
  readonly layers: readonly SliceRange[] | null;
}

export interface ValueOperand {
  readonly type: 'value';
  readonly kind: FieldKind;
  readonly value: FilterValue;
  /** Leading bits of an address that count: 10.0.0.0/8. Null: all. */
  readonly prefix: number | null;
}

/** Has no, one or several values in a packet. `kind`: of those values. */
export type Operand =
  | FieldOperand
  | ValueOperand
  | { readonly type: 'slice'; readonly kind: 'bytes'; readonly of: Operand; readonly ranges: readonly SliceRange[] }
  | { readonly type: 'function'; readonly kind: FieldKind; readonly name: FunctionName; readonly args: readonly Operand[] }
  | { readonly type: 'arithmetic'; readonly kind: FieldKind; readonly operator: Arithmetic; readonly left: Operand; readonly right: Operand }
  | { readonly type: 'negative'; readonly kind: FieldKind; readonly of: Operand };

/** 'any': one pair of values must fit (`==`, `!==`); 'all': each (`!=`, `===`). Without values on both sides neither does. */
export type Quantifier = 'any' | 'all';

export interface SetItem {
  readonly low: Operand;
  /** Null: a single value. */
  readonly high: Operand | null;
}

export type Filter =
  | { readonly type: 'and' | 'or' | 'xor'; readonly left: Filter; readonly right: Filter }
  | { readonly type: 'not'; readonly inner: Filter }
  | { readonly type: 'present'; readonly operand: Operand }
  /** A sum or mask alone: true when one of its values is not zero. */
  | { readonly type: 'nonzero'; readonly operand: Operand }
  | { readonly type: 'compare'; readonly comparison: Comparison; readonly quantifier: Quantifier; readonly left: Operand; readonly right: Operand }
  | { readonly type: 'contains'; readonly quantifier: Quantifier; readonly left: Operand; readonly right: Operand }
  | { readonly type: 'matches'; readonly quantifier: Quantifier; readonly left: Operand; readonly regex: Regex }
  | { readonly type: 'in'; readonly quantifier: Quantifier; readonly operand: Operand; readonly items: readonly SetItem[] };

/** A place in the text and a message key for people, with the words that it needs. */
export interface FilterError {
  readonly at: number;
  readonly length: number;
  readonly code: 'unexpected' | 'unended' | 'unknownField' | 'badValue' | 'notComparable' | 'badRegex' | 'tooLong' | 'tooDeep' | 'incomplete';
  /** English, for the command line. */
  readonly message: string;
  readonly words: Readonly<Record<string, string>>;
}

/** One field of one packet. */
export interface FieldOccurrence {
  readonly value: FilterValue;
  /** What it was read from; of a protocol, its header, or all of its message. */
  readonly bytes: Uint8Array;
  /** Which of the layers of its protocol it is in, from 1. */
  readonly layer: number;
}

/** The fields of one packet, as a filter asks for them. */
export interface FieldSource {
  /** All occurrences, outermost first; empty: it is not there. A protocol that is there has the value 1. */
  occurrences(name: string): readonly FieldOccurrence[];
  /** From the first byte of each layer of a protocol to the last that it carries: what contains and matches search. */
  carried(protocol: string): readonly FieldOccurrence[];
  /** Layers of the protocol that a field belongs to. */
  layers(name: string): number;
}
