// What happens to a message at a stop, as a message key of stage.json below 'stage.stack.'. Pure.

import type { Segment } from '../../../../shared/trace/story';
import type { Row, Side, Stop, TlsPart } from './encapsulate';

export interface Phase {
  readonly key: string;
  readonly layer: Row | null;
  readonly side: Side;
}

interface Followed {
  readonly segment: Segment;
  readonly stops: readonly Stop[];
  readonly rows: readonly Row[];
  readonly tls: TlsPart | null;
}

export function phaseOf(message: Followed, index: number, progress: number): Phase {
  const { segment, stops, rows, tls } = message;
  const stop = stops[index] ?? { side: 'sender', row: 0, comes: 0, leaves: 0 };
  const say = (key: string): Phase => ({ key, layer: rows[stop.row] ?? null, side: stop.side });
  if (progress < 0) return say('before');
  if (progress > 1) return say(segment.fate === 'lost' && segment.kind === 'datagram' ? 'lost' : 'arrived');
  if (stop.row >= rows.length) return say(segment.transport === 'unix' ? 'phase.memory' : 'phase.wire');
  const [app, last] = [stop.row === 0, index === stops.length - 1];
  if (tls !== null && rows[stop.row] === 'tls') return say(stop.side === 'sender' ? (tls === 'own' ? 'phase.tlsMakes' : 'phase.tlsSeals') : tls === 'own' ? 'phase.tlsReads' : 'phase.tlsOpens');
  if (tls !== null && app) return say(stop.side === 'sender' ? 'phase.toTls' : 'phase.fromTls');
  const carries = stops[0]?.row === 0 || tls !== null;
  if (stop.side === 'sender') return say(app ? 'phase.app' : !carries && index === 0 ? 'phase.kernel' : 'phase.down');
  if (last) return say(carries ? 'phase.taken' : 'phase.kernelTaken');
  return say('phase.up');
}
