// The DNS tree as a picture: who asks stands on the left, the servers on the right, one row each, indented below the zone that leads to
// them: so no arrow has to cross a box. Nodes are those that ask or are asked anywhere in the run, so that nothing jumps while it
// plays. Pure: story in, boxes and lines out.

import type { AppMessage, AppStory, DnsExchange } from '../../../shared/trace/app/appStory';
import type { HostIx } from '../../../shared/base/brand';
import { nameKey } from '../../../shared/codec/dns/name';
import type { Story } from '../../../shared/trace/story';

/** 'attacker': it sends answers that nobody asked it for. */
export type NodeKind = 'client' | 'relay' | 'resolver' | 'server' | 'attacker';

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
/** Between two rows of servers; beneath this height a box has one line of text. */
const ROW_GAP = 6;
export const TWO_LINES = 29;
/** Room for arrows between those who ask and the servers; how far a zone stands to the right of the one above it. */
const ARROWS = 58;
const INDENT = 24;
const NARROWEST = 84;

/** Labels of a zone's name: the root has none. */
export const depthOf = (zone: string): number => (zone === '.' || zone === '' ? 0 : zone.replace(/\.$/, '').split('.').length);

/** `scale`: how much larger than usual the text is, 1.3 on a projector. */
export function dnsPicture(story: Story, app: AppStory, width: number, height: number, scale = 1): DnsPicture {
  const actors = actorsOf(story, app);
  const kindOf = (actor: Actor): NodeKind => (!actor.asks && !actor.answers ? 'attacker' : actor.relays ? 'relay' : actor.answers ? (actor.asks ? 'resolver' : 'server') : 'client');
  const servers = actors.filter((actor) => kindOf(actor) === 'server');
  // A relay before a server stands on its row; one before the resolver stands with those who ask.
  const others = actors.filter((actor) => kindOf(actor) !== 'server');
  const order: readonly NodeKind[] = ['client', 'relay', 'resolver', 'attacker'];
  others.sort((one, other) => order.indexOf(kindOf(one)) - order.indexOf(kindOf(other)));
  const left = servers.length === 0 ? width : Math.max(Math.min(width * 0.34, WIDEST * scale + 2 * GAP), 110);
  const nodes: DnsNode[] = [...column(story, others, kindOf, left, height, scale), ...treeRows(story, servers, left, width, height, scale)];
  // In the middle of what room there is.
  const spare = servers.length === 0 ? 0 : Math.max(0, (width - Math.max(0, ...nodes.map((one) => one.x + one.width)) - GAP) / 2);
  const placed = nodes.map((one) => ({ ...one, x: one.x + spare }));
  return { nodes: placed, delegations: delegationsOf(placed) };
}

/** The servers, each beneath the one that leads to it. */
function treeRows(story: Story, servers: readonly Actor[], left: number, width: number, height: number, scale: number): DnsNode[] {
  const rows = treeOrder(servers);
  const deepest = Math.max(0, ...rows.map(({ level }) => level));
  const from = left + Math.max(Math.min(ARROWS, (width - left) / 4), Math.min(3 * ARROWS, width * 0.16));
  const indent = deepest === 0 ? 0 : Math.max(0, Math.min(INDENT * scale, (width - from - NARROWEST - GAP) / deepest));
  const boxWidth = Math.max(NARROWEST, Math.min(WIDEST * 1.2 * scale, width - from - indent * deepest - GAP));
  const rowHeight = height / Math.max(rows.length, 1);
  return rows.map(({ item, level }, row) => node(story, item, 'server', { x: from + indent * level + boxWidth / 2, y: rowHeight * (row + 0.5) }, { width: boxWidth, height: Math.max(16, Math.min(HEIGHT * scale, rowHeight - ROW_GAP)) }));
}

export interface TreeRow<T> {
  readonly item: T;
  /** 0: nothing that is shown stands above it. */
  readonly level: number;
}

/** In the order in which a tree is read: each zone, then all below it. Equal zones stand together. */
export function treeOrder<T extends { readonly zone: string }>(items: readonly T[]): TreeRow<T>[] {
  const above = items.map((item) => nearestAbove(items, item)[0] ?? null);
  const rows: TreeRow<T>[] = [];
  const add = (parent: T | null, level: number): void => {
    const children = items.filter((_item, at) => above[at] === parent).sort((one, other) => depthOf(one.zone) - depthOf(other.zone) || nameKey(one.zone).localeCompare(nameKey(other.zone)));
    for (const item of children) {
      rows.push({ item, level });
      add(item, level + 1);
    }
  };
  add(null, 0);
  return rows;
}

/** Those whose zone is the closest above; several when servers share a zone. */
function nearestAbove<T extends { readonly zone: string }>(items: readonly T[], { zone }: T): T[] {
  if (zone === '') return [];
  const above = items.filter((from) => from.zone !== '' && depthOf(from.zone) < depthOf(zone) && (from.zone === '.' || nameKey(zone).endsWith(`.${nameKey(from.zone)}`)));
  const nearest = Math.max(...above.map((from) => depthOf(from.zone)));
  return above.filter((from) => depthOf(from.zone) === nearest);
}

/** Those who ask, one above the other. */
const column = (story: Story, actors: readonly Actor[], kindOf: (actor: Actor) => NodeKind, width: number, height: number, scale: number): DnsNode[] =>
  actors.map((actor, at) => node(story, actor, kindOf(actor), { x: width / 2, y: (height * (actors.length - at - 0.5)) / actors.length }, { width: Math.min(WIDEST * scale, width - GAP), height: Math.min(HEIGHT * scale, height / actors.length - ROW_GAP) }));

function node(story: Story, actor: Actor, kind: NodeKind, centre: { readonly x: number; readonly y: number }, size: { readonly width: number; readonly height: number }): DnsNode {
  const host = story.host(actor.host);
  return { host: actor.host, id: host?.id ?? '', address: host?.address ?? '', kind, zone: kind === 'server' ? actor.zone : '', x: centre.x - size.width / 2, y: centre.y - size.height / 2, ...size };
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
  const pairs = pairsOf(app);
  for (const message of [...straysOf(app, pairs), ...pairs.flatMap(({ answer }) => answer ?? [])]) actor(senderHost(story, message));
  return [...actors.values()];
}

/** Who really sent it: a program may borrow the address of another host. */
export function senderHost(story: Story, message: AppMessage): HostIx {
  const socket = message.fromSock === null ? null : story.socket(message.fromSock);
  return (socket === null ? null : story.role(socket.role)?.host) ?? message.fromHost;
}

/** Answers that belong to no question. */
export function straysOf(app: AppStory, pairs: readonly Pair[]): AppMessage[] {
  const known = new Set(pairs.map(({ answer }) => answer?.id));
  return app.messages.filter((message) => message.protocol === 'dns' && message.kind === 'answer' && !known.has(message.id));
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
  const servers = nodes.filter(({ kind }) => kind === 'server');
  return servers.flatMap((to) => nearestAbove(servers, to).slice(0, 1).map((from) => ({ from, to })));
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
