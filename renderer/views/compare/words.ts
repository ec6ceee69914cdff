// Numbers of the comparison as people read them, and which unit fits.

import type { Figure } from '../../../shared/trace/compare/figures';

type Translate = (key: string, named: Readonly<Record<string, string>>) => string;
type NumberText = (value: number, options?: Intl.NumberFormatOptions) => string;

const digits = (value: number): number => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);

/** '12.5 ms', '2.4 s'. */
export function timeText(ms: number, t: Translate, n: NumberText): string {
  const seconds = Math.abs(ms) >= 10_000;
  const value = seconds ? ms / 1000 : ms;
  return t(seconds ? 'compare.seconds' : 'compare.ms', { value: n(value, { maximumFractionDigits: digits(value) }) });
}

export function figureText({ unit }: Figure, value: number | null, t: Translate, n: NumberText): string {
  if (value === null) return '–';
  if (unit === 'us') return timeText(value / 1000, t, n);
  return unit === 'B' ? t('compare.bytes', { value: n(value) }) : n(value);
}
