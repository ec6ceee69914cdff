// How long it takes at the least until N receivers have a file: from one server, or from all by all. Two formulas that every textbook
// has, pure, for the lab that measures them and the view that draws them. What they leave out is all that a real run has besides:
// connections, requests and protocol bytes, pieces that come last, peers that wait.

/** What the formulas need. Caps in bytes a second; 0 means no cap, that is, infinitely fast. */
export interface Distribution {
  /** F: bytes of the file. */
  readonly size: number;
  /** u_s: the up-link of the server, or of the one peer that has the file in the beginning. */
  readonly serverUp: number;
  /** u_i: the up-link of each receiver. When they differ, their mean: the formula only has their sum. */
  readonly peerUp: number;
  /** d_min: the down-link of the slowest receiver. */
  readonly peerDown: number;
}

/** What sets the time: the one that has the file at first; the slowest receiver's down-link; all the up-links together (swarm only). */
export type Bottleneck = 'server-up' | 'receiver-down' | 'all-up';

/**
 * Milliseconds until `receivers` have the whole file from one server: it has to send N copies through its up-link, and the slowest
 * receiver has to take one in: D_cs = max(N·F/u_s, F/d_min). Grows with N without end. 0 for no receivers.
 * Source: Kurose and Ross, Computer Networking, section 2.5 (peer-to-peer file distribution), where it is a bound from below that can
 * be reached.
 */
export function timeByServer(d: Distribution, receivers: number): number {
  return slowest(byServer(d, receivers))[1];
}

/**
 * Milliseconds until `receivers` have the whole file when each gives on what it has: the seed has to send every byte at least once,
 * the slowest receiver has to take one copy in, and all up-links together have to send N copies:
 * D_p2p = max(F/u_s, F/d_min, N·F/(u_s + N·u_i)). Never above F/min(u_s, d_min, u_i), however many they are. 0 for no receivers.
 * Source: as above; that it can be reached needs pieces as small as one likes.
 */
export function timeBySwarm(d: Distribution, receivers: number): number {
  return slowest(bySwarm(d, receivers))[1];
}

/** Which of the formula's terms is the largest; of equal ones the first: server-up, receiver-down, all-up. */
export function bottleneck(way: 'server' | 'swarm', d: Distribution, receivers: number): Bottleneck {
  return slowest(way === 'server' ? byServer(d, receivers) : bySwarm(d, receivers))[0];
}

type Term = readonly [Bottleneck, number];

function byServer(d: Distribution, receivers: number): readonly [Term, ...Term[]] {
  const one = receivers > 0 ? d.size : 0;
  return [
    ['server-up', time(one * receivers, d.serverUp)],
    ['receiver-down', time(one, d.peerDown)],
  ];
}

function bySwarm(d: Distribution, receivers: number): readonly [Term, ...Term[]] {
  const one = receivers > 0 ? d.size : 0;
  // One link without a cap makes the sum infinite; without receivers there is nothing to send.
  const all = d.serverUp === 0 || d.peerUp === 0 ? 0 : d.serverUp + receivers * d.peerUp;
  return [
    ['server-up', time(one, d.serverUp)],
    ['receiver-down', time(one, d.peerDown)],
    ['all-up', time(one * receivers, all)],
  ];
}

/** Milliseconds for so many bytes at so many a second; none at no cap. */
function time(bytes: number, rate: number): number {
  return rate === 0 ? 0 : (bytes / rate) * 1000;
}

function slowest(terms: readonly [Term, ...Term[]]): Term {
  return terms.reduce((most, each) => (each[1] > most[1] ? each : most), terms[0]);
}
