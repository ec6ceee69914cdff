// Lesson text: Markdown without raw HTML, turned into virtual nodes of a short list of elements. No string of it ever becomes
// HTML, and links are shown as text: the app opens nothing outside itself.

import MarkdownIt from 'markdown-it';
import { h, type VNode } from 'vue';

type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number];
type Child = VNode | string;

const parser = new MarkdownIt({ html: false, linkify: false, typographer: false }).disable(['image', 'html_block', 'html_inline', 'heading', 'lheading']);

/** Elements that may appear; others give their content only. */
const ELEMENTS = new Set(['p', 'ul', 'ol', 'li', 'strong', 'em', 'blockquote', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 's']);

/** Nodes for a text of several paragraphs. */
export const renderBlocks = (text: string): Child[] => nest(parser.parse(text, {}));

/** Nodes for one line (a title, an option): emphasis and code only. */
export const renderInline = (text: string): Child[] => nest(parser.parseInline(text, {}));

function nest(tokens: readonly Token[]): Child[] {
  const root: Child[] = [];
  const open: { readonly tag: string; readonly children: Child[] }[] = [];
  const add = (child: Child): void => void (open[open.length - 1]?.children ?? root).push(child);
  for (const token of tokens) {
    if (token.nesting === 1) open.push({ tag: token.hidden ? '' : token.tag, children: [] });
    else if (token.nesting === -1) {
      const done = open.pop();
      if (done === undefined) continue;
      if (ELEMENTS.has(done.tag)) add(h(done.tag, done.children));
      else done.children.forEach(add);
    } else leaf(token).forEach(add);
  }
  return root;
}

function leaf(token: Token): Child[] {
  switch (token.type) {
    case 'inline':
      return nest(token.children ?? []);
    case 'text':
      return [token.content];
    case 'code_inline':
      return [h('code', token.content)];
    case 'fence':
    case 'code_block':
      return [h('pre', [h('code', token.content.replace(/\n$/u, ''))])];
    case 'softbreak':
      return [' '];
    case 'hardbreak':
      return [h('br')];
    case 'hr':
      return [h('hr')];
    default:
      return [token.content];
  }
}
