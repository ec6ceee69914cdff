// How a protocol is told in one line of a list of packets, as Wireshark's Protocol and Info columns do. A protocol's folder may have it as
// `<protocol>/column.ts` exporting `column`; without, its title and its tree's line are taken. Found by folder, no list to edit.

import type { FieldNode } from './field';

export interface Column {
  /** Wireshark's name of the protocol, as its codec has it. */
  readonly protocol: string;
  /** 'TLSv1.3', 'HTTP'. */
  name(tree: FieldNode): string;
  /** One line of English; '' when this layer says nothing worth a line and the layer around it speaks. */
  info(tree: FieldNode): string;
}

const modules = import.meta.glob<{ readonly column: Column }>('./*/column.ts', { eager: true });

/** By protocol. */
export const columns: ReadonlyMap<string, Column> = new Map(Object.values(modules).map(({ column }) => [column.protocol, column]));
