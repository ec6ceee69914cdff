// Every name that a codec gives a node has a type, so that any field which is on the screen can be asked for in a filter and printed by decode.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codecs } from './dissect';
import { walkFields } from './field';
import { FIELD_TYPES } from './schema';

const FOLDER = import.meta.dirname;
const protocols = new Set([...FIELD_TYPES.keys()].map((name) => name.split('.')[0] ?? ''));

/** Dotted names in single quotes whose first word is a protocol: what a codec's source calls its fields. */
function namesIn(folder: string): string[] {
  const sources = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile() && /(?<!\.test|\.fixture|schema)\.ts$/.test(entry.name));
  const text = sources.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').replace(/\/\/.*|\/\*[^]*?\*\//g, '')).join('\n');
  return [...text.matchAll(/'([a-zA-Z0-9-]+(?:\.[a-zA-Z0-9_-]+)+)'/g)].map((match) => match[1] ?? '').filter((name) => protocols.has(name.split('.')[0] ?? ''));
}

describe('the types of fields', () => {
  it.each(readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name))('know every name in the sources of %s', (protocol) => {
    expect([...new Set(namesIn(join(FOLDER, protocol)))].filter((name) => !FIELD_TYPES.has(name))).toEqual([]);
  });

  it('know every node of every tree, whatever the bytes', () => {
    const unknown = new Set<string>();
    fc.assert(fc.property(fc.constantFrom(...codecs.values()), fc.uint8Array({ maxLength: 160 }), (codec, bytes) => {
      for (const { node } of walkFields(codec.fields(bytes, {}, 0))) if (!FIELD_TYPES.has(node.name)) unknown.add(node.name);
    }), { numRuns: 3000, seed: 6 });
    expect([...unknown]).toEqual([]);
  });

  it('know every protocol by its own name, and spell kinds in full', () => {
    for (const protocol of codecs.keys()) expect(FIELD_TYPES.get(protocol)?.kind, protocol).toBe('protocol');
    expect(FIELD_TYPES.get('ip.id')).toEqual({ name: 'ip.id', kind: 'uint16', hex: true });
    expect(FIELD_TYPES.get('frame.time_relative')).toEqual({ name: 'frame.time_relative', kind: 'reltime', hex: false });
  });
});
