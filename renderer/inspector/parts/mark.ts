// What is marked in tree and bytes at once: a field's range. Bytes find their field here, fields find their bytes. Pure.

import type { FieldNode } from '../../../shared/codec/field';

/** A field that the pointer or the keyboard is on. */
export interface Mark {
  readonly name: string;
  readonly start: number;
  readonly length: number;
  readonly bits?: { readonly mask: number; readonly shift: number };
}

export const markOf = (node: FieldNode): Mark => ({ name: node.name, start: node.start, length: node.length, ...(node.bits === undefined ? {} : { bits: node.bits }) });

/** Tells fields apart within one frame. */
export const keyOf = (mark: Mark): string => `${mark.name}:${mark.start}:${mark.length}:${mark.bits?.mask ?? 0}`;

export const covers = (mark: Mark, at: number): boolean => at >= mark.start && at < mark.start + mark.length;

/** True when some of the field's bits lie in the byte at `at`. */
function touches(node: FieldNode, at: number): boolean {
  if (!covers(node, at)) return false;
  if (node.bits === undefined) return true;
  const lowest = (node.start + node.length - 1 - at) * 8;
  return Math.floor(node.bits.mask / 2 ** lowest) % 256 !== 0;
}

/**
 * The field that the byte at `at` belongs to: the one with the fewest bytes, of those the outermost (all flags rather than one flag).
 * Calculated fields own no bytes. Null outside of all.
 */
export function fieldAt(trees: readonly FieldNode[], at: number): FieldNode | null {
  let best: FieldNode | null = null;
  const visit = (node: FieldNode): void => {
    if (!covers(node, at)) return;
    if (node.value === null) return node.children.forEach(visit);
    const real = node.generated === undefined && touches(node, at);
    if (real && (best === null || node.length < best.length)) best = node;
  };
  trees.forEach(visit);
  return best;
}

/** A field's bits among those of its bytes, as Wireshark draws them: '.... ...1 0000 ....'. '' for a field of whole bytes. */
export function bitPattern(bytes: Uint8Array, mark: Mark): string {
  if (mark.bits === undefined) return '';
  const mask = mark.bits.mask.toString(2).padStart(mark.length * 8, '0');
  const value = Array.from(bytes.subarray(mark.start, mark.start + mark.length), (byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from(mask, (bit, i) => (bit === '1' ? value[i] ?? '?' : '.')).join('').replaceAll(/(.{4})(?=.)/g, '$1 ');
}
