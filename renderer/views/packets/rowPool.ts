// The rows of the packet table as elements that are used again: a row that leaves on one side comes back on the other with new text. Plain DOM,
// because a million rows are scrolled through at the speed of the screen; text is set as text, never as markup. What stays in sight is not touched:
// rows lie in what is scrolled, a jump moves their layer and changes their texts. A class is on the element that it colours, so that no other is
// styled anew; cells are clipped only where their text is too long: a clip costs time in every frame.

import type { PacketRow } from '../../../shared/packets/session';
import { cellsOf, hueOf, isNumeric, TROUBLE_SIGNS, type ColumnChoice } from './columns';
import type { Paint } from './paints';
import { lettersOf, overflows, type Letters } from './letters';

/** Rows that are ready above and below, so that the next turn of the wheel finds them. */
export const SPARE_ROWS = 3;
/** Rows from the base at which it is put anew. */
const FAR = 100_000;
/** ms after the last movement from which on the pointer finds rows again. */
const STILL = 160;

/** What the table shows now. */
export interface TableFrame {
  /** Rows `first` up to, not including, `end` are seen, wholly or in part. */
  readonly first: number;
  readonly end: number;
  /** Rows of the whole list. */
  readonly count: number;
  /** px from the top of what is scrolled to the top of row 0: 0, unless the list is longer than an element can be. */
  readonly origin: number;
  readonly rowHeight: number;
  readonly columns: readonly ColumnChoice[];
  /** px of each column. */
  readonly widths: readonly number[];
  readonly fine: boolean;
  readonly selected: number;
  /** Changes when rows have come or have changed. */
  readonly revision: number;
  /** By the number that rows say. */
  readonly paints: readonly Paint[];
  rowAt(row: number): PacketRow | null;
  /** Words of trouble in the page's language. */
  troubleWord(trouble: PacketRow['trouble']): string;
}

interface Slot {
  readonly element: HTMLElement;
  readonly mark: HTMLElement;
  readonly sign: Text;
  readonly cells: readonly HTMLElement[];
  readonly texts: readonly Text[];
  readonly long: boolean[];
  /** -1: hidden. */
  row: number;
  /** px below the base. */
  place: number;
  /** Undefined: nothing yet. */
  shown: PacketRow | null | undefined;
  selected: boolean;
  look: string;
  paint: Paint | undefined;
  hue: string;
}

export class RowPool {
  readonly #slots: Slot[] = [];
  #columns: readonly ColumnChoice[] = [];
  #widths: readonly number[] = [];
  #fine = false;
  #paints: readonly Paint[] = [];
  /** Of each column. */
  #letters: readonly Letters[] = [];
  #protocol = -1;
  /** The row at the top of the layer. */
  #base = 0;
  #layerPlace = Number.NaN;
  #first = 0;
  #end = 0;
  /** The row that was at the top; -1: nothing was drawn. */
  #top = -1;
  #moving = 0;

  /** `layer`: where the rows are put; `id`: begins the ids of the rows. */
  constructor(private readonly layer: HTMLElement, private readonly id: string) {}

  draw(frame: TableFrame): void {
    if (frame.columns !== this.#columns || frame.widths !== this.#widths || frame.fine !== this.#fine || frame.paints !== this.#paints) this.#restart(frame);
    if (this.#top !== -1 && this.#top !== frame.first) this.#move();
    this.#top = frame.first;
    const near = frame.first < this.#end && frame.end > this.#first;
    // After a jump only what is seen is drawn at once.
    const first = near ? Math.max(frame.first - SPARE_ROWS, 0) : frame.first;
    const end = near ? Math.min(frame.end + SPARE_ROWS, frame.count) : frame.end;
    if (!near || Math.abs(first - this.#base) > FAR) this.#base = first;
    const place = Math.round(frame.origin + this.#base * frame.rowHeight);
    if (place !== this.#layerPlace) this.layer.style.marginTop = `${(this.#layerPlace = place)}px`;
    while (this.#slots.length < end - first) this.#slots.push(this.#slot());
    const slots = this.#slots.length;
    for (let row = first; row < first + slots; row++) {
      // The rows of the last frame keep their elements; those that have left are the next to be used.
      const slot = this.#slots[(((row - this.#base) % slots) + slots) % slots];
      if (slot === undefined) continue;
      if (row < end) this.#fill(slot, row, frame);
      else if (slot.row !== -1) hide(slot);
    }
    this.#first = first;
    this.#end = end;
  }

  rowId(row: number): string {
    return `${this.id}-${row}`;
  }

  /** The pointer finds rows again. */
  rest(): void {
    window.clearTimeout(this.#moving);
    this.layer.classList.remove('moving');
  }

  /** While rows pass beneath the pointer it looks for none: whichever it found would be styled and drawn twice more in each frame. */
  #move(): void {
    window.clearTimeout(this.#moving);
    this.#moving = window.setTimeout(() => this.rest(), STILL);
    this.layer.classList.add('moving');
  }

  #restart({ columns, widths, fine, paints }: TableFrame): void {
    this.#columns = columns;
    this.#widths = widths;
    this.#fine = fine;
    this.#paints = paints;
    this.#protocol = columns.findIndex(({ id }) => id === 'protocol');
    this.#first = this.#end = 0;
    this.layer.replaceChildren();
    const slot = this.#slot();
    this.#slots.splice(0, this.#slots.length, slot);
    slot.element.hidden = true;
    this.#letters = slot.cells.map(lettersOf);
  }

  #fill(slot: Slot, row: number, frame: TableFrame): void {
    const { element } = slot;
    const packet = frame.rowAt(row);
    const place = (row - this.#base) * frame.rowHeight;
    if (slot.place !== place) element.style.top = `${(slot.place = place)}px`;
    if (slot.row !== row) {
      if (slot.row === -1) element.hidden = false;
      slot.row = row;
      element.setAttribute('aria-rowindex', String(row + 2));
      if (slot.selected) element.id = this.rowId(row);
    }
    const selected = row === frame.selected;
    if (slot.selected !== selected) {
      slot.selected = selected;
      element.setAttribute('aria-selected', String(selected));
      // Only the chosen row is ever named by its id.
      if (selected) element.id = this.rowId(row);
      else element.removeAttribute('id');
    }
    if (slot.shown === packet) return;
    slot.shown = packet;
    this.#write(slot, packet, frame);
  }

  #write(slot: Slot, packet: PacketRow | null, frame: TableFrame): void {
    const contents = packet === null ? null : cellsOf(packet, this.#columns, this.#fine);
    for (const [at, text] of slot.texts.entries()) {
      const next = contents?.[at] ?? '';
      if (text.data === next) continue;
      // A new text in the same node: no style to find again, and only this cell to lay out.
      text.data = next;
      const letters = this.#letters[at];
      const long = letters !== undefined && overflows(next, this.#widths[at] ?? 0, letters);
      if (slot.long[at] !== long) slot.cells[at]?.classList.toggle('long', (slot.long[at] = long));
    }
    const trouble = packet?.trouble ?? 'none';
    const hue = packet === null ? 'waiting' : hueOf(packet.protocol);
    const paint = packet === null ? undefined : frame.paints[packet.rule];
    const look = `row ${hue}${trouble === 'none' ? '' : ` ${trouble}`}${paint === undefined ? '' : ` painted paint-${paint.colour}`}`;
    if (slot.look !== look) slot.element.className = slot.look = look;
    // Never by its colour alone.
    if (slot.paint !== paint) slot.element.title = (slot.paint = paint)?.name ?? '';
    if (slot.hue !== hue) this.#colour(slot, hue);
    const sign = TROUBLE_SIGNS[trouble];
    if (slot.sign.data === sign) return;
    slot.sign.data = sign;
    if (sign === '') slot.mark.removeAttribute('aria-label');
    else slot.mark.setAttribute('aria-label', frame.troubleWord(trouble));
    if (sign === '') slot.mark.removeAttribute('role');
    else slot.mark.setAttribute('role', 'img');
  }

  #colour(slot: Slot, hue: string): void {
    const list = slot.cells[this.#protocol]?.classList;
    if (slot.hue !== '') list?.remove(`is-${slot.hue}`);
    list?.add(`is-${(slot.hue = hue)}`);
  }

  #slot(): Slot {
    const element = document.createElement('div');
    element.setAttribute('role', 'row');
    element.setAttribute('aria-selected', 'false');
    const [mark, sign] = [document.createElement('span'), document.createTextNode('')];
    mark.className = 'mark';
    mark.append(sign);
    const cells = this.#columns.map(({ id }, at) => {
      const cell = document.createElement('span');
      cell.setAttribute('role', 'gridcell');
      cell.className = `cell${isNumeric(id) ? ' numeric' : ''} of-${id.replaceAll('.', '_')}`;
      cell.style.width = `var(--column-${at})`;
      if (at === 0) cell.append(mark);
      return cell;
    });
    const texts = cells.map((cell) => cell.appendChild(document.createTextNode('')));
    element.append(...cells);
    this.layer.append(element);
    return { element, mark, sign, cells, texts, long: [], row: -1, place: Number.NaN, shown: undefined, selected: false, look: '', paint: undefined, hue: '' };
  }
}

function hide(slot: Slot): void {
  slot.row = -1;
  slot.shown = undefined;
  slot.element.hidden = true;
  slot.element.removeAttribute('id');
}
