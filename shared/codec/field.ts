// The tree that an inspector shows: one node a field, with its name in Wireshark and the bytes that it lies in. Made by the
// codecs' fields(); read by views and tests. Holds no text of a language: labels are looked up by name.

export type FieldValue = number | boolean | string | Uint8Array | null;

export interface FieldNode {
  /** Wireshark's name, dotted. */
  readonly name: string;
  /** The value; null for a node that only holds others. */
  readonly value: FieldValue;
  /** As people read it: '127.0.0.1', 'FIN, ACK', '20 B'. Names and numbers of protocols only. */
  readonly display: string;
  /** First byte, from the start of the frame; length in bytes. A generated field may have none (0). */
  readonly start: number;
  readonly length: number;
  /** Bits of the bytes, read as one big-endian number. */
  readonly bits?: { readonly mask: number; readonly shift: number };
  readonly children: readonly FieldNode[];
  /** Not in the bytes: calculated from them (a checksum's verdict, a length). */
  readonly generated?: true;
  /** What is wrong with these bytes, when something is. English, for developers. */
  readonly problem?: string;
}

/** A node that is calculated, beside the bytes that it was calculated from. */
export function generated(name: string, value: FieldValue, display: string, start: number, length: number): FieldNode {
  return { name, value, display, start, length, children: [], generated: true };
}

/** A node over a range that holds other nodes. */
export function group(name: string, display: string, start: number, length: number, children: readonly FieldNode[], problem?: string): FieldNode {
  return { name, value: null, display, start, length, children, ...(problem === undefined ? {} : { problem }) };
}

/** The first node of this name, depth first. */
export function findField(node: FieldNode, name: string): FieldNode | null {
  if (node.name === name) return node;
  for (const child of node.children) {
    const found = findField(child, name);
    if (found !== null) return found;
  }
  return null;
}

/** How many nodes there are. */
export function countFields({ children }: FieldNode): number {
  let count = 1;
  for (const child of children) count += countFields(child);
  return count;
}

/** True when a node of the tree is one of these. */
export function someField(node: FieldNode, fits: (node: FieldNode) => boolean): boolean {
  if (fits(node)) return true;
  for (const child of node.children) if (someField(child, fits)) return true;
  return false;
}

/** Calls for every node, parents before children, with its depth. */
export function eachField(node: FieldNode, call: (node: FieldNode, depth: number) => void, depth = 0): void {
  call(node, depth);
  for (const child of node.children) eachField(child, call, depth + 1);
}

/** Every node, parents before children, with its depth. Where each packet of a large file is walked eachField() costs a tenth. */
export function* walkFields(node: FieldNode, depth = 0): Generator<{ readonly node: FieldNode; readonly depth: number }> {
  yield { node, depth };
  for (const child of node.children) yield* walkFields(child, depth + 1);
}

/** The same tree with these children appended. */
export const withChildren = (node: FieldNode, more: readonly FieldNode[]): FieldNode => ({ ...node, children: [...node.children, ...more] });

/** What became of a checksum, with Wireshark's numbers. 'unverified': bytes are missing; 'absent': it was sent without. */
const VERDICTS = { bad: 0, good: 1, unverified: 2, absent: 3 } as const;
export type Verdict = keyof typeof VERDICTS;

/** A checksum's verdict, beside the two bytes of the checksum. */
export function verdict(name: string, state: Verdict, start: number): FieldNode {
  return generated(name, VERDICTS[state], state, start, 2);
}

/** The checksum that our own calculation gives, beside the two bytes of the one that was sent. */
export const calculated = (name: string, checksum: number, start: number): FieldNode => generated(name, checksum, `0x${checksum.toString(16).padStart(4, '0')}`, start, 2);
