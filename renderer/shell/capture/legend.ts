// What the colours of the packet list stand for in this capture: the protocols that occur, under the layer that gives them their colour, and the signs of
// trouble; each with the filter that finds its packets and how many these are, where that is known without looking into all of them. Pure.

import type { HierarchyNode, PacketRow } from '../../../shared/packets/session';
import { ANALYSIS_WARNINGS } from '../../../shared/packets/analysis/tcpAnalysis';
import { hueOf, type Hue } from '../../views/packets/columns';
import { askedOfCell, askedOfProtocol } from './askedField';

export interface LegendEntry {
  /** Its own among the entries; of a protocol its name. */
  readonly name: string;
  readonly filter: string;
  /** Null: not known. */
  readonly packets: number | null;
}

export interface LegendLayer {
  readonly hue: Hue;
  readonly entries: readonly LegendEntry[];
}

/** From the top of the stack down, as hosts are drawn. */
const LAYERS: readonly Hue[] = ['application', 'transport', 'internet', 'link'];

/** `tree`: of the whole capture; null: not counted yet. `rows`: some of the list, which may show what the columns that were counted do not know. */
export function legendLayers(tree: readonly HierarchyNode[] | null, rows: readonly PacketRow[]): readonly LegendLayer[] {
  const found = new Map<string, LegendEntry>();
  for (const [name, packets] of namedIn(tree ?? [])) {
    const filter = askedOfProtocol(name)?.filter ?? null;
    if (filter !== null) found.set(name, { name, filter, packets });
  }
  for (const row of rows) {
    const asked = askedOfCell(row, 'protocol', []);
    if (asked !== null && asked.filter !== null && !found.has(asked.name)) found.set(asked.name, { name: asked.name, filter: asked.filter, packets: null });
  }
  const entries = [...found.values()].sort((a, b) => (b.packets ?? 0) - (a.packets ?? 0));
  return LAYERS.map((hue) => ({ hue, entries: entries.filter(({ name }) => hueOf(name) === hue) })).filter(({ entries: of }) => of.length > 0);
}

/** Protocols that are the last word of some packet, with the packets that hold them. Bytes without a protocol leave the word to what carries them. */
function namedIn(tree: readonly HierarchyNode[]): ReadonlyMap<string, number> {
  const [counts, named] = [new Map<string, number>(), new Set<string>()];
  const visit = (node: HierarchyNode, above: ReadonlySet<string>): void => {
    // A packet that has it twice is one packet.
    if (!above.has(node.protocol)) counts.set(node.protocol, (counts.get(node.protocol) ?? 0) + node.packets);
    if (node.protocol !== 'data' && (node.endPackets > 0 || node.children.some(({ protocol, endPackets }) => protocol === 'data' && endPackets > 0))) named.add(node.protocol);
    const within = new Set([...above, node.protocol]);
    for (const child of node.children) visit(child, within);
  };
  for (const root of tree) visit(root, new Set());
  return new Map([...counts].filter(([name]) => named.has(name)));
}

const WARNED = ANALYSIS_WARNINGS.join(' || ');

/** `byColumns`: how many there are is known without a look into any packet. */
export const LEGEND_TROUBLE = [
  { trouble: 'note', filter: `tcp.analysis.flags && !(${WARNED})`, byColumns: true },
  { trouble: 'warn', filter: WARNED, byColumns: true },
  { trouble: 'error', filter: '_ws.expert.severity == Error', byColumns: false },
] as const satisfies readonly { readonly trouble: PacketRow['trouble']; readonly filter: string; readonly byColumns: boolean }[];
