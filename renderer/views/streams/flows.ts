// What can be chosen to be laid on the ruler: TCP connections, and pairs of sockets that exchange datagrams; and which of them is shown when
// nobody has picked one. Pure.

import { connId, type HostIx } from '../../../shared/base/brand';
import { formatEndpoint, isPath } from '../../../shared/trace/endpoint';
import type { AppStory } from '../../../shared/trace/app/appStory';
import type { TraceStore } from '../../../shared/trace/store';
import type { Segment, Selection, Story } from '../../../shared/trace/story';
import { connectionAt, connectionOfSelection } from '../../timeline/chosenConnection';
import { datagramRuler, toForeign } from './datagrams';
import { rulersOf, type Ruler } from './ruler';

/** Connections, and pairs of datagram sockets, that are offered; segments that are looked through for such pairs. */
const OFFERED = 200;
const LOOKED = 200_000;

export interface Flow {
  /** 'c3': a connection; 'u127.0.0.1:1 127.0.0.2:2': datagrams between two. */
  readonly key: string;
  readonly transport: 'tcp' | 'udp';
  /** AF_UNIX: a stream like TCP's, without TCP. */
  readonly local?: boolean;
  readonly number: number;
  readonly client: HostIx;
  readonly server: HostIx;
  /** Where the client is. */
  readonly at: string;
  /** Of datagrams. */
  readonly segments: readonly Segment[];
}

const pairKey = (a: string, b: string): string => `u${[a, b].sort().join(' ')}`;

/** Pairs of sockets that exchange datagrams, in order of their first. */
export function datagramFlows(story: Story): readonly Flow[] {
  const flows = new Map<string, Flow & { readonly segments: Segment[] }>();
  for (let id = 0; id < Math.min(story.segments.count, LOOKED); id++) {
    if (story.segmentKind(id) !== 'datagram') continue;
    const segment = story.segments.at(id);
    const key = keyOfDatagram(segment);
    const known = flows.get(key);
    if (known !== undefined) known.segments.push(segment);
    else if (flows.size < OFFERED) flows.set(key, { key, transport: 'udp', number: flows.size + 1, client: segment.fromHost, server: segment.toHost, at: formatEndpoint(segment.from), segments: [segment] });
  }
  for (const { segments } of flows.values()) segments.sort((a, b) => a.depart - b.depart);
  return [...flows.values()];
}

const keyOfDatagram = (segment: Segment): string => pairKey(formatEndpoint(segment.from), formatEndpoint(segment.to));

export function connectionFlow(story: Story, id: number): Flow | null {
  const conn = story.connection(connId(id));
  return conn === null ? null : { key: `c${id}`, transport: 'tcp', number: id, client: conn.client.host, server: conn.server.host, at: formatEndpoint(conn.client.endpoint), local: isPath(conn.server.endpoint.address), segments: [] };
}

/** Those that the picker offers. */
export function offeredFlows(story: Story, datagrams: readonly Flow[]): readonly Flow[] {
  const connections = Array.from({ length: Math.min(story.connections.count, OFFERED) }, (_, at) => connectionFlow(story, story.connections.at(at).id)).filter((flow) => flow !== null);
  return [...connections, ...datagrams];
}

/** What the selection is about, else what happened last; null: nothing yet. */
export function followedFlow(story: Story, app: AppStory, selection: Selection, position: number, datagrams: readonly Flow[]): Flow | null {
  const chosen = connectionOfSelection(story, app, selection);
  if (chosen !== null) return connectionFlow(story, chosen);
  if (datagrams.length > 0) {
    const selected = datagrams.find((flow) => flow.segments.some((segment) => isSelected(segment, selection)));
    if (selected !== undefined) return selected;
  }
  const conn = connectionAt(story, position);
  if (conn !== null || datagrams.length === 0) return conn === null ? null : connectionFlow(story, conn);
  const now = position >= 1 ? story.momentTime(Math.min(Math.floor(position), story.moments.count) - 1) : Number.NEGATIVE_INFINITY;
  return datagrams.findLast((flow) => (flow.segments[0]?.depart ?? 0) <= now) ?? datagrams[0] ?? null;
}

const isSelected = ({ id, sentSeq, receivedSeq, fromSock, toSock }: Segment, selection: Selection): boolean =>
  (selection.type === 'segment' && selection.id === id) || (selection.type === 'fact' && (selection.seq === sentSeq || selection.seq === receivedSeq)) || (selection.type === 'socket' && (selection.id === fromSock || selection.id === toSock));

/** Its two directions; for datagrams the second only when there is one. */
export function rulersOfFlow(story: Story, trace: TraceStore, app: AppStory, flow: Flow): readonly Ruler[] {
  if (flow.transport === 'tcp') {
    const conn = story.connection(connId(flow.number));
    return conn === null ? [] : rulersOf(story, trace, app, conn);
  }
  const up = flow.segments.filter((segment) => formatEndpoint(segment.from) === flow.at);
  const down = flow.segments.filter((segment) => formatEndpoint(segment.from) !== flow.at);
  const foreign = toForeign(story);
  return [datagramRuler(trace, up, 'up', foreign), datagramRuler(trace, down, 'down', foreign)];
}
