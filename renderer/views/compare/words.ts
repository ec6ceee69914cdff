// Numbers of the comparison as people read them.

import type { Figure } from '../../../shared/trace/compare/figures';
import { formatDuration } from '../../ui/numbers';

/** '12.5 ms', '2.40 s'. */
export const timeText = (ms: number): string => formatDuration(ms * 1000);

export function figureText({ unit }: Figure, value: number | null, n: (value: number) => string): string {
  if (value === null) return '–';
  if (unit === 'us') return formatDuration(value);
  return unit === 'B' ? `${n(value)}\u00a0B` : n(value);
}
