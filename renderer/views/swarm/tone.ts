// Which kind of news an event is: a choice, an upload slot, a mishap, or somebody who came or went. Pure.

import type { SwarmEvent } from './events';
import { isBlame } from './peers';

export type Tone = 'chose' | 'slot' | 'bad' | 'plain';

export function toneOf(event: SwarmEvent): Tone {
  if (event.what === 'chose' || event.what === 'slot' || event.what === 'bad') return event.what;
  if (event.what === 'cut') return isBlame(event.cut.why) ? 'bad' : 'plain';
  return event.what === 'left' && (event.how === 'killed' || event.how === 'failed') ? 'bad' : 'plain';
}
