// The rows of the packet table as elements that are used again: a row that leaves on one side comes back on the other with new text. Plain DOM,
// because a million rows are scrolled through at the speed of the screen; text is set as text, never as markup.

import type { PacketRow } from '../../../shared/packets/session';
import { cellsOf, hueOf, isNumeric, TROUBLE_SIGNS, type ColumnChoice } from './columns';

/** What the table shows now. */
export interface TableFrame {
  /** Rows `first` up to, not including, `end` are seen, wholly or in part. */
  readonly first: number;
  readonly end: number;
  /** px from the top of the view to the top of the first row: 0 or less. */
  readonly offset: number;
  readonly rowHeight: number;
  readonly columns: readonly ColumnChoice[];
  readonly fine: boolean;
  readonly selected: number;
  /** Changes when rows have come or have changed. */
  readonly revision: number;
  rowAt(row: number): PacketRow | null;
  /** Words of trouble in the page's language. */
  troubleWord(trouble: PacketRow['trouble']): string;
}

interface Slot {
  readonly element: HTMLElement;
  readonly mark: HTMLElement;
  readonly cells: HTMLElement[];
  row: number;
  /** Undefined: nothing yet. */
  shown: PacketRow | null | undefined;
  selected: boolean;
  place: string;
}

export class RowPool {
  readonly #slots: Slot[] = [];
  #columns: readonly ColumnChoice[] = [];
  #fine = false;

  /** `layer`: where the rows are put; `id`: begins the ids of the rows. */
  constructor(private readonly layer: HTMLElement, private readonly id: string) {}

  draw(frame: TableFrame): void {
    if (frame.columns !== this.#columns || frame.fine !== this.#fine) this.#restart(frame);
    const count = Math.max(frame.end - frame.first, 0);
    while (this.#slots.length < count) this.#slots.push(this.#slot());
    const slots = this.#slots.length;
    for (const slot of this.#slots) if (slot.row !== -1 && (slot.row < frame.first || slot.row >= frame.end)) hide(slot);
    for (let row = frame.first; row < frame.end; row++) {
      const slot = this.#slots[row % slots];
      if (slot !== undefined) this.#fill(slot, row, frame);
    }
  }

  rowId(row: number): string {
    return `${this.id}-${row}`;
  }

  #restart({ columns, fine }: TableFrame): void {
    this.#columns = columns;
    this.#fine = fine;
    this.#slots.length = 0;
    this.layer.replaceChildren();
  }

  #fill(slot: Slot, row: number, frame: TableFrame): void {
    const packet = frame.rowAt(row);
    const place = `translateY(${frame.offset + (row - frame.first) * frame.rowHeight}px)`;
    if (slot.place !== place) slot.element.style.transform = slot.place = place;
    if (slot.row !== row) {
      if (slot.row === -1) slot.element.hidden = false;
      slot.row = row;
      slot.element.id = this.rowId(row);
      slot.element.setAttribute('aria-rowindex', String(row + 2));
      slot.element.dataset['row'] = String(row);
    }
    const selected = row === frame.selected;
    if (slot.selected !== selected) {
      slot.selected = selected;
      slot.element.setAttribute('aria-selected', String(selected));
    }
    if (slot.shown === packet) return;
    slot.shown = packet;
    this.#write(slot, packet, frame);
  }

  #write({ element, mark, cells }: Slot, packet: PacketRow | null, frame: TableFrame): void {
    const texts = packet === null ? null : cellsOf(packet, this.#columns, this.#fine);
    for (const [at, cell] of cells.entries()) {
      const text = texts === null ? '' : (texts[at] ?? '');
      if (cell.textContent !== text) cell.textContent = text;
    }
    const trouble = packet?.trouble ?? 'none';
    element.className = packet === null ? 'row waiting' : `row ${hueOf(packet.protocol)} ${trouble}`;
    const sign = TROUBLE_SIGNS[trouble];
    if (mark.textContent === sign) return;
    mark.textContent = sign;
    if (sign === '') mark.removeAttribute('aria-label');
    else mark.setAttribute('aria-label', frame.troubleWord(trouble));
    if (sign === '') mark.removeAttribute('role');
    else mark.setAttribute('role', 'img');
  }

  #slot(): Slot {
    const element = document.createElement('div');
    element.setAttribute('role', 'row');
    element.setAttribute('aria-selected', 'false');
    const cells: HTMLElement[] = [];
    const mark = document.createElement('span');
    mark.className = 'mark';
    for (const [at, column] of this.#columns.entries()) {
      const cell = document.createElement('span');
      cell.setAttribute('role', 'gridcell');
      cell.className = `cell${isNumeric(column.id) ? ' numeric' : ''} of-${column.id.replaceAll('.', '_')}`;
      cell.style.width = `var(--column-${at})`;
      const text = document.createElement('bdi');
      if (at === 0) cell.append(mark);
      cell.append(text);
      element.append(cell);
      cells.push(text);
    }
    this.layer.append(element);
    return { element, mark, cells, row: -1, shown: undefined, selected: false, place: '' };
  }
}

function hide(slot: Slot): void {
  slot.row = -1;
  slot.shown = undefined;
  slot.element.hidden = true;
  slot.element.removeAttribute('id');
}
