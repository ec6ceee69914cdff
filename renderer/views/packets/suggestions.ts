// What the filter bar offers while a filter is typed.

export interface Suggestion {
  /** Takes the place of the letters `from` up to, not including, `to`. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** What it is, in the page's language; '' when there is nothing to say. */
  readonly about: string;
}
