// The states of a socket of ours from both witnesses: those that its calls let infer, with the times of the segments that made them where these
// were captured, and those that only the segments show (CLOSING). Each keeps the calls that caused it. Pure.

import { micros } from '../../base/brand';
import { groundsOf } from '../event';
import type { StateChange } from '../story';

/** Less than any two facts lie apart, µs. */
const INSTANT = 0.2;

/** `told`, `shown`: in order of time. A connection is in each of its states once, CLOSED at its beginning and its end. */
export function mergedStates(told: readonly StateChange[], shown: readonly StateChange[], isServer: boolean): readonly StateChange[] {
  if (shown.length === 0) return told;
  const left = [...shown];
  const merged: StateChange[] = [];
  /** The packets have come so far: what the calls tell of what follows is not before. */
  let latest = Number.NEGATIVE_INFINITY;
  told.forEach((change, index) => {
    const place = index === 0 && change.state === 'CLOSED' ? -1 : left.findIndex(({ state }) => state === change.state);
    const packet = place < 0 ? undefined : left.splice(place, 1)[0];
    if (packet !== undefined) {
      latest = Math.max(latest, packet.t);
      const { provenance } = packet;
      merged.push({ t: packet.t, state: change.state, provenance: provenance.evidence === 'captured' ? { ...provenance, from: groundsOf(change.provenance) } : provenance });
    } else if (!(change.state === 'FIN_WAIT_2' && shown.some(({ state }) => state === 'CLOSING' || state === 'TIME_WAIT'))) {
      // What the call at its place let expect, FIN-WAIT-2, was passed over: a FIN came that acknowledged ours (RFC 9293 Figure 5, note 2).
      merged.push(change.t < latest ? { ...change, t: micros((latest += INSTANT)) } : change);
    }
  });
  // The socket that accept() gives has been there since the SYN; it is told of from when its connection stood.
  for (const change of left) if (!isServer || change.state !== 'SYN_RECEIVED') merged.push(change);
  // One segment may take it through two: a FIN that acknowledges ours.
  const place = ({ state }: StateChange): number => shown.findIndex((one) => one.state === state);
  const first = merged[0];
  const order = (one: StateChange, other: StateChange): number => one.t - other.t || (one === first || other === first || place(one) < 0 || place(other) < 0 ? 0 : place(one) - place(other));
  return merged.sort(order).filter((change, index, all) => index === 0 || all[index - 1]?.state !== change.state);
}
