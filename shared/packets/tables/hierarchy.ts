// Which protocols a capture consists of, one within another, as `tshark -z io,phs`: by the headers that columns know, or deeper where somebody tells
// the protocols of each packet (which reads its bytes).

import { PACKET_KINDS, type PacketTable } from '../packetTable';
import type { FlowTable } from '../flows/flowTable';
import type { HierarchyNode } from '../session';
import { forChosen, type Chosen } from './chosen';
import type { Sliced } from './sliced';

/** Nodes of one tree and how deep it goes; what is beyond counts for the protocol above it. */
const HIERARCHY_LIMITS = { nodes: 4096, depth: 32 } as const;

interface Growing {
  readonly protocol: string;
  packets: number;
  bytes: number;
  endPackets: number;
  readonly children: Map<string, Growing>;
}

/** Wireshark's names of link headers, by link type; others are 'link'. */
const LINKS: ReadonlyMap<number, string> = new Map([[0, 'null'], [1, 'eth'], [12, 'raw'], [14, 'raw'], [101, 'raw'], [108, 'null'], [113, 'sll'], [228, 'raw'], [229, 'raw'], [276, 'sll']]);

/**
 * The protocols, outermost first, most packets first. `linkTypes`: of each interface. `protocols`: of a packet, outermost first; null: as its columns
 * tell (link, ip or ipv6, the kind).
 */
export function* hierarchy(table: PacketTable, flows: FlowTable, linkTypes: readonly number[], chosen: Chosen, protocols: ((packet: number) => readonly string[]) | null = null): Sliced<HierarchyNode[]> {
  const roots = new Map<string, Growing>();
  let nodes = 0;
  const step = (level: Map<string, Growing>, protocol: string, bytes: number): Growing | null => {
    let node = level.get(protocol);
    if (node === undefined) {
      if (nodes === HIERARCHY_LIMITS.nodes) return null;
      nodes++;
      level.set(protocol, (node = { protocol, packets: 0, bytes: 0, endPackets: 0, children: new Map() }));
    }
    node.packets++;
    node.bytes += bytes;
    return node;
  };
  yield* forChosen(table, chosen, (chunk, row, packet) => {
    const bytes = chunk.wire[row] ?? 0;
    const path = protocols === null ? pathOf(flows, linkTypes[chunk.iface[row] ?? 0] ?? -1, chunk.kind[row] ?? 0, chunk.flow[row] ?? 0) : protocols(packet);
    let level = roots;
    let last: Growing | null = null;
    for (let depth = 0; depth < path.length && depth < HIERARCHY_LIMITS.depth; depth++) {
      const node = step(level, path[depth] ?? '', bytes);
      if (node === null) break;
      last = node;
      level = node.children;
    }
    if (last !== null) last.endPackets++;
  });
  return done(roots);
}

const paths = new Map<number, readonly string[]>();

/** The same array for the same headers. */
function pathOf(flows: FlowTable, linkType: number, kind: number, flow: number): readonly string[] {
  const version = flows.columns.version[flow] ?? 0;
  const key = (linkType + 1) * 256 + kind * 8 + version;
  let path = paths.get(key);
  if (path === undefined) {
    const name = PACKET_KINDS[kind] ?? 'other';
    const network = name === 'tcp' || name === 'udp' || name === 'icmp' || name === 'icmpv6' ? [version === 6 ? 'ipv6' : 'ip'] : [];
    path = [LINKS.get(linkType) ?? 'link', ...network, ...(name === 'other' ? [] : [name])];
    paths.set(key, path);
  }
  return path;
}

const done = (level: ReadonlyMap<string, Growing>): HierarchyNode[] => [...level.values()].sort((a, b) => b.packets - a.packets).map((node) => ({ ...node, children: done(node.children) }));
