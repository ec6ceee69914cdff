// Times as the page writes them: the unit that fits, with the decimal mark of the language that is spoken. One place for all views, so that a comma
// here and a point there never stand side by side. The shell says which language it is.

import { shallowRef } from 'vue';
import { durationParts, formatDuration as withPoint } from '../../shared/base/time';

const mark = shallowRef('.');

/** From now on numbers are written as this language does; what shows them is drawn again. */
export function writeNumbersAs(locale: string): void {
  mark.value = new Intl.NumberFormat(locale).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
}

/** A number that was written with a point. */
export const marked = (text: string): string => (mark.value === '.' ? text : text.replace('.', mark.value));

/** `12.3 µs`, `4.56 ms`, `61.2 s`: from microseconds. */
export const formatDuration = (us: number): string => marked(withPoint(us));

const LONG = [{ unit: 'd', ns: 86_400e9 }, { unit: 'h', ns: 3600e9 }, { unit: 'min', ns: 60e9 }] as const;

/** The same of captures, which know nanoseconds and days: '12 ns', '12.4 ms', '3.21 h'. The units are symbols in every language. */
export function spanText(ns: number): string {
  const { value, unit } = spanParts(ns);
  return `${marked(value)}\u00a0${unit}`;
}

/** Of a tick or an interval, which are round: '0', '5 ms', '2.5 s'. */
export function tickText(ns: number): string {
  const { value, unit } = spanParts(ns);
  return ns === 0 ? '0' : `${marked(String(Number(value)))}\u00a0${unit}`;
}

function spanParts(ns: number): { readonly value: string; readonly unit: string } {
  const size = Math.abs(ns);
  if (size < 1e3 && ns !== 0) return { value: String(Math.round(ns)), unit: 'ns' };
  const long = LONG.find((one) => size >= one.ns);
  // Three digits that count, as with the shorter ones.
  return long === undefined ? durationParts(ns / 1e3) : { value: (ns / long.ns).toFixed(size >= 99.95 * long.ns ? 0 : size >= 9.995 * long.ns ? 1 : 2), unit: long.unit };
}

/** Seconds with so many digits, 1 to 9: whole columns of them stay under each other. `ns`: from nanoseconds, whole. */
export function secondsText(ns: number, digits: number): string {
  const size = Math.abs(ns);
  const whole = Math.floor(size / 1e9);
  const rest = Math.round(size - whole * 1e9).toString().padStart(9, '0');
  return `${ns < 0 ? '−' : ''}${whole}${mark.value}${rest.slice(0, digits)}`;
}
