// For the labs' tests: reads a lab's three lessons from its folder and says what does not fit its manifest.

import { readFileSync } from 'node:fs';
import { checkLesson } from '../../shared/lab/checkLesson';
import { LOCALES } from '../../shared/lab/lesson';
import type { LabManifest } from '../../shared/lab/manifest';
import { parseLesson } from '../../shared/lab/parseLesson';

/**
 * Every fault of the lessons in `folder` (a file: URL ending with '/'), each with its file; empty when there is none. `roles` are
 * the roles that the lab starts beside those of its endpoints. Throws LessonError when a file cannot be parsed.
 */
export function faultsOfLessons(folder: URL, manifest: LabManifest, roles: readonly string[]): string[] {
  return LOCALES.flatMap((locale) => {
    const file = `lesson.${locale}.md`;
    return checkLesson(manifest, parseLesson(readFileSync(new URL(file, folder), 'utf8')), roles).map((fault) => `${file}: ${fault}`);
  });
}
