// The page of the packet table's frame bench: a list of a million rows drawn with the product's own rows and scrolling, every frame at another
// place, as fast as the browser gives frames. Answers window.measure(count, frames): 1 scrolls, 5 scrolls faster, 2 jumps anywhere; 3 and 4 do as 1 and 2 in
// a table without rows, which is what scrolling alone costs here, 7 and 6 with bare rows, which is what so many texts cost at least; 0 stands still.

import { createRandom } from '../../../shared/base/random';
import type { PacketRow } from '../../../shared/packets/session';
import { cellsOf, USUAL_COLUMNS } from '../../../renderer/views/packets/columns';
import { RowPool } from '../../../renderer/views/packets/rowPool';
import '../../../renderer/views/packets/rows.css';
import { mostHeight, ScaledScroll } from '../../../renderer/views/packets/scroll';
import '../../../renderer/styles/tokens.css';
import type { MeasuredFrames } from '../frames/measured';
import { measureFrames } from '../frames/page/measureFrames';

declare global {
  interface Window {
    measure(count: number, frames: number, moving: boolean): Promise<MeasuredFrames>;
  }
}

const ROWS = 1_000_000;
const ROW = 24;
const KEPT = 10_000;
/** The chosen packet stays the same wherever the list is. */
const CHOSEN = 9;
/** px a frame. */
const [SLOW, FAST] = [40, ROW * 4];
const PROTOCOLS = ['TCP', 'HTTP', 'DNS', 'ARP', 'TLSv1.3', 'UDP'];
const TROUBLES = ['none', 'none', 'none', 'none', 'warn', 'note'] as const;

const scroller = document.createElement('div');
scroller.className = 'scroller';
scroller.tabIndex = 0;
const layer = document.createElement('div');
layer.className = 'packet-rows layer';
const spacer = document.createElement('div');
scroller.append(layer, spacer);
document.body.append(scroller);
for (const [at, { width }] of USUAL_COLUMNS.entries()) {
  scroller.style.setProperty(`--column-${at}`, `${width}px`);
}
const widths = USUAL_COLUMNS.map(({ width }) => width);
scroller.style.setProperty('--row', `${ROW}px`);
scroller.style.setProperty('--total', `${USUAL_COLUMNS.reduce((sum, { width }) => sum + width, 0)}px`);

/** Rows come from elsewhere in the app; here they are made when they are asked for, so the bench counts that too. One that is on screen stays the same, as there. */
const paints: readonly [] = [];
const made = new Map<number, PacketRow>();
const rowAt = (number: number): PacketRow => {
  const row = made.get(number) ?? make(number);
  if (made.size > KEPT) made.clear();
  made.set(number, row);
  return row;
};
const make = (number: number): PacketRow => ({
  number, time: number * 12_345, source: `10.${number % 250}.${(number >> 8) % 250}.7`, destination: `10.0.${number % 99}.1`, protocol: PROTOCOLS[number % 6] ?? '', length: 60 + (number % 1400),
  info: `${40_000 + (number % 9_999)} → 443 [ACK] Seq=${number * 3} Ack=${number} Win=65536 Len=${number % 1400}`, trouble: TROUBLES[number % 6] ?? 'none', flow: 1, rule: -1, columns: [],
});

/** Rows by hand: texts at their places, in one colour, that nobody can choose. */
function bareRows(count: number): (first: number, origin: number) => void {
  const rows = Array.from({ length: count }, () => {
    const element = document.createElement('div');
    element.style.cssText = `position: absolute; left: 0; width: var(--total); height: ${ROW}px; line-height: ${ROW}px; color: #ddd; white-space: nowrap; contain: strict`;
    const texts = widths.map((width) => {
      const cell = document.createElement('span');
      cell.style.cssText = `float: left; width: ${width}px; height: 100%`;
      element.append(cell);
      return cell.appendChild(document.createTextNode(''));
    });
    layer.append(element);
    return { element, texts, row: -1 };
  });
  return (first, origin) => {
    for (let row = first; row < Math.min(first + count, ROWS); row++) {
      const slot = rows[row % count];
      if (slot === undefined || slot.row === row) continue;
      slot.row = row;
      slot.element.style.top = `${origin + row * ROW}px`;
      const contents = cellsOf(rowAt(row), USUAL_COLUMNS, false);
      for (const [at, text] of slot.texts.entries()) text.data = contents[at] ?? '';
    }
  };
}

window.measure = (count, frames, moving) => {
  const pool = new RowPool(layer, 'row');
  layer.replaceChildren();
  layer.style.marginTop = '';
  const scroll = new ScaledScroll();
  const seen = scroller.clientHeight;
  scroll.measure(ROWS * ROW, seen, mostHeight(devicePixelRatio));
  spacer.style.height = `${scroll.height}px`;
  const random = createRandom(4);
  scroller.scrollTop = 0;
  const scrolls = count % 2 === 1;
  const bare = count === 6 || count === 7 ? bareRows(Math.ceil(seen / ROW) + 1) : null;
  return measureFrames(frames, (frame) => {
    if (!moving) return;
    if (scrolls && frame > 0) {
      // As the wheel does.
      scroller.scrollTop += count === 5 ? FAST : SLOW;
      scroll.moved(scroller.scrollTop);
    } else scroller.scrollTop = scroll.go(scrolls ? 7 : random.below(ROWS) * ROW);
    if (count === 3 || count === 4) return;
    const first = Math.floor(scroll.top / ROW);
    if (bare !== null) return bare(first, scroll.origin);
    pool.draw({
      first, end: Math.min(Math.ceil((scroll.top + seen) / ROW), ROWS), count: ROWS, origin: scroll.origin, rowHeight: ROW, columns: USUAL_COLUMNS, widths, fine: false, selected: CHOSEN,
      paints, revision: 0, rowAt, troubleWord: (trouble) => trouble,
    });
  });
};
