// For tests of the web's views: a scene whose sockets are the trace's own fixture, and beside it, by hand, the AppStory that its bytes
// mean. Says nothing about how an AppStory is derived; the fold has its own tests.

import { connId, eventSeq, hostIx, micros, roleIx, sockId, type Micros } from '../../../shared/base/brand';
import { concatBytes } from '../../../shared/base/bytes';
import { utf8Bytes } from '../../../shared/base/bytesText';
import type { FieldNode } from '../../../shared/codec/field';
import type { AppMessage, AppStory, BodyFraming, ExchangeTiming, Header, HttpExchange, HttpMessage, Span } from '../../../shared/trace/app/appStory';
import type { Note } from '../../../shared/trace/notes';
import { scenario, type Actor, type Scenario } from '../../../shared/trace/fixture';
import type { ListenEnd, TcpEnd } from '../../../shared/trace/fixtureTcp';
import { PacedAxis } from '../../timeline/pacing';

export interface Line {
  readonly conn: number;
  readonly client: TcpEnd;
  readonly server: TcpEnd;
  readonly connect: Span;
  used: boolean;
  up: number;
  down: number;
}

export interface Asked {
  readonly method?: string;
  readonly target: string;
  readonly headers?: readonly Header[];
  readonly body?: string | Uint8Array;
  readonly status?: number;
  readonly reason?: string;
  readonly answer?: readonly Header[];
  readonly answerBody?: string | Uint8Array;
  readonly framing?: BodyFraming;
  /** µs that the server takes before it answers, and between the pieces of the answer. */
  readonly wait?: number;
  /** Bytes of the answer in each send(); all at once without. */
  readonly pieces?: number;
  readonly relayed?: boolean;
}

const bytesOf = (given: string | Uint8Array | undefined): Uint8Array<ArrayBuffer> => (given === undefined ? new Uint8Array(0) : typeof given === 'string' ? utf8Bytes(given) : Uint8Array.from(given));
export const header = (name: string, value: string): Header => ({ name, value });
export const labels = { host: (id: string) => id, role: (id: string) => id };

export class WebScene {
  readonly scene: Scenario = scenario('http');
  readonly messages: AppMessage[] = [];
  readonly exchanges: HttpExchange[] = [];
  readonly notes: { seq: ReturnType<typeof eventSeq>; t: Micros; role: ReturnType<typeof roleIx>; note: Note }[] = [];
  private readonly raw: Uint8Array<ArrayBuffer>[] = [];
  private readonly trees = new Map<number, FieldNode>();
  private readonly bodies = new Map<string, Uint8Array<ArrayBuffer>>();
  private conns = 0;

  role = (id: string, address: string, kind: 'client' | 'server'): Actor => this.scene.role(id, address, kind);

  line(client: Actor, server: ListenEnd): Line {
    const start = micros(this.scene.now);
    const end = client.connect(server.endpoint);
    if (end === null) throw new Error('refused');
    return { conn: ++this.conns, client: end, server: server.accept(), connect: { start, end: micros(this.scene.now) }, used: false, up: 0, down: 0 };
  }

  note(role: number, note: Note): void {
    const t = micros(this.scene.now);
    this.notes.push({ seq: eventSeq(this.scene.fact('role.noted', { role, text: JSON.stringify(note) })), t, role: roleIx(role), note });
  }

  /** Sends bytes in pieces and lets the other end read each; the message that they are. */
  message(line: Line, dir: 'up' | 'down', bytes: Uint8Array, said: Partial<AppMessage> & { readonly pieces?: number; readonly gap?: number; readonly unread?: boolean }): AppMessage {
    const [from, to] = dir === 'up' ? [line.client, line.server] : [line.server, line.client];
    const size = said.pieces ?? bytes.length;
    let [sentSeq, arriveSeq] = [-1, -1];
    const [depart, first] = [micros(this.scene.now), { read: null as Micros | null }];
    let [sent, arrive] = [depart, null as Micros | null];
    for (let at = 0; at < bytes.length; at += size) {
      if (at > 0) this.scene.wait(said.gap ?? 0);
      sent = micros(this.scene.now);
      const seq = from.send(bytes.subarray(at, at + size));
      if (sentSeq < 0) sentSeq = seq;
      if (said.unread === true) continue;
      to.waits(bytes.length);
      arrive = micros(this.scene.now);
      to.recvReturns(bytes.length);
      first.read ??= arrive;
      arriveSeq = this.scene.trace().count - 1;
    }
    const start = dir === 'up' ? line.up : line.down;
    if (dir === 'up') line.up += bytes.length;
    else line.down += bytes.length;
    const { pieces: _pieces, gap: _gap, unread: _unread, ...given } = said;
    const message: AppMessage = {
      id: this.messages.length, protocol: 'http', kind: dir === 'up' ? 'request' : 'response', carrier: 'tcp', conn: connId(line.conn), dir, fromHost: hostIx(0), toHost: hostIx(0),
      fromSock: sockId(from.sock), toSock: sockId(to.sock), from: from.local, to: to.local, start, end: start + bytes.length, state: 'complete', why: '',
      depart, sent, firstRead: first.read, arrive, sentSeq: eventSeq(sentSeq), arriveSeq: arriveSeq < 0 ? null : eventSeq(arriveSeq), segments: [], summary: '', trouble: false, ...given,
    };
    this.messages.push(message);
    this.raw.push(Uint8Array.from(bytes));
    return message;
  }

  fieldsOf(message: number, tree: FieldNode): void {
    this.trees.set(message, tree);
  }

  /** The reads of a response, in order: when, and how many bytes of its body were there then. */
  private readonly reads = new Map<number, { readonly t: number; readonly body: number }[]>();

  /** An HTTP/1.1 exchange: its bytes over the line, both ways. */
  exchange(line: Line, asked: Asked): HttpExchange {
    const { method = 'GET', target, status = 200, reason = 'OK', wait = 1000 } = asked;
    const send = (start: string, headers: readonly Header[], body: Uint8Array): Uint8Array => concatBytes(utf8Bytes(`${start}\r\n${headers.map((one) => `${one.name}: ${one.value}\r\n`).join('')}\r\n`), body);
    const [requestBody, answerBody] = [bytesOf(asked.body), bytesOf(asked.answerBody)];
    const [headers, answer] = [asked.headers ?? [header('Host', 'web.test')], asked.answer ?? [header('Content-Length', String(answerBody.length))]];
    const id = this.exchanges.length;
    const up = this.message(line, 'up', send(`${method} ${target} HTTP/1.1`, headers, requestBody), { summary: `${method} ${target}` });
    this.scene.wait(wait);
    const chunked = asked.framing === 'chunked';
    const wire = chunked ? chunkedBytes(answerBody) : answerBody;
    const firstFact = this.scene.trace().count;
    const down = this.message(line, 'down', send(`HTTP/1.1 ${status} ${reason}`, answer, wire), { summary: `${status} ${reason}`, gap: wait, ...(asked.pieces === undefined ? {} : { pieces: asked.pieces }) });
    this.bodies.set(`${id} request`, requestBody);
    this.bodies.set(`${id} response`, answerBody);
    this.reads.set(id, this.readsAfter(firstFact, line.client.sock, down.end - wire.length, wire.length));
    const whole = <H>(head: H, message: AppMessage, list: readonly Header[], body: Uint8Array, wireSize: number, framing: BodyFraming): HttpMessage<H> => ({
      head, headers: list, trailers: [], messages: [message.id], headSize: message.end - message.start - wireSize, bodySize: body.length, framing, complete: true,
      depart: message.depart, sent: message.sent, firstRead: message.firstRead, arrive: message.arrive,
    });
    const timing: ExchangeTiming = {
      blocked: null, lookup: null, connect: line.used ? null : line.connect, tls: null, send: { start: up.depart, end: micros(up.sent + 1) },
      wait: down.firstRead === null ? null : { start: micros(up.sent + 1), end: down.firstRead }, receive: down.firstRead === null || down.arrive === null ? null : { start: down.firstRead, end: down.arrive },
    };
    const made: HttpExchange = {
      id, conn: connId(line.conn), stream: null, version: 'HTTP/1.1', secure: false, clientRole: roleIx(line.client.role), serverRole: roleIx(line.server.role), relayed: asked.relayed ?? false,
      request: whole({ method, target, url: `http://web.test${target}` }, up, headers, requestBody, requestBody.length, requestBody.length > 0 ? 'content-length' : 'none'),
      interim: [], response: whole({ status, reason }, down, answer, answerBody, wire.length, asked.framing ?? 'content-length'), timing, first: !line.used, outcome: 'complete',
    };
    line.used = true;
    this.exchanges.push(made);
    return made;
  }

  private readsAfter(first: number, sock: number, bodyAt: number, size: number): { readonly t: number; readonly body: number }[] {
    const trace = this.scene.trace();
    const facts = Array.from({ length: trace.count - first }, (_unused, at) => trace.at(first + at)).filter((fact) => fact.kind === 'bytes.received' && fact.sock === sock);
    return facts.map((fact) => ({ t: fact.t, body: Math.min(Math.max(fact.offset + fact.size - bodyAt, 0), size) }));
  }

  app(): AppStory {
    const { messages, exchanges, notes, raw, trees, bodies, reads } = this;
    return {
      version: 1, messages, exchanges, queries: [], lookups: [], sessions: [], notes,
      message: (id) => messages[id] ?? null,
      messagesOfFact: (seq) => messages.filter((one) => one.sentSeq === seq || one.arriveSeq === seq).map((one) => one.id),
      messagesOfSegment: () => [],
      bytes: (id) => raw[id] ?? null,
      fields: (id) => trees.get(id) ?? null,
      opened: () => null,
      body: (exchange, side) => {
        const bytes = bodies.get(`${exchange} ${side}`) ?? new Uint8Array(0);
        return { bytes, kept: bytes.length, size: bytes.length };
      },
      bodyRead: (exchange, t) => reads.get(exchange)?.findLast((read) => read.t <= t)?.body ?? 0,
      exchangeOf: (message) => exchanges.find((one) => one.request.messages.includes(message) || (one.response?.messages.includes(message) ?? false)) ?? null,
      queryOf: () => null, peerWords: () => null,
    };
  }

  /** What every view is given, with the playhead at the end. */
  props(given: Record<string, unknown> = {}) {
    const { story, trace } = this.scene.told();
    return {
      story, trace, version: story.version, position: story.moments.count, selection: { type: 'none' } as const, axis: new PacedAxis('each', story), reducedMotion: false, labels, app: this.app(), ...given,
    };
  }
}

/** The body in chunks of 5 bytes, and the last one. */
function chunkedBytes(body: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += 5) {
    const piece = body.subarray(at, at + 5);
    parts.push(utf8Bytes(`${piece.length.toString(16)}\r\n`), piece, utf8Bytes('\r\n'));
  }
  return concatBytes(...parts, utf8Bytes('0\r\n\r\n'));
}

/** A client, a server, and three exchanges: a page, a missing one on the same connection, and one with a form. */
export function threeExchanges(): WebScene {
  const web = new WebScene();
  const server = web.role('server', '127.0.30.1', 'server').listen(80);
  const client = web.role('client', '127.0.30.2', 'client');
  const line = web.line(client, server);
  web.exchange(line, {
    target: '/api/user', answer: [header('Content-Type', 'application/json; charset=utf-8'), header('Content-Length', '24'), header('ETag', '"1"')], answerBody: '{"id":7,"name":"Юна"}', pieces: 90,
  });
  web.exchange(line, { target: '/nowhere', status: 404, reason: 'Not Found', answer: [header('Content-Type', 'text/plain'), header('Transfer-Encoding', 'chunked')], answerBody: 'nothing here', framing: 'chunked' });
  web.exchange(web.line(client, server), {
    method: 'POST', target: "/it's", headers: [header('Host', 'web.test'), header('Content-Type', 'application/x-www-form-urlencoded'), header('Content-Length', '17')], body: 'a=1&b=%D1%8F+%26x', status: 302, reason: 'Found', answer: [header('Location', '/posts'), header('Content-Length', '0')],
  });
  return web;
}
