// Each lab's lessons, in all three languages: they can be parsed, and fit the lab's manifest id by id.
import { expect, it } from 'vitest';
import type { Lab } from '../roles/lab';
import { faultsOfLessons } from './lessons.fixture';

const labs = import.meta.glob<{ default: Lab }>('./*/lab.ts', { eager: true });

it.each(Object.entries(labs))('%s', (path, { default: lab }) => {
  expect(faultsOfLessons(new URL('./', new URL(path, import.meta.url)), lab.manifest, lab.manifest.roles ?? ['client'])).toEqual([]);
});

it('there are labs', () => expect(Object.keys(labs).length).toBeGreaterThan(3));
