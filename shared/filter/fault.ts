// What is wrong with a filter, thrown inside the parser only: parse.ts turns it into a FilterError.

import type { FilterError } from './filter';

export class FilterFault extends Error {
  constructor(readonly code: FilterError['code'], readonly at: number, readonly length: number, message: string, readonly words: Readonly<Record<string, string>> = {}) {
    super(message);
  }

  get error(): FilterError {
    return { code: this.code, at: this.at, length: this.length, message: this.message, words: this.words };
  }
}
