// What the trees of certificates are made of: nodes over items of DER, with their places.

import { group, type FieldNode } from '../field';
import { bytesNode } from '../layout';
import { visibleText } from '../text';
import { oidText, stringText, type Tlv } from './der';
import { oidName } from './names';

/** Makes nodes over items of DER. */
export class Tree {
  constructor(readonly bytes: Uint8Array, readonly base: number) {}

  /** Over tag, length and content. */
  group(name: string, display: string, { start, end }: Tlv, children: readonly FieldNode[]): FieldNode {
    return group(name, display, this.base + start, end - start, children);
  }

  /** Over tag, length and content, with the number of the alternative that was chosen, or of the items in it. */
  numbered(name: string, value: number, display: string, item: Tlv, children: readonly FieldNode[]): FieldNode {
    return { ...this.group(name, display, item, children), value };
  }

  /** Over the content. */
  leaf(name: string, value: FieldNode['value'], display: string, { content, end }: { readonly content: number; readonly end: number }, children: readonly FieldNode[] = []): FieldNode {
    return { name, value, display, start: this.base + content, length: end - content, children };
  }

  data(name: string, { content, end }: { readonly content: number; readonly end: number }): FieldNode {
    return bytesNode(name, this.bytes, content, end, this.base);
  }

  oid(name: string, item: Tlv): FieldNode {
    const oid = oidText(this.bytes, item);
    return this.leaf(name, oid, oidName(oid), item);
  }

  text(name: string, item: Tlv): FieldNode {
    const text = stringText(this.bytes, item);
    return this.leaf(name, text, visibleText(text), item);
  }
}

/** A bit string: the number of bits that are left over, and its bits (X.690 8.6). */
export function bitStringNodes(tree: Tree, name: string, { content, end }: Tlv, children: readonly FieldNode[] = []): FieldNode[] {
  if (end <= content) return [];
  const padding = tree.bytes[content] ?? 0;
  const data = tree.data(name, { content: content + 1, end });
  return [tree.leaf('ber.bitstring.padding', padding, `${padding}`, { content, end: content + 1 }), { ...data, children }];
}
