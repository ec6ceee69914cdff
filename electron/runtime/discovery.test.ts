import { describe, expect, it } from 'vitest';
import { decodeBundles, encodeBundles } from '../../shared/lab/bundle';
import type { Lab } from '../roles/lab';
import type { LabManifest } from '../../shared/lab/manifest';
import { collectBundles, discoverBundles } from './bundles';
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
    const manifests = Object.fromEntries(Object.entries(code).map(([path, { manifest }]) => [path.replace('lab.ts', 'manifest.ts'), manifest]));
    const found = collectLabs(code, collectBundles(manifests, { ...texts('a'), ...texts('b'), ...texts('c') }, false));
    expect(bundlesOf(found).map((bundle) => bundle.manifest.id)).toEqual(['a', 'b', 'c']);
  });

  it('names the folder that is not in order, and what is wrong there', () => {
    const collect = (folder: string, given: Readonly<Record<string, string>>): unknown => collectBundles({ [`../labs/${folder}/manifest.ts`]: tiny().manifest }, given, false);
    expect(() => collect('other', texts('other'))).toThrow("electron/labs/other: the manifest's id is tiny, not the folder's name");
    expect(() => collect('tiny', {})).toThrow('electron/labs/tiny: lesson.en.md is missing');
    expect(() => collect('tiny', { ...texts('tiny'), '../labs/tiny/lesson.ru.md': 'no title' })).toThrow('electron/labs/tiny/lesson.ru.md: ');
  });

  it('names a lab whose code and manifest do not belong together', () => {
    const bundles = (manifest: LabManifest) => collectBundles({ '../labs/tiny/manifest.ts': manifest }, texts('tiny'), false);
    const lab = tiny();
    expect(collectLabs({ '../labs/tiny/lab.ts': lab }, bundles(lab.manifest))).toHaveLength(1);
    expect(() => collectLabs({ '../labs/tiny/lab.ts': lab }, bundles(tiny().manifest))).toThrow("electron/labs/tiny: the lab's manifest is not that of its manifest.ts");
    expect(() => collectLabs({}, bundles(lab.manifest))).toThrow('electron/labs/tiny: lab.ts is missing');
  });

  it('names the step whose filter is none, with the place of the mistake', () => {
    const lab = tiny({ steps: [{ id: 'syn', match: { filter: 'tcp.flags.sin == 1' } }] });
    expect(() => collectLabs({ '../labs/tiny/lab.ts': lab }, collectBundles({ '../labs/tiny/manifest.ts': lab.manifest }, texts('tiny'), false))).toThrow('electron/labs/tiny: step "syn": the filter is wrong at 0: tcp.flags.sin is neither a field nor a protocol\n  tcp.flags.sin == 1\n  ^');
  });

  it('tells Home of just the labs that run', () => {
    expect(discoverBundles()).toEqual(bundlesOf(discoverLabs()));
  });
});
