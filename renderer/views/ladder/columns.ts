// Which lifelines the ladder has, and where they stand. Pure; the drawing is in LadderView.vue.

import type { ConnId, HostIx } from '../../../shared/base/brand';
import type { RoleKind } from '../../../shared/trace/about';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { ConnectionModel, Story } from '../../../shared/trace/story';

/** What the ladder shows: everything, or one connection. */
export type LadderScope = { readonly type: 'all' } | { readonly type: 'connection'; readonly id: ConnId };

export interface LadderColumn {
  readonly host: HostIx;
  /** Name of the host as the lesson gives it, and what stands under it (`:49210`, or its address). */
  readonly title: string;
  readonly detail: string;
  readonly foreign: boolean;
  readonly x: number;
}

/** Width of one character of a call when the page is not enlarged, in px: 0.6 em of 11.5 px. */
export const CHARACTER = 6.9;

/** The least distance between two lifelines; a wider ladder scrolls sideways. */
const LEAST_DISTANCE = 180;

/**
 * Room for the calls at the left of the first and at the right of the last lifeline, in px: a share of the pane, for 18 to 36 characters;
 * with several lifelines less, before the ladder has to scroll.
 */
export function gutterOf(width: number, lifelines: number, character = CHARACTER): number {
  const [least, most] = [26 + 18 * character, 26 + 36 * character];
  const left = (width - LEAST_DISTANCE * (lifelines - 1)) / 2;
  return Math.round(Math.min(Math.max(Math.min(width * 0.28, lifelines > 2 ? left : most), least), most));
}

/** More hosts than this and the ladder shows one connection at a time unless the user asks for all. */
export const MANY_HOSTS = 4;

/** Lifelines from left to right, of many hosts those with traffic: clients, peers that are not ours, relays, then servers; each in order of appearance. */
export function ladderColumns(story: Story, scope: LadderScope, width: number, nameOf: (hostId: string) => string, character = CHARACTER): LadderColumn[] {
  const connection = scope.type === 'connection' ? story.connection(scope.id) : null;
  const plain = connection === null ? columnsOfAll(story, nameOf) : columnsOfConnection(story, connection, nameOf);
  const gutter = gutterOf(width, plain.length, character);
  const room = Math.max(width - 2 * gutter, LEAST_DISTANCE * (plain.length - 1));
  const gap = plain.length > 1 ? room / (plain.length - 1) : 0;
  return plain.map((column, index) => ({ ...column, x: Math.round(plain.length > 1 ? gutter + index * gap : gutter + room / 2) }));
}

/** Width that the columns need; at least `width`. */
export const ladderWidth = (columns: readonly LadderColumn[], width: number, character = CHARACTER): number =>
  Math.max(width, (columns[columns.length - 1]?.x ?? 0) + gutterOf(width, columns.length, character));

/** The scope when the user has not chosen one: all, or with many hosts the connection of the moment at the playhead. */
export function defaultScope(story: Story, position: number): LadderScope {
  if (story.hosts.length <= MANY_HOSTS) return { type: 'all' };
  for (let index = Math.min(Math.ceil(position), story.moments.count) - 1; index >= 0; index--) {
    const { conn } = story.moments.at(index);
    if (conn !== null) return { type: 'connection', id: conn };
  }
  return story.connections.count > 0 ? { type: 'connection', id: story.connections.at(0).id } : { type: 'all' };
}

type PlainColumn = Omit<LadderColumn, 'x'>;

/** Where nothing is ours, as in a capture, it goes without saying that nobody is. */
const someOurs = (story: Story): boolean => story.roles.length > 0;

function columnsOfConnection(story: Story, connection: ConnectionModel, nameOf: (hostId: string) => string): PlainColumn[] {
  return [connection.client, connection.server].map((end) => {
    const host = story.host(end.host);
    return { host: end.host, title: host === null ? formatEndpoint(end.endpoint) : nameOf(host.id), detail: `:${end.endpoint.port}`, foreign: (host?.foreign ?? true) && someOurs(story) };
  });
}

function columnsOfAll(story: Story, nameOf: (hostId: string) => string): PlainColumn[] {
  const busy = story.hosts.length > MANY_HOSTS ? inTraffic(story) : null;
  const seen = busy === null ? story.hosts : story.hosts.filter((host) => busy.has(host.index));
  const shown = inFamilies(seen.length > 1 ? seen : story.hosts);
  const rank = rankOf(story);
  const hosts = [...shown].sort((one, other) => rank(one.index) - rank(other.index));
  return hosts.map((host) => {
    const title = nameOf(host.id);
    const detail = soleEndpoint(story, host.index) ?? host.address;
    return { host: host.index, title, detail: detail === title ? '' : detail, foreign: host.foreign && someOurs(story) };
  });
}

/** Connections that are looked at for whom relays ask. */
const LOOKED_AT = 1000;

/** 0: asks or is not ours, 1: stands between, 2: is asked, by a relay if it is not ours. */
function rankOf(story: Story): (host: HostIx) => 0 | 1 | 2 {
  const hostsOf = (kind: RoleKind): Set<HostIx> => new Set(story.roles.filter((role) => role.kind === kind).map((role) => role.host));
  const [servers, relays] = [hostsOf('server'), hostsOf('relay')];
  for (let index = 0; relays.size > 0 && index < Math.min(story.connections.count, LOOKED_AT); index++) {
    const { client, server } = story.connections.at(index);
    if (relays.has(client.host) && !relays.has(server.host)) servers.add(server.host);
  }
  return (host) => (servers.has(host) ? 2 : relays.has(host) ? 1 : 0);
}

/** In order of appearance, those of one family ('peer-2') beside each other by their numbers. */
function inFamilies<H extends { readonly id: string }>(hosts: readonly H[]): H[] {
  const placed = hosts.map((host) => {
    const [, stem = host.id, number = '0'] = /^(.*)-(\d+)$/u.exec(host.id) ?? [];
    return { host, stem, number: Number(number) };
  });
  const first = new Map<string, number>();
  for (const [place, { stem }] of placed.entries()) if (!first.has(stem)) first.set(stem, place);
  return placed.sort((a, b) => (first.get(a.stem) ?? 0) - (first.get(b.stem) ?? 0) || a.number - b.number).map(({ host }) => host);
}

/** Hosts that send or are sent anything: of many, the others would only make the ladder wide. */
function inTraffic(story: Story): ReadonlySet<HostIx> {
  const found = traffic.get(story) ?? { next: 0, hosts: new Set<HostIx>() };
  traffic.set(story, found);
  for (; found.next < story.segments.count; found.next++) {
    const { fromHost, toHost } = story.segments.at(found.next);
    found.hosts.add(fromHost).add(toHost);
  }
  return found.hosts;
}

/** What was found so far: segments only append. */
const traffic = new WeakMap<Story, { next: number; readonly hosts: Set<HostIx> }>();

/** `:port` of a host that has one endpoint only. */
function soleEndpoint(story: Story, host: HostIx): string | null {
  let port = 0;
  for (let index = 0; index < story.sockets.count; index++) {
    const socket = story.sockets.at(index);
    if (socket.host !== host || socket.local === null || socket.local.port === 0) continue;
    if (port !== 0 && port !== socket.local.port) return null;
    port = socket.local.port;
  }
  return port === 0 ? null : `:${port}`;
}
