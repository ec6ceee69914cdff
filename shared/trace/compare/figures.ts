// What two runs amount to, figure by figure: bytes, calls, errors, how connections ended, how long answers took. Counts of what is in the
// trace; a latency is from a send() to the next byte that comes back on the same socket, as its program saw it.

import type { FaultValues } from '../../lab/faults';
import { KIND_CODE } from '../event';
import { record, string } from '../foldHosts';
import type { Story } from '../story';
import type { RunSide } from './steps';

export type FigureId =
  | 'duration' | 'calls' | 'errors' | 'connections' | 'closed' | 'reset' | 'refused' | 'failed' | 'open'
  | 'bytesUp' | 'bytesDown' | 'datagrams' | 'lost' | 'faults' | 'answers' | 'median' | 'p95' | 'slowest';

export interface Figure {
  readonly id: FigureId;
  readonly unit: 'count' | 'B' | 'us';
  /** Null: there was nothing to measure. */
  readonly a: number | null;
  readonly b: number | null;
  /** Times: by more than chance would have it. */
  readonly differs: boolean;
}

type Measured = Readonly<Record<FigureId, number | null>>;

const UNITS: readonly (readonly [FigureId, Figure['unit']])[] = [
  ['duration', 'us'], ['median', 'us'], ['p95', 'us'], ['slowest', 'us'], ['answers', 'count'], ['calls', 'count'], ['errors', 'count'], ['connections', 'count'], ['closed', 'count'],
  ['reset', 'count'], ['refused', 'count'], ['failed', 'count'], ['open', 'count'], ['bytesUp', 'B'], ['bytesDown', 'B'], ['datagrams', 'count'], ['lost', 'count'], ['faults', 'count'],
];
/** Times that differ by less than a quarter, or by less than 2 ms, may do so by chance. */
const CHANCE = { share: 0.25, us: 2000 };

/** Those that differ first; in either part in the order of the table. */
export function compareFigures(a: RunSide, b: RunSide): Figure[] {
  const [one, other] = [measure(a), measure(b)];
  const figures = UNITS.flatMap(([id, unit]): Figure[] => {
    const [here, there] = [one[id], other[id]];
    if ((here ?? 0) === 0 && (there ?? 0) === 0) return [];
    return [{ id, unit, a: here, b: there, differs: differs(unit, here, there) }];
  });
  return [...figures.filter((figure) => figure.differs), ...figures.filter((figure) => !figure.differs)];
}

function differs(unit: Figure['unit'], a: number | null, b: number | null): boolean {
  if (unit !== 'us' || a === null || b === null) return a !== b;
  return Math.abs(a - b) > Math.max(CHANCE.us, Math.min(a, b) * CHANCE.share);
}

function measure({ story, trace }: RunSide): Measured {
  let [calls, errors, faults, sentDatagrams, end] = [0, 0, 0, 0, 0];
  for (let seq = 0; seq < trace.count; seq++) {
    const { columns, row } = trace.locate(seq);
    const kind = columns.kind[row] ?? 0;
    if (kind === KIND_CODE['lab.ended']) end = columns.t[row] ?? 0;
    if (kind === KIND_CODE['fault.applied']) faults++;
    if (kind < KIND_CODE['socket.opened'] || kind > KIND_CODE['datagram.received']) continue;
    if (!WAITS.has(kind)) calls++;
    if ((columns.err[row] ?? 0) !== 0) errors++;
    if (kind === KIND_CODE['datagram.sent']) sentDatagrams++;
  }
  const last = trace.count === 0 ? 0 : trace.t(trace.count - 1);
  const took = latencies({ story, trace });
  const at = (share: number): number | null => (took.length === 0 ? null : (took[Math.min(took.length - 1, Math.ceil(took.length * share) - 1)] ?? null));
  return {
    duration: trace.count === 0 ? null : (end === 0 ? last : end) - trace.t(0), calls, errors, faults, datagrams: sentDatagrams, lost: lostDatagrams(story), ...connections(story),
    answers: took.length, median: at(0.5), p95: at(0.95), slowest: at(1),
  };
}

/** A call that waits is counted when it returns. */
const WAITS: ReadonlySet<number> = new Set([KIND_CODE['connect.started'], KIND_CODE['accept.started'], KIND_CODE['recv.started'], KIND_CODE['recvfrom.started'], KIND_CODE['send.ended']]);

function connections(story: Story): Pick<Measured, 'connections' | 'closed' | 'reset' | 'refused' | 'failed' | 'open' | 'bytesUp' | 'bytesDown'> {
  const ends = { closed: 0, reset: 0, refused: 0, failed: 0, open: 0 };
  let [bytesUp, bytesDown] = [0, 0];
  for (let index = 0; index < story.connections.count; index++) {
    const { outcome, up, down } = story.connections.at(index);
    ends[outcome]++;
    bytesUp += Math.max(up.sent, up.received);
    bytesDown += Math.max(down.sent, down.received);
  }
  return { connections: story.connections.count, ...ends, bytesUp, bytesDown };
}

function lostDatagrams(story: Story): number {
  let lost = 0;
  for (let id = 0; id < story.segments.count; id++) if (story.segmentKind(id) === 'datagram' && story.segments.at(id).fate === 'lost') lost++;
  return lost;
}

/** Of clients' sockets, µs, ascending. */
function latencies({ story, trace }: RunSide): number[] {
  const took: number[] = [];
  for (let index = 0; index < story.sockets.count; index++) {
    const socket = story.sockets.at(index);
    if (story.role(socket.role)?.kind !== 'client') continue;
    let asked: number | null = null;
    for (let at = 0; at < socket.facts.length; at++) {
      const { columns, row } = trace.locate(socket.facts.at(at));
      const kind = columns.kind[row];
      if (kind === KIND_CODE['bytes.sent'] || kind === KIND_CODE['datagram.sent']) asked ??= columns.t[row] ?? 0;
      else if (asked !== null && (kind === KIND_CODE['bytes.received'] || kind === KIND_CODE['datagram.received'])) {
        took.push((columns.t[row] ?? 0) - asked);
        asked = null;
      }
    }
  }
  return took.sort((one, other) => one - other);
}

/** A setting in which two runs differ: a parameter of the lab, or `relay.delay`. Null: not set. */
export interface SettingDifference {
  readonly name: string;
  readonly a: string | null;
  readonly b: string | null;
}

export function compareSettings(a: RunSide, b: RunSide): SettingDifference[] {
  const [one, other] = [settingsOf(a), settingsOf(b)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((name) => {
    const [here, there] = [one.get(name) ?? null, other.get(name) ?? null];
    return here === there ? [] : [{ name, a: here, b: there }];
  });
}

/** The lab's parameters, and what the user asked of relays before the script was over, the last word on each. */
export function settingsOf({ story, trace }: RunSide): ReadonlyMap<string, string> {
  const settings = new Map<string, string>(Object.entries(story.lab?.params ?? {}).map(([name, value]) => [name, String(value)]));
  for (let seq = 0; seq < trace.count; seq++) {
    const kind = trace.kind(seq);
    if (kind === 'lab.ended') break;
    if (kind !== 'action.taken') continue;
    const given = record(trace.at(seq).text);
    const args = given['args'];
    if (given['action'] !== 'relay' || typeof args !== 'object' || args === null) continue;
    const { relay, now, ...faults } = args as FaultValues & { relay?: unknown; now?: unknown };
    if (now === undefined) for (const [name, value] of Object.entries(faults)) settings.set(`${string(relay)}.${name}`, String(value));
  }
  return settings;
}
