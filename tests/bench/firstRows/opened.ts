// What the page of the bench of first rows tells.

/** ms since the key was pressed, by the page's clock at the frame. */
export interface Opened {
  /** A row whose cells are all filled. */
  readonly first: number;
  /** Such rows down to the end of the list's window. */
  readonly filled: number;
  /** The list has all packets, and nothing is pending. */
  readonly whole: number;
}

export interface RowsPage {
  /** From now on, until a list of `count` packets is whole. */
  watchRows(count: number): void;
  rowsSeen(): Promise<Opened>;
}
