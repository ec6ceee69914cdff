// @ts-check
// House rules that no published rule has: a file opens with a comment that says what it is, and its name has the shape of its kind.
import { basename } from 'node:path';

const TYPESCRIPT_NAME = /^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*\.ts$/;
const VUE_NAME = /^[A-Z][A-Za-z0-9]*\.vue$/;

/** @type {import('eslint').Rule.RuleModule} */
export const fileHeader = {
  meta: { type: 'suggestion', schema: [], messages: { missing: 'Open the file with one to four lines: what it does, where it sits, what it leaves out.' } },
  create(context) {
    return {
      Program(node) {
        if (!/^\s*(#!.*\n)?(\/\/|\/\*|<!--)/.test(context.sourceCode.text)) context.report({ node, loc: { line: 1, column: 0 }, messageId: 'missing' });
      },
    };
  },
};

/** @type {import('eslint').Rule.RuleModule} */
export const fileName = {
  meta: { type: 'suggestion', schema: [], messages: { wrong: '{{name}}: TypeScript files are named in camelCase, Vue files in PascalCase.' } },
  create(context) {
    const name = basename(context.filename);
    return {
      Program(node) {
        const right = name.endsWith('.vue') ? VUE_NAME.test(name) : TYPESCRIPT_NAME.test(name);
        if (!right) context.report({ node, loc: { line: 1, column: 0 }, messageId: 'wrong', data: { name } });
      },
    };
  },
};
