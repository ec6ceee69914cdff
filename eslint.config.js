// @ts-check
// Lint rules: TypeScript strict, Vue with accessibility and catalogued texts, and our own (build/eslint): import rules of the
// architecture, message keys, house rules. No rule needs type information, so the whole tree takes seconds.
import vueI18n from '@intlify/eslint-plugin-vue-i18n';
import vue from 'eslint-plugin-vue';
import accessibility from 'eslint-plugin-vuejs-accessibility';
import ts from 'typescript-eslint';
import { fileHeader, fileName } from './build/eslint/houseRules.js';
import { layers } from './build/eslint/layers.js';
import { messageKeys } from './build/eslint/messageKeys.js';

const looplab = { rules: { layers, 'file-header': fileHeader, 'file-name': fileName, 'message-keys': messageKeys } };
const named = 'Named exports only: a default export has no name to search for.';

export default ts.config(
  { ignores: ['out/**', 'dist/**', 'coverage/**', 'test-results/**', 'playwright-report/**', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.vue'],
    extends: [...ts.configs.strict],
    plugins: { looplab },
    rules: {
      'looplab/layers': 'error',
      'looplab/file-name': 'error',
      eqeqeq: ['error', 'always'],
      'no-console': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: named },
        { selector: 'ExportAllDeclaration', message: 'No barrel files: import from the file that has it.' },
        { selector: 'TSEnumDeclaration', message: 'Use a union of strings or a const object.' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/unified-signatures': 'off',
    },
  },
  { files: ['**/*.ts'], plugins: { looplab }, rules: { 'max-lines': ['error', { max: 300 }] } },
  { files: ['**/*.ts'], ignores: ['**/*.test.ts'], plugins: { looplab }, rules: { 'looplab/file-header': 'error' } },
  // A lab is found by a glob, so its folder says by default export what it is.
  { files: ['**/*.config.ts', 'electron/labs/*/lab.ts'], plugins: { looplab }, rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['renderer/**/*.vue'],
    extends: [...vue.configs['flat/recommended'], ...accessibility.configs['flat/recommended'], ...vueI18n.configs['base']],
    plugins: { looplab },
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.vue'] } },
    settings: { 'vue-i18n': { localeDir: './renderer/i18n/locales/*/*.json', messageSyntaxVersion: '^11.0.0' } },
    rules: {
      'max-lines': ['error', { max: 250 }],
      'no-restricted-syntax': 'off',
      'looplab/message-keys': ['error', { folder: 'renderer/i18n/locales/en' }],
      '@intlify/vue-i18n/no-raw-text': ['error', { ignorePattern: '^[\\s\\d\\p{P}\\p{S}]*$', ignoreText: ['Looplab', 'loop', 'lab'] }],
      '@intlify/vue-i18n/no-v-html': 'error',
      'vue/no-v-html': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-emits-declaration': ['error', 'type-based'],
      'vue/define-props-declaration': ['error', 'type-based'],
      'vue/no-unused-refs': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      // Layout of templates belongs to the formatter.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/attributes-order': 'off',
      // A label that wraps its control names it as well as one that points to it.
      'vuejs-accessibility/label-has-for': ['error', { controlComponents: ['ListboxFilter'], required: { some: ['nesting', 'id'] } }],
    },
  },
  { files: ['renderer/**/*.ts'], plugins: { looplab }, rules: { 'looplab/message-keys': ['error', { folder: 'renderer/i18n/locales/en' }] } },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.vue'],
    ignores: ['renderer/bridge/**', 'renderer/**/*.test.ts'],
    rules: { 'no-restricted-properties': ['error', { object: 'window', property: 'looplab', message: 'Only renderer/bridge touches the preload object.' }] },
  },
);
