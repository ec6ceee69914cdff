// The decorative picture on a lab's card: its first hosts as lifelines and its lesson's steps as arrows, from the manifest alone.
// A sketch of the kind of thing that the lab shows, not of any run.

import type { HostSpec, LabGroup, LabManifest, StageTab } from '../../shared/lab/manifest';
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
  const hosts = manifest.hosts.filter((host) => alwaysThere(manifest, host)).slice(0, 3).map((host, index, all) => ({
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
  return { width: WIDTH, height: HEIGHT, hostWidth: hosts.length > 2 ? 74 : 116, hosts, arrows };
}

/** A host that takes part in every run: neither late, nor there for a relay that only some runs have. */
function alwaysThere(manifest: LabManifest, host: HostSpec): boolean {
  const ends = manifest.endpoints.filter((endpoint) => endpoint.host === host.id);
  return host.late !== true && (ends.length === 0 || ends.some((endpoint) => !(endpoint.relay === true && endpoint.optional === true)));
}

type SketchTone = 'app' | 'tra' | 'net' | 'bad' | 'ok' | 'line';

/** A box, a bar or a line of a picture that is no ladder. */
export interface SketchShape {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly tone: SketchTone;
  readonly filled: boolean;
}

export interface SketchLine {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  readonly tone: SketchTone;
}

export interface SketchPicture {
  readonly shapes: readonly SketchShape[];
  readonly lines: readonly SketchLine[];
}

const shape = (x: number, y: number, width: number, height: number, tone: SketchShape['tone'], filled = false): SketchShape => ({ x, y, width, height, tone, filled });
const line = (x: number, y: number, toX: number, toY: number, tone: SketchLine['tone']): SketchLine => ({ from: [x, y], to: [toX, toY], tone });

/** What the lab's first picture looks like; null: a ladder. */
export function pictureOf(tab: StageTab | undefined, group: LabGroup | null = null): SketchPicture | null {
  switch (tab) {
    case 'hosts': return group === 'architectures' ? MEETING : null;
    case 'dns': return TREE;
    case 'waterfall': return WATERFALL;
    case 'page': return PAGE;
    case 'exchange': return EXCHANGE;
    case 'tls': return SEALED;
    case 'swarm': return SWARM;
    case 'scaling': return SCALING;
    case 'availability': return AVAILABILITY;
    case 'headers': return NESTED;
    case 'models': return MODELS;
    case 'window': return FILLING;
    case 'ports': return PORTS;
    default: return null;
  }
}

/** A server knows the way (thin), the others talk without it. */
const MEETING: SketchPicture = {
  shapes: [shape(118, 12, 52, 26, 'net'), shape(34, 74, 56, 26, 'tra'), shape(116, 84, 56, 26, 'tra'), shape(198, 74, 56, 26, 'tra'), ...[[43, 82], [125, 92], [207, 82]].map(([x = 0, y = 0]) => shape(x, y, 38, 6, 'app', true))],
  lines: [line(118, 30, 66, 74, 'line'), line(144, 38, 144, 84, 'line'), line(170, 30, 222, 74, 'line'), line(90, 90, 116, 97, 'app'), line(172, 97, 198, 90, 'app'), line(90, 79, 198, 79, 'app')],
};

const TREE: SketchPicture = {
  shapes: [shape(26, 78, 70, 22, 'tra'), shape(26, 20, 70, 22, 'app'), shape(182, 8, 70, 20, 'net'), shape(136, 48, 70, 20, 'net'), shape(224, 48, 52, 20, 'net'), shape(182, 88, 70, 20, 'net')],
  lines: [line(61, 78, 61, 44, 'tra'), line(98, 28, 180, 18, 'tra'), line(98, 33, 134, 56, 'tra'), line(92, 43, 180, 96, 'tra'), line(206, 30, 176, 46, 'line'), line(228, 30, 248, 46, 'line'), line(178, 70, 206, 86, 'line')],
};

const WATERFALL: SketchPicture = {
  shapes: [[8, 40], [48, 30], [48, 52], [78, 44], [78, 88], [100, 36], [122, 60]].flatMap(([x = 0, width = 0], row) => [
    shape(16, 13 + row * 14, 34, 5, 'line', true), shape(66 + x, 11 + row * 14, width * 0.35, 9, 'tra', true), shape(66 + x + width * 0.35, 11 + row * 14, width * 0.65, 9, 'app', true),
  ]),
  lines: [line(232, 6, 232, 110, 'line')],
};

const PAGE: SketchPicture = {
  shapes: [
    shape(44, 10, 200, 98, 'line'), shape(54, 17, 150, 9, 'tra'), shape(54, 38, 60, 7, 'app', true), shape(54, 52, 112, 42, 'net', true), shape(176, 38, 58, 5, 'line', true), shape(176, 49, 58, 5, 'line', true),
    shape(176, 60, 44, 5, 'line', true), shape(176, 71, 58, 5, 'line', true), shape(176, 82, 30, 5, 'line', true),
  ],
  lines: [line(44, 31, 244, 31, 'line')],
};

const EXCHANGE: SketchPicture = {
  shapes: [
    ...[24, 166].map((x) => shape(x, 12, 98, 92, 'line')), shape(34, 22, 62, 7, 'app', true), ...[36, 47, 58].map((y, row) => shape(34, y, 74 - row * 14, 5, 'line', true)),
    shape(176, 22, 48, 7, 'app', true), ...[36, 47].map((y, row) => shape(176, y, 74 - row * 20, 5, 'line', true)), shape(176, 64, 78, 32, 'net', true),
  ],
  lines: [line(126, 38, 160, 38, 'tra'), line(160, 78, 126, 78, 'app')],
};

const SEALED: SketchPicture = {
  shapes: [shape(112, 12, 64, 12, 'tra'), shape(112, 32, 64, 12, 'tra'), ...[54, 74, 94].map((y) => shape(98, y, 92, 13, 'app', true))],
  lines: [line(40, 6, 40, 112, 'line'), line(248, 6, 248, 112, 'line'), line(42, 18, 110, 18, 'tra'), line(246, 38, 178, 38, 'tra'), line(246, 60, 192, 60, 'app'), line(42, 80, 96, 80, 'app'), line(246, 100, 192, 100, 'app')],
};

/** Peers on a ring, each with its bar of pieces; who gives to whom. */
const RING = [[144, 16], [214, 40], [190, 92], [98, 92], [74, 40]] as const;
const SWARM: SketchPicture = {
  shapes: RING.flatMap(([x, y], peer) => [
    shape(x - 20, y - 8, 40, 16, peer === 0 ? 'tra' : 'app'),
    ...[0, 1, 2, 3].map((piece) => shape(x - 15 + piece * 8, y - 3, 6, 6, peer === 0 || (piece + peer) % 3 > 0 ? 'net' : 'line', peer === 0 || (piece + peer) % 3 > 0)),
  ]),
  lines: RING.flatMap(([x, y], peer) => RING.slice(peer + 1).map(([toX, toY], other) => line(x + (toX - x) * 0.28, y + (toY - y) * 0.28, x + (toX - x) * 0.72, y + (toY - y) * 0.72, peer === 0 ? 'tra' : other === 0 ? 'app' : 'line'))),
};

/** Measured points over two curves: one grows with the receivers, the other hardly. */
const SERVER_TIMES = [[58, 92], [92, 78], [140, 59], [200, 34], [244, 16]] as const;
const SWARM_TIMES = [[58, 91], [92, 82], [140, 76], [200, 73], [244, 71]] as const;
const SCALING: SketchPicture = {
  shapes: [...SERVER_TIMES.map(([x, y]) => shape(x - 4, y - 7, 8, 8, 'tra', true)), ...SWARM_TIMES.map(([x, y]) => shape(x - 4, y - 7, 8, 8, 'app', true))],
  lines: [
    line(36, 8, 36, 102, 'line'), line(36, 102, 262, 102, 'line'),
    ...[SERVER_TIMES, SWARM_TIMES].flatMap((times) => times.slice(1).map(([x, y], at) => line(times[at]?.[0] ?? 0, times[at]?.[1] ?? 0, x, y, 'line'))),
  ],
};

/** Clients' requests on a time axis: all is well, then nothing, then well again; above them the server's life with the hole in it. */
const REQUESTS = [34, 54, 74, 94].flatMap((y, lane) => [0, 1, 2, 3, 4, 5, 6, 7, 8].map((at) => ({ x: 22 + at * 28 + lane * 5, y, lost: Math.abs(at * 28 + lane * 5 - 124) < 34 })));
const AVAILABILITY: SketchPicture = {
  shapes: [shape(20, 12, 96, 9, 'line', true), shape(186, 12, 82, 9, 'line', true), ...REQUESTS.filter(({ lost }) => !lost).map(({ x, y }) => shape(x, y, 12, 8, 'ok', true))],
  lines: [
    line(128, 16, 184, 16, 'bad'),
    ...[{ x: 115, y: 12 }, ...REQUESTS.filter(({ lost }) => lost)].flatMap(({ x, y }) => [line(x + 1, y - 1, x + 11, y + 9, 'bad'), line(x + 11, y - 1, x + 1, y + 9, 'bad')]),
  ],
};

/** One envelope, a table of doors, and the one that it goes to. */
const PORTS: SketchPicture = {
  shapes: [
    shape(20, 46, 62, 24, 'tra'), shape(27, 53, 20, 10, 'app', true), shape(53, 53, 22, 10, 'net', true),
    ...[14, 34, 54, 74, 94].flatMap((y, row) => [shape(140, y, 128, 14, row === 2 ? 'ok' : 'line'), shape(146, y + 4, 22, 6, row === 2 ? 'app' : 'line', true), shape(176, y + 4, 24, 6, row === 4 ? 'line' : 'net', true), shape(210, y + 4, 48, 6, row === 2 ? 'ok' : 'line', true)]),
  ],
  lines: [line(84, 58, 134, 61, 'ok')],
};

/** Four servers: at the first one clients are done one after the other, at the others all together. */
const MODELS: SketchPicture = {
  shapes: [
    ...[0, 1, 2, 3, 4].flatMap((at) => [shape(22 + at * 48, 10 + at * 4, 46, 18 - at * 4, 'net', true), shape(22 + at * 48, 29, 46, 4, 'app', true)]),
    ...[48, 72, 96].map((y, row) => shape(22, y - 4, 56 + row * 4, 14, 'app', true)),
  ],
  lines: [...[34, 58, 82, 106].map((y) => line(22, y, 266, y, 'line')), line(22, 8, 22, 110, 'line')],
};

/** A message that has one header more on each layer down. */
const NESTED: SketchPicture = {
  shapes: [14, 40, 66, 92].flatMap((y, row) => [
    shape(196, y, 64, 16, 'app', true), ...(['tra', 'net', 'ok'] as const).slice(0, row).map((tone, at) => shape(196 - (at + 1) * 46, y, 43, 16, tone, true)),
  ]),
  lines: [line(24, 14, 24, 108, 'line')],
};

/** Bytes over time: the send buffer fills, nothing goes on for a while, then somebody reads. */
const FILLING: SketchPicture = {
  shapes: [
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => shape(30 + at * 23, 88 - Math.min(at, 2) * 24, 22, 14 + Math.min(at, 2) * 24, 'net', true)),
    ...[0, 1, 2, 3, 4].map((at) => shape(145 + at * 23, 92 - at * 14, 22, 10 + at * 14, 'tra', true)), ...[0, 1, 2, 3].map((at) => shape(168 + at * 23, 94 - at * 14, 22, 8 + at * 14, 'ok', true)),
  ],
  lines: [line(26, 8, 26, 103, 'line'), line(26, 103, 264, 103, 'line'), line(78, 30, 144, 30, 'bad')],
};

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
