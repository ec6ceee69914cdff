// Finds the labs: every folder of electron/labs with a lab.ts, and its lesson texts. A glob, resolved by the bundler: adding a lab
// edits no list. Folders that begin with '_' are patterns to copy; only tests ask for them.

import type { LabBundle } from '../../shared/lab/bundle';
import { LOCALES, type Lesson, type Locale } from '../../shared/lab/lesson';
import type { LabGroup } from '../../shared/lab/manifest';
import { parseLesson } from '../../shared/lab/parseLesson';
import type { Lab } from '../roles/lab';

export interface FoundLab {
  readonly lab: Lab;
  readonly lessons: ReadonlyMap<Locale, Lesson>;
}

const CODE = import.meta.glob<Lab>('../labs/*/lab.ts', { eager: true, import: 'default' });
const TEXTS = import.meta.glob<string>('../labs/*/lesson.*.md', { eager: true, query: '?raw', import: 'default' });

/** Order of the groups on every list of labs. */
const GROUPS: readonly LabGroup[] = ['sockets', 'web', 'architectures', 'stack', 'applications', 'template'];

/** All labs, in the order of their groups. Throws on a lab whose folder is not in order: a mistake of its author. */
export function discoverLabs({ patterns = false }: { readonly patterns?: boolean } = {}): FoundLab[] {
  return collectLabs(CODE, TEXTS, patterns);
}

export const bundlesOf = (labs: readonly FoundLab[]): LabBundle[] => labs.map(({ lab, lessons }) => ({ manifest: lab.manifest, lessons }));

/** As discoverLabs, from modules and texts by their paths. */
export function collectLabs(code: Readonly<Record<string, Lab>>, texts: Readonly<Record<string, string>>, patterns: boolean): FoundLab[] {
  const found: FoundLab[] = [];
  for (const [path, lab] of Object.entries(code)) {
    const folder = path.split('/').at(-2) ?? '';
    const isPattern = folder.startsWith('_');
    if (isPattern && !patterns) continue;
    if (!isPattern && lab.manifest.id !== folder) throw new Error(`electron/labs/${folder}: the manifest's id is ${lab.manifest.id}, not the folder's name`);
    found.push({ lab, lessons: lessonsOf(folder, path.slice(0, path.lastIndexOf('/')), texts) });
  }
  return found.sort((one, other) => rank(one) - rank(other) || one.lab.manifest.order - other.lab.manifest.order);
}

const rank = (found: FoundLab): number => GROUPS.indexOf(found.lab.manifest.group);

function lessonsOf(folder: string, directory: string, texts: Readonly<Record<string, string>>): Map<Locale, Lesson> {
  const lessons = new Map<Locale, Lesson>();
  for (const locale of LOCALES) {
    const text = texts[`${directory}/lesson.${locale}.md`];
    if (text === undefined) throw new Error(`electron/labs/${folder}: lesson.${locale}.md is missing`);
    try {
      lessons.set(locale, parseLesson(text));
    } catch (thrown) {
      throw new Error(`electron/labs/${folder}/lesson.${locale}.md: ${thrown instanceof Error ? thrown.message : String(thrown)}`, { cause: thrown });
    }
  }
  return lessons;
}
