// A comparison as lines of text: settings and figures that differ, then both runs side by side, differences marked. For the command line and
// as the text equivalent of the view. In English, as the ladder of the command line is.

import { cut, pad, printable, widthOf } from '../../base/textWidth';
import { describeMoment, describeSegment } from '../describe';
import { compareFigures, compareSettings, type Figure } from './figures';
import { fieldDifferences, type CompareRow, type Comparison, type Difference } from './compareRuns';
import { COMPARE_LIMITS } from './limits';
import type { RunSide, Step } from './steps';
import { segmentPayload } from '../segmentPayload';

const MARKS: Readonly<Record<Difference, string>> = { same: ' ', value: '≠', moved: '~', onlyA: '<', onlyB: '>' };
const FIGURES: Readonly<Record<Figure['id'], string>> = {
  duration: 'duration', calls: 'calls', errors: 'errors', connections: 'connections', closed: 'closed in order', reset: 'reset', refused: 'refused', failed: 'failed', open: 'still open',
  bytesUp: 'bytes to servers', bytesDown: 'bytes to clients', datagrams: 'datagrams sent', lost: 'datagrams lost', faults: 'faults of relays', answers: 'answers', median: 'answer, median',
  p95: 'answer, 95 %', slowest: 'answer, slowest',
};
const NAME = 20;

export interface CompareTextOptions {
  readonly names: readonly [string, string];
  /** Columns of the whole text. Default 120. */
  readonly width?: number;
  /** Rows that are the same in both are left out but for one beside each difference. Default false. */
  readonly brief?: boolean;
}

/** Lines joined by '\n', the last one ended too. */
export function compareText(a: RunSide, b: RunSide, comparison: Comparison, options: CompareTextOptions): string {
  const side = Math.floor((Math.max(options.width ?? 120, 80) - 5) / 2);
  const lines = [line('', options.names[0], ' ', options.names[1], side), ''];
  for (const { name, a: here, b: there } of compareSettings(a, b)) lines.push(`${MARKS.value} ${pad(cut(printable(name), NAME), NAME)} ${cut(printable(here ?? '-'), side - 6)} | ${cut(printable(there ?? '-'), side - 6)}`);
  for (const figure of compareFigures(a, b)) lines.push(`${figure.differs ? MARKS.value : MARKS.same} ${pad(FIGURES[figure.id], NAME)} ${amount(figure, figure.a)} | ${amount(figure, figure.b)}`);
  lines.push('', summary(comparison), '');
  comparison.rows.forEach((row, index) => {
    if (options.brief === true && !near(comparison, index)) return;
    lines.push(line(MARKS[row.how], stepText(a, row.a), row.later === null ? ' ' : 't', stepText(b, row.b), side));
    for (const note of notes(a, b, row)) lines.push(`      ${cut(note, side * 2 - 4)}`);
  });
  if (comparison.cut) lines.push(`only the first ${COMPARE_LIMITS.steps} moments of each run are compared`);
  return `${lines.map((text) => text.trimEnd()).join('\n')}\n`;
}

function summary({ counts, differences }: Comparison): string {
  if (differences.length === 0) return `${counts.same} steps, no difference`;
  return `${counts.same} steps the same, ${MARKS.value} ${counts.value} say something else, ${MARKS.moved} ${counts.moved} at another place, ${MARKS.onlyA} ${counts.onlyA} only left, ${MARKS.onlyB} ${counts.onlyB} only right, t ${counts.later} later or earlier`;
}

function near({ rows }: Comparison, index: number): boolean {
  return [index - 1, index, index + 1].some((at) => {
    const row = rows[at];
    return row !== undefined && (row.how !== 'same' || row.later !== null);
  });
}

const line = (mark: string, left: string, middle: string, right: string, side: number): string => `${mark} ${pad(cut(left, side), side)} ${middle} ${cut(right, side)}`;

function notes(a: RunSide, b: RunSide, row: CompareRow): string[] {
  const late = row.later === null ? [] : [`right: ${Math.abs(row.later)} ms ${row.later > 0 ? 'later' : 'earlier'}`];
  return [...(row.how === 'value' ? fieldDifferences(a, b, row).map(({ name, a: here, b: there }) => `${name}: ${printable(here || '-')} | ${printable(there || '-')}`) : []), ...late];
}

/** `client  send(4) → 4`; '' where the other run has none. */
export function stepText({ story, trace }: RunSide, step: Step | null): string {
  if (step === null) return '';
  const moment = story.moments.at(step.moment);
  const role = moment.role === null ? '' : (story.role(moment.role)?.id ?? '');
  const call = describeMoment(story, trace, moment)?.text ?? '';
  const segment = moment.segment === null || moment.seq !== null ? null : story.segments.at(moment.segment);
  const wire = segment === null ? '' : describeSegment(segment, segmentPayload(trace, segment)).label;
  const outcome = moment.seq !== null && trace.kind(moment.seq) === 'lab.ended' ? `the lab ended: ${trace.at(moment.seq).text}` : '';
  return printable([role, wire === '' ? call : `·· ${wire}`, outcome].filter((text) => text !== '').join('  '));
}

function amount({ unit }: Figure, value: number | null): string {
  const text = value === null ? '-' : unit === 'us' ? `${(value / 1000).toFixed(1)} ms` : `${value}${unit === 'B' ? ' B' : ''}`;
  return `${' '.repeat(Math.max(12 - widthOf(text), 0))}${text}`;
}
