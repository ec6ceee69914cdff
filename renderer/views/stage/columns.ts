// In which column of the stage a host stands: who asks on the left, who is asked on the right, who is asked and asks others (a relay, a
// resolver, a proxy) between them; peers that ask each other on both sides; and which hosts have no traffic at all. Decided by the whole
// story, so that nobody changes sides.

import type { HostIx } from '../../../shared/base/brand';
import type { HostModel, Segment, Story } from '../../../shared/trace/story';

export type Side = 'left' | 'middle' | 'right';

export interface Columns {
  side(host: HostIx): Side;
  /** Hosts that nothing is sent to and that send nothing. */
  readonly quiet: ReadonlySet<HostIx>;
  /** Someone on the left asks someone on the right: that wire passes the middle. */
  readonly through: boolean;
}

/** Pairs of datagram sockets that are told apart; by then a longer trace has shown who asks whom. */
const PAIRS = 4000;

/** What the segments so far say: they only append. */
interface Asked {
  next: number;
  readonly busy: Set<HostIx>;
  /** By whom each host is asked, and whom it asks. */
  readonly by: Map<HostIx, Set<HostIx>>;
  readonly asks: Map<HostIx, Set<HostIx>>;
  readonly pairs: Map<string, number>;
}

const known = new WeakMap<Story, { readonly asked: Asked; version: number; columns: Columns }>();

export function columnsOf(story: Story): Columns {
  const before = known.get(story);
  if (before !== undefined && before.version === story.version) return before.columns;
  const asked: Asked = before?.asked ?? { next: 0, busy: new Set(), by: new Map(), asks: new Map(), pairs: new Map() };
  for (; asked.next < story.segments.count; asked.next++) learn(asked, story.segments.at(asked.next));
  const columns = decide(story, asked);
  known.set(story, { asked, version: story.version, columns });
  return columns;
}

function learn(asked: Asked, segment: Segment): void {
  const { fromHost, toHost, dir } = segment;
  asked.busy.add(fromHost).add(toHost);
  if (fromHost === toHost || segment.transport === 'icmp') return;
  if (dir === 'down') ask(asked, toHost, fromHost);
  else if (dir === 'up' || isFirst(asked, segment)) ask(asked, fromHost, toHost);
}

/** UDP has no connection: who sends the first datagram between two endpoints asks. */
function isFirst(asked: Asked, { from, to, fromHost, toHost }: Segment): boolean {
  const [here, there] = [`${fromHost} ${from.address} ${from.port}`, `${toHost} ${to.address} ${to.port}`];
  const key = here < there ? `${here} ${there}` : `${there} ${here}`;
  if (asked.pairs.has(key) || asked.pairs.size >= PAIRS) return false;
  asked.pairs.set(key, fromHost);
  return true;
}

function ask(asked: Asked, client: HostIx, server: HostIx): void {
  const put = (map: Map<HostIx, Set<HostIx>>, of: HostIx, other: HostIx): void => void map.set(of, (map.get(of) ?? new Set<HostIx>()).add(other));
  put(asked.asks, client, server);
  put(asked.by, server, client);
}

function decide(story: Story, asked: Asked): Columns {
  const relays = new Set(story.roles.filter((role) => role.kind === 'relay').map((role) => role.host));
  const plain = new Map(story.hosts.map((host) => [host.index, plainSide(host, story, asked)]));
  const between = new Map(story.hosts.map((host) => [host.index, relays.has(host.index) || isBetween(asked, host.index) ? ('middle' as const) : (plain.get(host.index) ?? 'left')]));
  const busy = story.hosts.map((host) => host.index).filter((host) => asked.busy.has(host));
  const outside = busy.map((host) => between.get(host));
  const sides: ReadonlyMap<HostIx, Side> = outside.includes('left') && outside.includes('right') ? between : peerSides(busy, plain, relays, asked);
  const side = (host: HostIx): Side => sides.get(host) ?? 'left';
  return {
    side,
    quiet: new Set(story.hosts.map((host) => host.index).filter((host) => !asked.busy.has(host))),
    through: [...asked.asks].some(([client, servers]) => [...servers].some((server) => side(client) !== 'middle' && side(server) !== 'middle' && side(client) !== side(server))),
  };
}

/**
 * Where all ask each other, nobody stands between two others: peers stand left and right in turn, and between them the relays and whom all
 * of them ask (a tracker). Without peers, each stands on its plain side.
 */
function peerSides(busy: readonly HostIx[], plain: ReadonlyMap<HostIx, 'left' | 'right'>, relays: ReadonlySet<HostIx>, asked: Asked): ReadonlyMap<HostIx, Side> {
  const sides = new Map<HostIx, Side>(plain);
  for (const host of relays) sides.set(host, 'middle');
  const peers = busy.filter((host) => isBetween(asked, host) && !relays.has(host));
  if (peers.length < 2) return sides;
  for (const [place, host] of peers.entries()) sides.set(host, place % 2 === 0 ? 'left' : 'right');
  for (const host of busy) if (!peers.includes(host) && plain.get(host) === 'right') sides.set(host, 'middle');
  return sides;
}

/** Asked by one, and asks another. */
function isBetween(asked: Asked, host: HostIx): boolean {
  const by = asked.by.get(host);
  const asks = asked.asks.get(host);
  if (by === undefined || asks === undefined) return false;
  return [...by].some((client) => [...asks].some((server) => server !== client));
}

/** Clients stand on the left, servers on the right; one without a program of ours where its traffic puts it, else opposite those that have one. */
function plainSide(host: HostModel, story: Story, asked: Asked): 'left' | 'right' {
  const roles = story.roles.filter((role) => role.host === host.index);
  if (roles.some((role) => role.kind === 'server')) return 'right';
  if (roles.length > 0) return 'left';
  if (asked.asks.has(host.index)) return 'left';
  if (asked.by.has(host.index)) return 'right';
  return story.roles.some((role) => role.kind === 'server') ? 'left' : 'right';
}
