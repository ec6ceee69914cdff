// For tests of measured distributions: a lab's run that measures 1, 5 and 10 receivers both ways, as its notes tell it.

import type { DistributionCause, DistributionWay } from '../notes';
import { scenario, type Scenario } from '../fixture';
import type { Distribution } from '../../lab/distribution';

export const GIVEN: Distribution = { size: 1_048_576, serverUp: 1_048_576, peerUp: 524_288, peerDown: 4_194_304 };

/** Milliseconds that were measured, by way and number of receivers. */
export const MEASURED: Readonly<Record<DistributionWay, Readonly<Record<number, number>>>> = { server: { 1: 1040, 5: 5210, 10: 10_600 }, swarm: { 1: 1100, 5: 1720, 10: 1980 } };

/** Starts the program that measures; returns how it notes one distribution. `cut`: so many receivers have it, then nothing more comes. */
export function measuring(s: Scenario): (way: DistributionWay, receivers: number, ms: number, why?: readonly (readonly [DistributionCause, number])[], cut?: number) => void {
  const { role } = s.role('server', '127.0.62.1', 'server');
  const note = (said: object): void => void s.fact('role.noted', { role, text: JSON.stringify(said) });
  s.step = 0;
  return (way, receivers, ms, why = [], cut) => {
    const start = s.now;
    note({ topic: 'dist.begin', way, receivers, ...GIVEN });
    for (let at = 1; at <= (cut ?? receivers); at++) {
      s.now = start + ms * 1000 * (0.6 + (0.4 * at) / receivers);
      note({ topic: 'dist.received', way, receivers, receiver: `receiver-${at}`, ms: (s.now - start) / 1000 });
    }
    if (cut !== undefined) return;
    s.now = start + ms * 1000;
    note({ topic: 'dist.end', way, receivers, ms, why: why.map(([cause, took]) => ({ cause, ms: took })) });
    s.wait(100_000);
  };
}

export function threeSizes(): Scenario {
  const s = scenario('client-server-vs-p2p');
  const measure = measuring(s);
  for (const receivers of [1, 5, 10]) {
    measure('server', receivers, MEASURED.server[receivers] ?? 0, [['start-up', 12], ['overhead', 20]]);
    measure('swarm', receivers, MEASURED.swarm[receivers] ?? 0, [['last-piece', 140], ['start-up', 60], ['choking', 90]]);
  }
  return s;
}
