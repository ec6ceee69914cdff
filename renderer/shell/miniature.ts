// The decorative picture on a lab's card: its first hosts as lifelines and its lesson's steps as arrows, from the manifest alone.
// A sketch of the kind of thing that the lab shows, not of any run.

import type { LabManifest } from '../../shared/lab/manifest';
import type { Matcher } from '../../shared/trace/match';

export interface SketchArrow {
  readonly fromX: number;
  readonly toX: number;
  readonly y: number;
  readonly tone: 'app' | 'tra' | 'bad';
  /** Line style of its evidence. */
  readonly line: 'observed' | 'inferred';
  /** Part of the way that it goes: what is refused or lost stops short. */
  readonly reach: number;
}

export interface Sketch {
  readonly width: number;
  readonly height: number;
  readonly hostWidth: number;
  readonly hosts: readonly { readonly id: string; readonly x: number }[];
  readonly arrows: readonly SketchArrow[];
}

const WIDTH = 288;
const HEIGHT = 116;
const MARGIN = 64;
const TOP = 34;

export function sketchOf(manifest: LabManifest): Sketch {
  const hosts = manifest.hosts.slice(0, 3).map((host, index, all) => ({
    id: host.id,
    x: all.length === 1 ? WIDTH / 2 : MARGIN + (index * (WIDTH - 2 * MARGIN)) / (all.length - 1),
  }));
  const kinds = manifest.steps.map((step) => arrowKind(step.match)).filter((kind) => kind !== null).slice(0, 6);
  const first = hosts[0]?.x ?? MARGIN;
  const last = hosts[hosts.length - 1]?.x ?? WIDTH - MARGIN;
  const gap = Math.min(18, (HEIGHT - TOP - 14) / Math.max(kinds.length, 1));
  const servers = new Set(manifest.endpoints.map((endpoint) => endpoint.role));
  const arrows = kinds.map((kind, index) => {
    const fromServer = kind.role !== '' && (servers.has(kind.role) || kind.role.startsWith('server')) !== kind.received;
    return { fromX: fromServer ? last : first, toX: fromServer ? first : last, y: TOP + 8 + index * gap, tone: kind.tone, line: kind.line, reach: kind.reach };
  });
  return { width: WIDTH, height: HEIGHT, hostWidth: hosts.length > 2 ? 84 : 116, hosts, arrows };
}

interface ArrowKind extends Pick<SketchArrow, 'tone' | 'line' | 'reach'> {
  readonly role: string;
  /** The matcher names the receiving role. */
  readonly received: boolean;
}

/** The arrow that a step's moment would be drawn as; null for what happens inside one host. */
function arrowKind(match: Matcher): ArrowKind | null {
  const role = match.role ?? '';
  const failed = match.err !== undefined && match.err !== '';
  const one = (tone: ArrowKind['tone'], line: ArrowKind['line'], reach = 1, received = false): ArrowKind => ({ tone: failed ? 'bad' : tone, line, reach: failed ? 0.55 : reach, role, received });
  if (match.segment !== undefined) {
    if (match.segment === 'rst' || match.segment === 'unreachable') return one('bad', 'inferred');
    return match.segment === 'data' || match.segment === 'datagram' ? one('app', 'observed') : one('tra', 'inferred');
  }
  switch (match.fact) {
    case 'connect.started':
    case 'connect.ended':
    case 'stream.shutdown':
    case 'socket.closed':
      return one('tra', 'inferred');
    case 'connection.accepted':
    case 'stream.ended':
      return one('tra', 'inferred', 1, true);
    case 'bytes.sent':
    case 'datagram.sent':
      return one('app', 'observed');
    case 'bytes.received':
    case 'datagram.received':
      return one('app', 'observed', 1, true);
    case 'call.failed':
      return { ...one('bad', 'inferred', 1, true), tone: 'bad' };
    default:
      return null;
  }
}
