// One moment in one line of words, for the voice and the caption of present mode: who does what, and to whom.

import type { TraceStore } from '../../shared/trace/store';
import type { Story } from '../../shared/trace/story';
import { logRow } from '../views/log/rows';
import type { Labels } from './names';

/** '' before the first moment. */
export function momentText(story: Story, trace: TraceStore, index: number, labels: Labels): string {
  if (index < 0 || index >= story.moments.count) return '';
  const row = logRow(story, trace, index);
  const who = row.role !== '' ? labels.role(row.role) : row.host !== '' ? labels.host(row.host) : '';
  const what = [row.what, row.sends].filter((part) => part !== '').join(', ');
  return `${who === '' ? '' : `${who}: `}${what}${row.to === '' ? '' : ` → ${labels.host(row.to)}`}`;
}
