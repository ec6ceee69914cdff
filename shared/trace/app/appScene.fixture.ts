// For tests of the application fold: scenes of the web with their parts at hand, and the fold of them.

import { must } from '../../base/assert';
import type { Random } from '../../base/random';
import { EVIDENCE_CODE, KIND_CODE } from '../event';
import { scenario, type Actor, type SceneOptions, type Scenario } from '../fixture';
import type { ListenEnd, TcpEnd } from '../fixtureTcp';
import { StoryBuilder } from '../fold';
import { LIMITS } from '../limits';
import { TraceStore } from '../store';
import type { Story } from '../story';
import { TraceWriter } from '../writer';
import { AppBuilder } from './appBuilder';
import type { AppStory } from './appStory';
import { appLadder } from './describeApp';

/** Ports of the web labs and what they stand for. */
export const SERVICES = [
  { protocol: 'tcp', port: 8080, wellKnown: 80 }, { protocol: 'tcp', port: 8443, wellKnown: 443 }, { protocol: 'udp', port: 8053, wellKnown: 53 },
  { protocol: 'tcp', port: 8053, wellKnown: 53 },
] as const;

export const webScene = (options: SceneOptions = {}): Scenario => scenario('web', '', { services: SERVICES, ...options });

export interface Dialled {
  readonly s: Scenario;
  readonly actors: { readonly client: Actor; readonly server: Actor };
  readonly listener: ListenEnd;
  readonly client: TcpEnd;
  readonly server: TcpEnd;
}

/** A server, a client and a connection between them. */
export function dialled(port: number, s: Scenario = webScene()): Dialled {
  const server = s.role('server', '127.0.40.1', 'server');
  const client = s.role('client', '127.0.40.2', 'client');
  const listener = server.listen(port);
  const end = must(client.connect({ address: '127.0.40.1', port }), 'connection');
  return { s, actors: { client, server }, listener, client: end, server: listener.accept() };
}

export interface Folded {
  readonly app: AppStory;
  readonly story: Story;
  readonly trace: TraceStore;
  readonly text: string;
}

export function folded(s: Scenario): Folded {
  const { trace, story } = s.told();
  const builder = new AppBuilder(trace, story);
  builder.advance();
  return { app: builder.app, story, trace, text: appLadder(builder.app, story) };
}

/** Everything that an application story says, as plain data: what is made when asked for too. */
export function wholeOf({ app, story, trace }: Omit<Folded, 'text'>): unknown {
  return {
    messages: app.messages.map((message) => ({
      ...message, source: null, fromHost: message.fromHost, toHost: message.toHost, segments: message.segments, bytes: app.bytes(message.id), fields: app.fields(message.id), opened: app.opened(message.id),
      exchange: app.exchangeOf(message.id)?.id, query: app.queryOf(message.id)?.id,
    })),
    exchanges: app.exchanges.map((exchange) => ({ ...exchange, bodies: [app.body(exchange.id, 'request'), app.body(exchange.id, 'response')] })),
    queries: [...app.queries], lookups: [...app.lookups], sessions: [...app.sessions], notes: [...app.notes],
    ofFacts: Array.from({ length: trace.count }, (_, seq) => app.messagesOfFact(seq)),
    ofSegments: Array.from({ length: story.segments.count }, (_, id) => app.messagesOfSegment(id)),
  };
}

/** The facts of a trace once more, in groups of random sizes, each folded before the next comes; `each` is told when one was. */
export function pieceByPiece(from: TraceStore, random: Random, biggest: number, each: (part: Omit<Folded, 'text'>) => void = () => undefined): Omit<Folded, 'text'> {
  const trace = new TraceStore();
  const writer = new TraceWriter((batch) => trace.append(batch), { ...LIMITS, payloadPreview: 500_000 });
  const builder = new StoryBuilder(trace);
  const apps = new AppBuilder(trace, builder.story);
  for (let seq = 0; seq < from.count;) {
    for (const end = Math.min(from.count, seq + 1 + random.below(biggest)); seq < end; seq++) {
      const fact = from.at(seq);
      const { columns, row } = from.locate(seq);
      const text = (column: 'local' | 'remote'): number => writer.intern(from.string(columns[column][row] as number));
      writer.write(
        fact.t, KIND_CODE[fact.kind], fact.role, fact.sock, fact.a, fact.b, writer.intern(fact.err), text('local'), text('remote'), fact.offset, fact.size,
        from.payload(seq).slice(), writer.intern(fact.text), EVIDENCE_CODE[fact.evidence],
      );
    }
    trace.append(writer.take());
    builder.advance();
    apps.advance();
    each({ trace, story: builder.story, app: apps.app });
  }
  return { trace, story: builder.story, app: apps.app };
}
