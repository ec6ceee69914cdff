// The visible rows of a field tree, and where the arrow keys lead. Pure: (nodes, open keys) in, rows out (WAI-ARIA tree pattern).

import type { FieldNode } from '../../../shared/codec/field';
import { keyOf } from './mark';

export interface FieldRow {
  readonly key: string;
  readonly node: FieldNode;
  /** From 1. */
  readonly level: number;
  readonly parent: string | null;
  /** Null: it has nothing inside. */
  readonly open: boolean | null;
  /** Place among its siblings, from 1, and how many there are. */
  readonly place: number;
  readonly siblings: number;
}

/** Rows of one tree at most: one packet's fields (shared/trace/limits.ts bounds the tree itself). */
const MAX_ROWS = 2000;

/** Keys are unique: fields that say the same twice (two NOP options have different starts; two equal ones get a number). */
export function fieldRows(nodes: readonly FieldNode[], opened: ReadonlySet<string>): FieldRow[] {
  const rows: FieldRow[] = [];
  const used = new Map<string, number>();
  const add = (list: readonly FieldNode[], level: number, parent: string | null): void => {
    list.forEach((node, i) => {
      if (rows.length >= MAX_ROWS) return;
      const plain = keyOf(node);
      const before = used.get(plain) ?? 0;
      used.set(plain, before + 1);
      const key = before === 0 ? plain : `${plain}#${before}`;
      const open = node.children.length === 0 ? null : opened.has(key);
      rows.push({ key, node, level, parent, open, place: i + 1, siblings: list.length });
      if (open === true) add(node.children, level + 1, key);
    });
  };
  add(nodes, 1, null);
  return rows;
}

/** Parts of a message that mean nothing while they are closed. */
const SECTIONS: ReadonlySet<string> = new Set(['dns.queries', 'dns.answers', 'dns.authorities', 'dns.additionals', 'tls.record']);
/** More than this inside a section, and it stays closed. */
const MOST_OPEN = 12;

/** What stands open at first in the tree of a message: its sections, and what is alone within one (but a question says it all in its own line). */
export function firstOpen(nodes: readonly FieldNode[]): ReadonlySet<string> {
  const open = new Set<string>();
  const visit = (list: readonly FieldNode[], inside: string): void => {
    const groups = list.filter(({ children, value }) => children.length > 0 && value === null);
    for (const node of groups) {
      const section = SECTIONS.has(node.name) && node.children.length <= MOST_OPEN;
      const alone = groups.length === 1 && (inside === 'dns.answers' || node.name.startsWith('tls.'));
      if (!section && !alone) continue;
      open.add(keyOf(node));
      visit(node.children, node.name);
    }
  };
  visit(nodes, '');
  return open;
}

export type TreeMove = { readonly type: 'focus'; readonly key: string } | { readonly type: 'open' | 'close'; readonly key: string } | null;

/** What a key does in the tree, when the row `key` has the focus; null: the tree does not use it. */
export function treeMove(rows: readonly FieldRow[], key: string, pressed: string): TreeMove {
  const at = rows.findIndex((row) => row.key === key);
  const row = rows[at];
  if (row === undefined) return null;
  const focus = (target: FieldRow | undefined): TreeMove => (target === undefined ? null : { type: 'focus', key: target.key });
  switch (pressed) {
    case 'ArrowDown': return focus(rows[at + 1]);
    case 'ArrowUp': return focus(rows[at - 1]);
    case 'Home': return focus(rows[0]);
    case 'End': return focus(rows.at(-1));
    case 'ArrowRight': return row.open === false ? { type: 'open', key } : row.open === true ? focus(rows[at + 1]) : null;
    case 'ArrowLeft': return row.open === true ? { type: 'close', key } : row.parent === null ? null : { type: 'focus', key: row.parent };
    case 'Enter':
    case ' ': return row.open === null ? null : { type: row.open ? 'close' : 'open', key };
    default: return null;
  }
}
