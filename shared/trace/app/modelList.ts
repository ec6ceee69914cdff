// Rows that the fold writes, and the objects that views read: made anew for the rows that have changed since the last refresh, and for
// no others. The one loop of all tables of the application story.

export interface Row {
  /** Its place in the list. */
  readonly id: number;
  /** It has changed, and its object is out of date. */
  dirty: boolean;
}

export class ModelList<R extends Row, M> {
  /** By row id. */
  readonly list: M[] = [];
  private changed: R[] = [];

  constructor(private readonly model: (row: R) => M) {}

  touch(row: R): void {
    if (row.dirty) return;
    row.dirty = true;
    this.changed.push(row);
  }

  /** Makes the objects of changed rows, in the order of their ids; `each` hears of them. */
  refresh(each: (row: R) => void = ignore): void {
    const { changed } = this;
    this.changed = [];
    changed.sort((one, other) => one.id - other.id);
    for (const row of changed) {
      row.dirty = false;
      this.list[row.id] = this.model(row);
      each(row);
    }
  }
}

const ignore = (): void => undefined;
