// For this lab's tests: its runs, and what its programs noted, as short texts.

import type { ParameterValues } from '../../../shared/lab/manifest';
import { parseNote, type Note } from '../../../shared/trace/notes';
import { LabTest } from '../run.fixture';
import lab from './lab';

export const play = (params: ParameterValues = {}): Promise<LabTest> => LabTest.play(lab, params);

export function notes(run: LabTest, role: string): Note[] {
  return run.facts('role.noted', role).flatMap((fact) => parseNote(fact.text) ?? []);
}
/** How each query of the role went: 'test: referral to example.test'. */
export function steps(run: LabTest, role: string): string[] {
  const said: string[] = [];
  for (const note of notes(run, role)) {
    if (note.topic === 'dns.ask') said.push(`${note.name} ${note.type} of ${note.zone} by ${note.transport}`);
    if (note.topic === 'dns.told') said.push(`${said.pop() ?? ''}: ${note.how}${note.how === 'referral' ? ` to ${note.zone}` : ''}`);
  }
  return said;
}
export const caching = (run: LabTest, role = 'resolver'): string[] => notes(run, role).flatMap((note) => (note.topic === 'dns.cache' && note.what !== 'stored' ? [`${note.what} ${note.key}`.trim()] : []));
export const verdicts = (run: LabTest): Record<string, string | null> => Object.fromEntries(lab.manifest.predictions.map(({ id }) => [id, run.verdict(id)]));
/** The two bytes of a transaction id are any, in every run. */
export const ladder = (run: LabTest): string => run.ladder().replace(/( B )[0-9a-f]{2} [0-9a-f]{2} /g, '$1id id ');
