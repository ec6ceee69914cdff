// @ts-check
// A text that the page asks for must be in the catalogues: t('area.key') against renderer/i18n/locales/en/area.json, in templates and
// scripts. The published rule does not know catalogues whose file name is the first part of the key. Computed keys are not judged.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TRANSLATORS = new Set(['t', '$t', 'te', '$te', 'tm', '$tm', 'rt']);

/** @type {Map<string, { at: number; keys: Set<string> }>} */
const cache = new Map();
const CACHE_MS = 2_000;

/** Every key and inner node of a catalogue folder: 'stage', 'stage.empty' ... @param {string} folder @returns {Set<string>} */
export function keysIn(folder) {
  const known = cache.get(folder);
  if (known !== undefined && Date.now() - known.at < CACHE_MS) return known.keys;
  /** @type {Set<string>} */
  const keys = new Set();
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.json')) collect(JSON.parse(readFileSync(join(folder, name), 'utf8')), name.slice(0, -'.json'.length), keys);
  }
  cache.set(folder, { at: Date.now(), keys });
  return keys;
}

/** @param {unknown} value @param {string} path @param {Set<string>} keys */
function collect(value, path, keys) {
  keys.add(path);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) collect(inner, `${path}.${name}`, keys);
}

/** @type {import('eslint').Rule.RuleModule} */
export const messageKeys = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object', properties: { folder: { type: 'string' } }, required: ['folder'], additionalProperties: false }],
    messages: { unknown: "'{{key}}' is in no catalogue of {{folder}}." },
  },
  create(context) {
    const { folder } = context.options[0];
    const keys = keysIn(join(context.cwd, folder));
    /** @param {any} node */
    const check = (node) => {
      const callee = node.callee.type === 'MemberExpression' ? node.callee.property : node.callee;
      if (callee.type !== 'Identifier' || !TRANSLATORS.has(callee.name)) return;
      const [first] = node.arguments;
      if (first?.type !== 'Literal' || typeof first.value !== 'string' || keys.has(first.value)) return;
      context.report({ node: first, messageId: 'unknown', data: { key: first.value, folder } });
    };
    const services = context.sourceCode.parserServices;
    return services?.defineTemplateBodyVisitor === undefined ? { CallExpression: check } : services.defineTemplateBodyVisitor({ CallExpression: check }, { CallExpression: check });
  },
};
