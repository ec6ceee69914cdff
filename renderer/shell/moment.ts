// One moment in one line, as the log has it: who does what, and to whom. For the caption of present mode.

import type { TraceStore } from '../../shared/trace/store';
import type { Story } from '../../shared/trace/story';
import { logRow } from '../views/log/rows';
import type { Labels } from '../timeline/viewProps';

/** '' before the first moment. @param ended words for the end of a run, by how it ended */
export function momentText(story: Story, trace: TraceStore, index: number, labels: Labels, ended: (how: string) => string): string {
  if (index < 0 || index >= story.moments.count) return '';
  const row = logRow(story, trace, index);
  if (row.ended !== null) return ended(row.ended);
  const who = row.role !== '' ? labels.role(row.role) : row.host !== '' ? labels.host(row.host) : '';
  const what = [row.what, row.sends].filter((part) => part !== '').join('  ');
  return `${who === '' ? '' : `${who}: `}${what}${row.to === '' ? '' : ` → ${labels.host(row.to)}`}`;
}
