// Comparing numbers without sign in loops that must have no branch.

/** 1 for a number without sign that is less than another: what subtracting them would borrow. */
export const borrow = (value: number, limit: number): number => ((~value & limit) | ((~value | limit) & (value - limit))) >>> 31;
