// The arrow keys in the table of architectures: from the button of one cell to that of another. Places are 'row column'.

import { COLUMNS, ROWS } from '../../../shared/lab/architectures';

/** Null for a key that goes nowhere, or at the table's edge. */
export function placeAfter(place: string, key: string): string | null {
  const [row = '', column = ''] = place.split(' ');
  const at = [(ROWS as readonly string[]).indexOf(row), (COLUMNS as readonly string[]).indexOf(column)] as const;
  const [down, right] = step(key, at[1]);
  const to = [ROWS[at[0] + down], COLUMNS[at[1] + right]];
  return (down === 0 && right === 0) || to.includes(undefined) ? null : to.join(' ');
}

function step(key: string, column: number): readonly [down: number, right: number] {
  switch (key) {
    case 'ArrowDown': return [1, 0];
    case 'ArrowUp': return [-1, 0];
    case 'ArrowRight': return [0, 1];
    case 'ArrowLeft': return [0, -1];
    case 'Home': return [0, -column];
    case 'End': return [0, COLUMNS.length - 1 - column];
    default: return [0, 0];
  }
}
