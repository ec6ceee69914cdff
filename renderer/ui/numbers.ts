// Times as the page writes them: the unit that fits, with the decimal mark of the language that is spoken. One place for all views, so that a comma
// here and a point there never stand side by side. The shell says which language it is.

import { shallowRef } from 'vue';
import { formatDuration as withPoint } from '../../shared/base/time';

const mark = shallowRef('.');

/** From now on numbers are written as this language does; what shows them is drawn again. */
export function writeNumbersAs(locale: string): void {
  mark.value = new Intl.NumberFormat(locale).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
}

const marked = (text: string): string => (mark.value === '.' ? text : text.replace('.', mark.value));

/** `12.3 µs`, `4.56 ms`, `61.2 s`: from microseconds. */
export const formatDuration = (us: number): string => marked(withPoint(us));

/** Seconds with so many digits: whole columns of them stay under each other. `ns`: from nanoseconds, whole. */
export function secondsText(ns: number, digits: 6 | 9): string {
  const size = Math.abs(ns);
  const whole = Math.floor(size / 1e9);
  const rest = Math.round(size - whole * 1e9).toString().padStart(9, '0');
  return `${ns < 0 ? '−' : ''}${whole}${mark.value}${rest.slice(0, digits)}`;
}
