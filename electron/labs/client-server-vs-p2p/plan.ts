// What is to be run, from the lab's parameters: how many receivers, over which links, and whether there is time for it. Pure.

import { createRandom } from '../../../shared/base/random';
import { timeByServer, timeBySwarm, type Distribution } from '../../../shared/lab/distribution';
import type { DistributionWay } from '../../../shared/trace/notes';
import { LONGEST, MOST_RECEIVERS } from './manifest';

export const KIB = 1024;

export interface PlannedRun {
  readonly way: DistributionWay;
  readonly receivers: number;
}

/** '1, 2, 10' as numbers, rising, each once. Throws RangeError, saying what is wrong. */
export function receiversOf(text: string): number[] {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const numbers = words.map((word) => {
    const number = /^\d{1,3}$/.test(word) ? Number(word) : 0;
    if (number < 1 || number > MOST_RECEIVERS) throw unfit(`receivers: ${JSON.stringify(word)} is no number from 1 to ${MOST_RECEIVERS}`);
    return number;
  });
  if (numbers.length === 0) throw unfit(`receivers: at least one number from 1 to ${MOST_RECEIVERS}`);
  return [...new Set(numbers)].sort((one, other) => one - other);
}

/** The parameters cannot be run so; the window knows the code. */
const unfit = (why: string): RangeError => Object.assign(new RangeError(why), { code: 'LAB_PARAMETERS' });

/** ms by the formula. */
export const formulaOf = (way: DistributionWay, given: Distribution, receivers: number): number => (way === 'server' ? timeByServer : timeBySwarm)(given, receivers);

/**
 * First all by the server, then all by the swarm, fewest receivers first. Runs whose formulas together are longer than LONGEST are left
 * out, the most receivers first, in both ways alike. Throws RangeError when nothing is left.
 */
export function planRuns(ways: readonly DistributionWay[], receivers: readonly number[], given: Distribution): { readonly runs: readonly PlannedRun[]; readonly leftOut: readonly number[] } {
  const time = (all: readonly number[]): number => all.reduce((sum, count) => sum + ways.reduce((part, way) => part + formulaOf(way, given, count), 0), 0);
  let kept = receivers;
  while (kept.length > 0 && time(kept) > LONGEST * 1000) kept = kept.slice(0, -1);
  if (kept.length === 0) throw unfit(`${Math.ceil(time(receivers.slice(0, 1)) / 1000)} s for ${receivers[0]} receivers by the formula; at most ${LONGEST} s are run: choose a smaller file or faster links`);
  return { runs: ways.flatMap((way) => kept.map((count) => ({ way, receivers: count }))), leftOut: receivers.slice(kept.length) };
}

/**
 * The up-link of each receiver, bytes a second. 'mixed': half as fast or half again as fast, by chance, in such pairs that their mean is the
 * parameter's: then the formula, which has only their sum, is the same.
 */
export function upLinks(kind: string, mean: number, receivers: number, seed: number): number[] {
  if (kind !== 'mixed') return Array.from({ length: receivers }, () => mean);
  const random = createRandom(seed);
  const caps = Array.from({ length: receivers }, (_, index) => (index === receivers - 1 && receivers % 2 === 1 ? mean : index % 2 === 0 ? mean / 2 : mean * 1.5));
  for (let at = caps.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [caps[at], caps[other]] = [caps[other] ?? mean, caps[at] ?? mean];
  }
  return caps;
}
