// @ts-check
// The import rules of the architecture as one ESLint rule: which folder may import which. Resolves relative imports by path alone, so it
// costs nothing; imports in types and dynamic ones count too. Tests may import what they like.
import { dirname, relative, resolve, sep } from 'node:path';

/** @typedef {{ readonly from: RegExp; readonly may: readonly RegExp[]; readonly types?: RegExp; readonly packages?: RegExp; readonly why: string }} Layer */

const SHARED = /^shared\//;
const ANY_PACKAGE = /./;
const PAGE_PACKAGES = /^(vue|vue-i18n|reka-ui|htmlparser2|@tanstack\/vue-virtual)$/;

/** The first layer whose `from` fits a file decides; {own} stands for the folder that the first group of `from` matched. */
/** @type {readonly Layer[]} */
export const LAYERS = [
  { from: /^shared\/codec\//, may: [/^shared\/(codec|base)\//], packages: /^(valibot$|@noble\/(ciphers|hashes)\/)/, why: 'codecs know bytes only: they import shared/codec and shared/base' },
  { from: /^shared\/filter\//, may: [/^shared\/(filter|codec|base)\//], packages: /^$/, why: 'a filter knows fields only: shared/filter imports shared/codec and shared/base' },
  { from: /^shared\/packets\//, may: [/^shared\/(packets|filter|codec|base)\//], packages: /^$/, why: 'packets of files know nothing of runs: shared/packets imports shared/filter, shared/codec and shared/base' },
  { from: /^shared\//, may: [SHARED], packages: /^valibot$/, why: 'shared is pure: it imports nothing outside itself' },
  { from: /^(electron\/labs\/[^/]+)\/manifest\.ts$/, may: [/^{own}\//, SHARED], types: /^electron\/roles\//, packages: /^$/, why: 'a manifest is data that Home shows before any code of a lab is loaded' },
  { from: /^(electron\/labs\/[^/]+)\//, may: [/^{own}\//, /^electron\/roles\//, SHARED], packages: /^$/, why: 'a lab imports roles and shared only, never another lab' },
  { from: /^electron\/roles\//, may: [/^electron\/roles\//, SHARED], packages: /^(node:|htmlparser2$|@peculiar\/x509$|reflect-metadata$)/, why: 'roles see the capture only as the network of the host that they are given' },
  { from: /^electron\//, may: [/^electron\//, SHARED], packages: ANY_PACKAGE, why: 'electron and renderer never import each other' },
  {
    from: /^(renderer\/views\/[^/]+)\//,
    may: [/^{own}\//, /^renderer\/(ui|timeline|inspector\/parts|styles)\//, SHARED],
    packages: PAGE_PACKAGES,
    why: 'a view imports ui, timeline, inspector/parts and shared: props in, events out, never a store or another view',
  },
  { from: /^renderer\/ui\//, may: [/^renderer\/(ui|styles)\//, SHARED], packages: PAGE_PACKAGES, why: 'ui holds parts that know nothing of the app' },
  { from: /^renderer\/timeline\//, may: [/^renderer\/(timeline|ui|styles)\//, SHARED], packages: PAGE_PACKAGES, why: 'the timeline knows neither stores nor views' },
  { from: /^renderer\/bridge\//, may: [/^renderer\/bridge\//, SHARED], packages: /^(vue|valibot)$/, why: 'the bridge knows the contract only' },
  { from: /^renderer\/stores\//, may: [/^renderer\/(stores|bridge|timeline|i18n)\//, SHARED], packages: ANY_PACKAGE, why: 'stores know the bridge, never what draws them' },
  { from: /^renderer\/i18n\//, may: [/^renderer\/i18n\//, SHARED], packages: ANY_PACKAGE, why: 'the catalogues know nothing of the app' },
  {
    from: /^renderer\/(inspector|lesson)\//,
    may: [/^renderer\/(inspector|lesson|ui|timeline|styles)\//, SHARED],
    types: /^renderer\/stores\//,
    packages: ANY_PACKAGE,
    why: 'only the shell joins stores to what draws them',
  },
  { from: /^renderer\//, may: [/^renderer\//, SHARED], packages: ANY_PACKAGE, why: 'electron and renderer never import each other' },
];

const NODE_OR_ELECTRON = /^(node:|electron($|\/))/;
const TEST = /\.(test|fixture)\.ts$/;

/** @param {string} file @param {string} target @param {boolean} typeOnly @returns {string | undefined} why the import is wrong */
export function wrongImport(file, target, typeOnly = false) {
  const isRelative = target.startsWith('.');
  if (TEST.test(file)) return undefined;
  if (file.startsWith('renderer/') && NODE_OR_ELECTRON.test(target)) return 'the page has neither Node nor Electron: ask through the bridge';
  const layer = LAYERS.find(({ from }) => from.test(file));
  if (layer === undefined) return undefined;
  if (!isRelative) return (layer.packages ?? ANY_PACKAGE).test(target) ? undefined : layer.why;
  const path = relative('/', resolve('/', dirname(file), target.replace(/\?.*$/, ''))).split(sep).join('/');
  const own = layer.from.exec(file)?.[1] ?? '';
  if (typeOnly && layer.types?.test(path)) return undefined;
  const allowed = layer.may.some((pattern) => new RegExp(pattern.source.replace('{own}', own)).test(`${path}/`));
  return allowed ? undefined : layer.why;
}

/** @type {import('eslint').Rule.RuleModule} */
export const layers = {
  meta: { type: 'problem', schema: [], messages: { wrong: '{{target}} must not be imported here: {{why}}.' } },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    /** @param {any} source @param {boolean} typeOnly */
    const check = (source, typeOnly = false) => {
      if (typeof source?.value !== 'string') return;
      const why = wrongImport(file, source.value, typeOnly);
      if (why !== undefined) context.report({ node: source, messageId: 'wrong', data: { target: source.value, why } });
    };
    return {
      ImportDeclaration: (/** @type {any} */ node) => check(node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (/** @type {any} */ node) => check(node.source),
      ExportAllDeclaration: (/** @type {any} */ node) => check(node.source),
      ImportExpression: (/** @type {any} */ node) => check(node.source),
      TSImportType: (/** @type {any} */ node) => check(node.source ?? node.argument?.literal, true),
    };
  },
};
