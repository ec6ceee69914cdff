// Each import rule of the architecture, the message keys and the house rules, tried on a wrong and a right snippet with the project's own
// configuration: a rule that stops biting fails here.
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../kit/run';

const eslint = new ESLint({ cwd: REPOSITORY });
const HEADER = '// What this file is.\n';

/** Rule ids that a snippet breaks when it stands in `file`. */
async function broken(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(file.endsWith('.ts') ? HEADER + code : code, { filePath: `${REPOSITORY}/${file}` });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}
const imports = (target: string): string => `import { thing } from '${target}';\nexport const use = thing;\n`;
const vueImports = (target: string): string => `<script setup lang="ts">\nimport { thing } from '${target}';\nthing();\n</script>\n<template><p /></template>\n`;

describe('imports that the architecture forbids', () => {
  it.each([
    ['shared/lab/a.ts', '../../electron/roles/host'],
    ['shared/lab/a.ts', '../../renderer/ui/a'],
    ['shared/lab/a.ts', 'node:fs'],
    ['shared/lab/a.ts', 'vue'],
    ['shared/codec/tcp/a.ts', '../../trace/event'],
    ['shared/codec/tcp/a.ts', '../../lab/manifest'],
    ['electron/ipc.ts', '../renderer/ui/a'],
    ['electron/labs/daytime/a.ts', '../tcp-echo/lab'],
    ['electron/labs/daytime/a.ts', '../../capture/recorder'],
    ['electron/labs/daytime/a.ts', '../../runtime/hosts'],
    ['electron/labs/daytime/a.ts', 'node:net'],
    ['electron/roles/tcp/a.ts', '../../capture/recorder'],
    ['electron/roles/tcp/a.ts', '../../runtime/hosts'],
    ['electron/roles/tcp/a.ts', '../../labs/daytime/lab'],
    ['renderer/views/stage/a.ts', '../ladder/layout'],
    ['renderer/views/stage/a.ts', '../../stores/trace'],
    ['renderer/views/stage/a.ts', '../../shell/a'],
    ['renderer/views/stage/a.ts', '../../inspector/tree'],
    ['renderer/views/stage/a.ts', 'pinia'],
    ['renderer/ui/a.ts', '../stores/trace'],
    ['renderer/timeline/a.ts', '../views/stage/layout'],
    ['renderer/lesson/a.ts', '../stores/trace'],
    ['renderer/shell/a.ts', '../../electron/ipc'],
    ['renderer/shell/a.ts', 'electron'],
    ['renderer/shell/a.ts', 'node:net'],
  ])('%s does not import %s', async (file, target) => expect(await broken(file, imports(target))).toContain('looplab/layers'));

  it('holds in Vue files', async () => expect(await broken('renderer/views/stage/AView.vue', vueImports('../../stores/trace'))).toContain('looplab/layers'));

  it.each([
    ["export type A = import('../../electron/roles/host').Host;"],
    ["export const a = import('../../electron/roles/host');"],
    ["export { a } from '../../electron/roles/host';"],
    ["import type { Host } from '../../electron/roles/host';\nexport type A = Host;"],
  ])('counts %s', async (code) => expect(await broken('shared/lab/a.ts', code)).toContain('looplab/layers'));
});

describe('imports that the architecture allows', () => {
  it.each([
    ['shared/trace/a.ts', '../codec/tcp/tcp'],
    ['shared/codec/tcp/a.ts', '../../base/bytes'],
    ['electron/labs/daytime/a.ts', '../../roles/tcp/daytimeServer'],
    ['electron/labs/daytime/a.ts', './manifest'],
    ['electron/labs/daytime/lab.test.ts', '../../runtime/hosts'],
    ['electron/roles/tcp/a.ts', 'node:events'],
    ['electron/runtime/a.ts', '../capture/recorder'],
    ['renderer/views/stage/a.ts', '../../inspector/parts/bytes'],
    ['renderer/views/stage/a.ts', './layout'],
    ['renderer/views/stage/a.ts', '../../../shared/trace/event'],
    ['renderer/shell/a.ts', '../views/stage/layout'],
    ['renderer/shell/a.ts', '../stores/trace'],
  ])('%s imports %s', async (file, target) => expect(await broken(file, imports(target))).toEqual([]));

  it('a lesson may name the type of a store', async () => {
    expect(await broken('renderer/lesson/a.ts', "import type { Answer } from '../stores/predictions';\nexport type A = Answer;\n")).toEqual([]);
  });
});

describe('texts', () => {
  it('must be in the catalogues', async () => {
    expect(await broken('renderer/shell/a.ts', "export const a = (t: (key: string) => string): string => t('no.such.key');")).toEqual(['looplab/message-keys']);
    expect(await broken('renderer/ui/A.vue', '<script setup lang="ts"></script>\n<template><p>{{ $t(\'no.such.key\') }}</p></template>\n')).toContain('looplab/message-keys');
  });
  it('do not stand in a template', async () => {
    expect(await broken('renderer/ui/A.vue', '<script setup lang="ts"></script>\n<template><p>Press it</p></template>\n')).toContain('@intlify/vue-i18n/no-raw-text');
  });
  it('never go in as HTML', async () => {
    expect(await broken('renderer/ui/A.vue', '<script setup lang="ts">\ndefineProps<{ a: string }>();\n</script>\n<template><p v-html="a" /></template>\n')).toContain('vue/no-v-html');
  });
});

describe('house rules', () => {
  it('no any, no non-null, named exports, no barrels', async () => {
    expect(await broken('shared/base/a.ts', 'export const a: any = 1;')).toContain('@typescript-eslint/no-explicit-any');
    expect(await broken('shared/base/a.ts', 'export const a = (b: string | null): string => b!;')).toContain('@typescript-eslint/no-non-null-assertion');
    expect(await broken('shared/base/a.ts', 'export default 1;')).toContain('no-restricted-syntax');
    expect(await broken('shared/base/a.ts', "export * from './bytes';")).toContain('no-restricted-syntax');
  });
  it('names, sizes and opening comments of files', async () => {
    expect(await broken('shared/base/BigName.ts', 'export const a = 1;')).toContain('looplab/file-name');
    expect(await broken('renderer/ui/small.vue', '<template><p /></template>\n')).toContain('looplab/file-name');
    expect(await broken('shared/base/a.ts', 'export {};\n'.repeat(301))).toContain('max-lines');
    const [bare] = await eslint.lintText('export const a = 1;\n', { filePath: `${REPOSITORY}/shared/base/a.ts` });
    expect(bare?.messages.map(({ ruleId }) => ruleId)).toContain('looplab/file-header');
  });
  it('only the bridge touches the preload object', async () => {
    expect(await broken('renderer/shell/a.ts', 'export const a = window.looplab;')).toContain('no-restricted-properties');
  });
  it('accessibility in templates', async () => {
    expect(await broken('renderer/ui/A.vue', '<script setup lang="ts"></script>\n<template><img src="a.png" /></template>\n')).toContain('vuejs-accessibility/alt-text');
  });
});
