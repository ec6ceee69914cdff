// Every field of BitTorrent, its trackers and bencode that the inspector may show has a name and a sentence, in every language: all names
// that stand in the codecs' sources.

import { describe, expect, it } from 'vitest';
import { catalog as en } from './catalog.en';
import { catalog as ko } from './catalog.ko';
import { catalog as ru } from './catalog.ru';

const NAME = /'((?:bencode|bittorrent|bt-tracker)\.[A-Za-z0-9_.]+)'/g;
const sources = import.meta.glob<string>(['../../shared/codec/{bencode,bittorrent,btTracker}/*.ts', '!**/*.{test,fixture}.ts', '!**/schema.ts'], { eager: true, query: '?raw', import: 'default' });
const keys = new Set(Object.values(sources).flatMap((source) => [...source.matchAll(NAME)].map(([, name = '']) => name.replaceAll('.', '_'))));

describe.each([['en', en], ['ko', ko], ['ru', ru]])('fields in %s', (_locale, catalog) => {
  const fields = catalog['fields'] as unknown as Readonly<Record<string, unknown>> & { readonly name: Readonly<Record<string, unknown>> };
  const inspector = catalog['inspector'] as unknown as { readonly message: { readonly about: Readonly<Record<string, unknown>> } };

  it('all have a name and a sentence, and none is without a field', () => {
    expect([...keys].filter((key) => fields[key] === undefined || fields.name[key] === undefined)).toEqual([]);
    expect(keys.size).toBeGreaterThan(50);
    const ours = Object.keys(fields.name).filter((key) => /^(bencode|bittorrent|bt-tracker)_/.test(key));
    expect(ours.filter((key) => !keys.has(key))).toEqual([]);
  });

  it('messages are explained', () => {
    for (const protocol of ['bittorrent', 'bt-tracker']) expect(inspector.message.about[protocol], protocol).toBeDefined();
  });
});
