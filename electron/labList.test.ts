import { expect, it } from 'vitest';
import { decodeBundles } from '../shared/lab/bundle';
import { labList } from './labList';

it('lists the labs with their lessons, without the pattern to copy', async () => {
  const bundles = decodeBundles(await labList());
  expect(bundles.map((bundle) => bundle.manifest.id)).toEqual(expect.arrayContaining(['daytime', 'udp-uppercase', 'tcp-echo']));
  expect(bundles.map((bundle) => bundle.manifest.group)).not.toContain('template');
  for (const bundle of bundles) expect([...bundle.lessons.keys()]).toEqual(['en', 'ko', 'ru']);
});
