// Finds what the labs say of themselves: the manifest of every folder of electron/labs, and its lesson texts. Data alone, without the code
// that runs (discovery.ts adds it): Home needs no more. A glob, resolved by the bundler: adding a lab edits no list. Folders that begin
// with '_' are patterns to copy; only tests ask for them.

import type { LabBundle } from '../../shared/lab/bundle';
import { LOCALES, type Lesson, type Locale } from '../../shared/lab/lesson';
import type { LabGroup, LabManifest } from '../../shared/lab/manifest';
import { parseLesson } from '../../shared/lab/parseLesson';

const MANIFESTS = import.meta.glob<LabManifest>('../labs/*/manifest.ts', { eager: true, import: 'manifest' });
const TEXTS = import.meta.glob<string>('../labs/*/lesson.*.md', { eager: true, query: '?raw', import: 'default' });

/** Order of the groups on every list of labs. */
const GROUPS: readonly LabGroup[] = ['sockets', 'web', 'architectures', 'stack', 'applications', 'own', 'template'];

export interface BundleOptions {
  readonly patterns?: boolean;
}

/** All labs, in the order of their groups. Throws on a lab whose folder is not in order: a mistake of its author. */
export const discoverBundles = ({ patterns = false }: BundleOptions = {}): LabBundle[] => collectBundles(MANIFESTS, TEXTS, patterns);

/** As discoverBundles, from manifests and texts by their paths. */
export function collectBundles(manifests: Readonly<Record<string, LabManifest>>, texts: Readonly<Record<string, string>>, patterns: boolean): LabBundle[] {
  const found: LabBundle[] = [];
  for (const [path, manifest] of Object.entries(manifests)) {
    const folder = folderOf(path);
    const isPattern = folder.startsWith('_');
    if (isPattern && !patterns) continue;
    if (!isPattern && manifest.id !== folder) throw new Error(`electron/labs/${folder}: the manifest's id is ${manifest.id}, not the folder's name`);
    found.push({ manifest, lessons: lessonsOf(folder, path.slice(0, path.lastIndexOf('/')), texts) });
  }
  return found.sort((one, other) => rank(one) - rank(other) || one.manifest.order - other.manifest.order);
}

/** '../labs/daytime/lab.ts' -> 'daytime'. */
export const folderOf = (path: string): string => path.split('/').at(-2) ?? '';

const rank = (found: LabBundle): number => GROUPS.indexOf(found.manifest.group);

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
