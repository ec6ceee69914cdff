// What happens to a message at a stop, as a message key of stage.json below 'stage.stack.'. Pure.

import type { Segment } from '../../../../shared/trace/story';
import { LAYERS, type Side, type Stop } from './encapsulate';

export interface Phase {
  readonly key: string;
  readonly layer: (typeof LAYERS)[number] | null;
  readonly side: Side;
}

export function phaseOf(message: { readonly segment: Segment; readonly stops: readonly Stop[] }, index: number, progress: number): Phase {
  const { segment, stops } = message;
  const stop = stops[index] ?? { side: 'sender', row: 0, comes: 0, leaves: 0 };
  const say = (key: string): Phase => ({ key, layer: LAYERS[stop.row] ?? null, side: stop.side });
  if (progress < 0) return say('before');
  if (progress > 1) return say(segment.fate === 'lost' && segment.kind === 'datagram' ? 'lost' : 'arrived');
  if (stop.row >= LAYERS.length) return say('phase.wire');
  const carries = stops[0]?.row === 0;
  if (stop.side === 'sender') return say(stop.row === 0 ? 'phase.app' : !carries && index === 0 ? 'phase.kernel' : 'phase.down');
  if (index === stops.length - 1) return say(carries ? 'phase.taken' : 'phase.kernelTaken');
  return say('phase.up');
}
