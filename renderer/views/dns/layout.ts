// The DNS tree as a picture: who asks stands on the left, the servers on the right, one row for each level of the name space. Nodes are
// those that ask or are asked anywhere in the run, so that nothing jumps while it plays. Pure: story in, boxes and lines out.

import type { AppMessage, AppStory, DnsExchange } from '../../../shared/trace/app/appStory';
import type { HostIx } from '../../../shared/base/brand';
import { nameKey } from '../../../shared/codec/dns/name';
import type { Story } from '../../../shared/trace/story';

export type NodeKind = 'client' | 'relay' | 'resolver' | 'server';

export interface DnsNode {
  readonly host: HostIx;
  readonly id: string;
  readonly address: string;
  readonly kind: NodeKind;
  /** The zone that it was asked as a server of: '.', 'test', 'example.test'; '' when nobody said. */
  readonly zone: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Delegation {
  readonly from: DnsNode;
  readonly to: DnsNode;
}

export interface DnsPicture {
  readonly nodes: readonly DnsNode[];
  /** From a zone's server to those of the zones below, among the servers that are shown. */
  readonly delegations: readonly Delegation[];
}

interface Actor {
  readonly host: HostIx;
  asks: boolean;
  answers: boolean;
  relays: boolean;
  zone: string;
}

const HEIGHT = 46;
const WIDEST = 148;
const GAP = 10;

/** Labels of a zone's name: the root has none. */
export const depthOf = (zone: string): number => (zone === '.' || zone === '' ? 0 : zone.replace(/\.$/, '').split('.').length);

export function dnsPicture(story: Story, app: AppStory, width: number, height: number): DnsPicture {
  const actors = actorsOf(story, app);
  const kindOf = (actor: Actor): NodeKind => (actor.relays ? 'relay' : actor.answers ? (actor.asks ? 'resolver' : 'server') : 'client');
  const servers = actors.filter((actor) => kindOf(actor) === 'server');
  // A relay before a server stands on its row; one before the resolver stands with those who ask.
  const others = actors.filter((actor) => kindOf(actor) !== 'server');
  const order: readonly NodeKind[] = ['client', 'relay', 'resolver'];
  others.sort((one, other) => order.indexOf(kindOf(one)) - order.indexOf(kindOf(other)));
  const left = servers.length === 0 ? width : Math.max(Math.min(width * 0.34, WIDEST + 2 * GAP), 110);
  const nodes: DnsNode[] = [...column(story, others, kindOf, left, height)];
  const depths = [...new Set(servers.map(({ zone }) => depthOf(zone)))].sort((one, other) => one - other);
  depths.forEach((depth, row) => {
    const level = servers.filter(({ zone }) => depthOf(zone) === depth);
    const room = (width - left) / level.length;
    const boxWidth = Math.min(WIDEST, room - GAP);
    level.forEach((actor, at) => {
      nodes.push(node(story, actor, 'server', left + room * (at + 0.5), (height * (row + 0.5)) / depths.length, boxWidth));
    });
  });
  return { nodes, delegations: delegationsOf(nodes) };
}

/** Those who ask, one above the other. */
const column = (story: Story, actors: readonly Actor[], kindOf: (actor: Actor) => NodeKind, width: number, height: number): DnsNode[] =>
  actors.map((actor, at) => node(story, actor, kindOf(actor), width / 2, (height * (actors.length - at - 0.5)) / actors.length, Math.min(WIDEST, width - GAP)));

function node(story: Story, actor: Actor, kind: NodeKind, centreX: number, centreY: number, width: number): DnsNode {
  const host = story.host(actor.host);
  return { host: actor.host, id: host?.id ?? '', address: host?.address ?? '', kind, zone: kind === 'server' ? actor.zone : '', x: centreX - width / 2, y: centreY - HEIGHT / 2, width, height: HEIGHT };
}

function actorsOf(story: Story, app: AppStory): Actor[] {
  const actors = new Map<HostIx, Actor>();
  const actor = (host: HostIx): Actor => {
    const known = actors.get(host);
    if (known !== undefined) return known;
    const fresh: Actor = { host, asks: false, answers: false, relays: story.roles.some((role) => role.host === host && role.kind === 'relay'), zone: '' };
    actors.set(host, fresh);
    return fresh;
  };
  const zones = zonesByAddress(app);
  for (const exchange of app.queries) {
    const query = app.message(exchange.query);
    if (query === null) continue;
    actor(query.fromHost).asks = true;
    const asked = actor(query.toHost);
    asked.answers = true;
    const zone = zones.get(story.host(query.toHost)?.address ?? '');
    if (zone !== undefined && (asked.zone === '' || depthOf(zone) < depthOf(asked.zone))) asked.zone = zone;
  }
  return [...actors.values()];
}

/** What askers took the servers for. A server of several zones is shown at the highest. */
function zonesByAddress(app: AppStory): ReadonlyMap<string, string> {
  const zones = new Map<string, string>();
  for (const { note } of app.notes) {
    if (note.topic !== 'dns.ask' || note.zone === '') continue;
    const address = note.server.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
    const zone = note.zone === '.' ? '.' : note.zone.replace(/\.$/, '');
    const known = zones.get(address);
    if (known === undefined || depthOf(zone) < depthOf(known)) zones.set(address, zone);
  }
  return zones;
}

function delegationsOf(nodes: readonly DnsNode[]): Delegation[] {
  const servers = nodes.filter(({ kind, zone }) => kind === 'server' && zone !== '');
  return servers.flatMap((to) => {
    const above = servers.filter((from) => depthOf(from.zone) < depthOf(to.zone) && (from.zone === '.' || nameKey(to.zone).endsWith(`.${nameKey(from.zone)}`)));
    const nearest = Math.max(...above.map(({ zone }) => depthOf(zone)));
    return above.filter(({ zone }) => depthOf(zone) === nearest).map((from) => ({ from, to }));
  });
}

/** The two messages of an exchange. */
export interface Pair {
  readonly exchange: DnsExchange;
  readonly query: AppMessage;
  readonly answer: AppMessage | null;
}

export const pairsOf = (app: AppStory): Pair[] =>
  app.queries.flatMap((exchange) => {
    const query = app.message(exchange.query);
    return query === null ? [] : [{ exchange, query, answer: exchange.answer === null ? null : app.message(exchange.answer) }];
  });
