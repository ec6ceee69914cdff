import { describe, expect, it } from 'vitest';
import { decodeBundles, encodeBundles } from '../../shared/lab/bundle';
import type { Lab } from '../roles/lab';
import { bundlesOf, collectLabs, discoverLabs } from './discovery';
import { tinyLab } from './lab.fixture';

const LESSON = '# Tiny\n\n> One question.\n\nAsk.\n';
const tiny = (change: Partial<Lab['manifest']> = {}): Lab => {
  const lab = tinyLab('127.0.204.1', 7307);
  return { ...lab, manifest: { ...lab.manifest, ...change } };
};
const texts = (folder: string): Record<string, string> =>
  Object.fromEntries(['en', 'ko', 'ru'].map((locale) => [`../labs/${folder}/lesson.${locale}.md`, LESSON]));

describe('discovery', () => {
  it('finds the labs of the repository, and the pattern only when asked', () => {
    const ids = discoverLabs().map(({ lab }) => lab.manifest.id);
    expect(ids).toEqual(expect.arrayContaining(['daytime', 'udp-uppercase', 'tcp-echo']));
    expect(new Set(ids).size).toBe(ids.length);
    expect(discoverLabs({ patterns: true })).toHaveLength(ids.length + 1);
  });

  it('gives manifests and lessons that cross to the page unchanged', () => {
    const bundles = bundlesOf(discoverLabs({ patterns: true }));
    expect(structuredClone(bundles)).toEqual(bundles);
    expect(decodeBundles(encodeBundles(bundles))).toEqual(bundles);
  });

  it('orders them by group, then by their place in it', () => {
    const code = {
      '../labs/c/lab.ts': tiny({ id: 'c', group: 'web', order: 1 }),
      '../labs/b/lab.ts': tiny({ id: 'b', order: 2 }),
      '../labs/a/lab.ts': tiny({ id: 'a', order: 1 }),
    };
    const found = collectLabs(code, { ...texts('a'), ...texts('b'), ...texts('c') }, false);
    expect(bundlesOf(found).map((bundle) => bundle.manifest.id)).toEqual(['a', 'b', 'c']);
  });

  it('names the folder that is not in order, and what is wrong there', () => {
    expect(() => collectLabs({ '../labs/other/lab.ts': tiny() }, texts('other'), false)).toThrow("electron/labs/other: the manifest's id is tiny, not the folder's name");
    expect(() => collectLabs({ '../labs/tiny/lab.ts': tiny() }, {}, false)).toThrow('electron/labs/tiny: lesson.en.md is missing');
    expect(() => collectLabs({ '../labs/tiny/lab.ts': tiny() }, { ...texts('tiny'), '../labs/tiny/lesson.ru.md': 'no title' }, false)).toThrow('electron/labs/tiny/lesson.ru.md: ');
  });
});
