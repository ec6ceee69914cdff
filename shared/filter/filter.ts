// The language of Wireshark's display filters (wireshark-filter(4)), for the fields of FIELD_TYPES: one syntax for the Capture screen, the command
// line and the matchers of lessons. This file: what a filter is. Parsing, evaluation and completion stand beside it; columns are matched in packets/.

import type { FieldType } from '../codec/schema';

/** What a field holds: numbers up to 2^53 as number, beyond as bigint; addresses as text; times as seconds. */
export type FilterValue = number | bigint | string | boolean | Uint8Array;

export type Comparison = '==' | '!=' | '>' | '<' | '>=' | '<=' | 'contains' | 'matches' | '&';

/** Half-open range of bytes that a slice takes: [start:length], [start-end], [start], negative starts count from the end. */
export interface SliceRange {
  readonly start: number;
  readonly end: number | null;
}

export interface FieldOperand {
  readonly type: 'field';
  readonly field: FieldType;
  readonly slices: readonly SliceRange[];
  /** len(), count(), lower(), upper(), outermost first. */
  readonly functions: readonly ('len' | 'count' | 'lower' | 'upper' | 'string')[];
  /** tcp.srcport#2: only the n-th occurrence, from 1 (negative: from the last). Null: any. */
  readonly layer: number | null;
}

export type Operand =
  | FieldOperand
  | { readonly type: 'value'; readonly value: FilterValue }
  /** 10.0.0.0/8; prefix in bits. */
  | { readonly type: 'network'; readonly address: Uint8Array; readonly prefix: number }
  | { readonly type: 'regex'; readonly source: string; readonly regex: RegExp };

/** `all`: Wireshark's `!=` and `===`-family, which ask every occurrence; `==` asks any. */
export type Filter =
  | { readonly type: 'and' | 'or' | 'xor'; readonly left: Filter; readonly right: Filter }
  | { readonly type: 'not'; readonly inner: Filter }
  | { readonly type: 'present'; readonly operand: FieldOperand }
  | { readonly type: 'compare'; readonly comparison: Comparison; readonly all: boolean; readonly left: Operand; readonly right: Operand }
  | { readonly type: 'in'; readonly operand: FieldOperand; readonly items: readonly (Operand | { readonly type: 'range'; readonly low: FilterValue; readonly high: FilterValue })[] };

/** A place in the text and a message key for people, with the words that it needs. */
export interface FilterError {
  readonly at: number;
  readonly length: number;
  readonly code: 'unexpected' | 'unended' | 'unknownField' | 'badValue' | 'notComparable' | 'badRegex' | 'tooLong' | 'tooDeep' | 'incomplete';
  /** English, for the command line. */
  readonly message: string;
  readonly words: Readonly<Record<string, string>>;
}

/** The fields of one packet, as a filter asks for them: all occurrences, outermost first. */
export interface FieldSource {
  /** Values of a field; empty: it is not there. A protocol that is there gives [true]. */
  values(name: string): readonly FilterValue[];
  /** Bytes that the field was read from, for slices, contains and matches. */
  bytes(name: string): readonly Uint8Array[];
}
