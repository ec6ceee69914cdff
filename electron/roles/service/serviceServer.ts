// A small HTTP service by hand over accept(), recv() and send(): GET /time takes a worker for a while and says who answered, GET /health
// takes none, GET /headers shows what came. Can hang (no call is made any more; the kernel goes on shaking hands) and reset.

import { keepsAlive } from '../../../shared/codec/http/body';
import type { RequestHead } from '../../../shared/codec/http/head';
import { HttpStreamReader } from '../../../shared/codec/http/reader';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import { errnoOf } from '../errno';
import type { StreamSocket } from '../host';
import { bodySize, isBodiless, notAllowed, reasonOf, splitTarget, textAnswer, wholeBody, type HttpAnswer } from '../http/message';
import type { RoleContext } from '../lab';
import { encode } from '../text';
import { IDLE, MAX_BODY, MAX_CONNECTIONS, MAX_HEAD, MAX_WAITING, RECV_SIZE } from './bounds';
import { Gate } from './gate';
import { Workers } from './workers';

export interface ServiceOptions {
  readonly port: number;
  /** ms that a worker is busy with one request. */
  readonly serviceTime: number;
  readonly workers: number;
  /** False: every answer ends its connection. */
  readonly keepAlive: boolean;
}

/** The header that says which program answered: on what a worker did, not on errors. */
export const SERVED_BY = 'X-Served-By';

interface Request {
  readonly head: RequestHead;
  readonly wants: 'answer' | 'too-large';
}

export class ServiceServer {
  private readonly gate: Gate;
  private readonly workers: Workers;
  private readonly open = new Set<StreamSocket>();
  private resets = false;

  constructor(private readonly role: RoleContext, private readonly options: ServiceOptions) {
    this.gate = new Gate(role.signal);
    this.workers = new Workers(options.workers, MAX_WAITING);
  }

  /** Serves until the role ends. Rejects with the system's error when it cannot listen (EADDRINUSE). */
  async run(): Promise<void> {
    const { role } = this;
    const listening = await role.host.net.listen({ port: this.options.port });
    role.signal.addEventListener('abort', () => {
      listening.close();
      for (const socket of this.open) socket.close();
    }, { once: true });
    role.listening({ protocol: 'tcp', ...listening.endpoint });
    for (;;) {
      await this.gate.pass();
      const socket = await listening.accept().catch(() => null);
      if (socket === null) return; // closed: the role ends
      if (this.open.size >= MAX_CONNECTIONS) socket.abort();
      else void this.serve(socket);
    }
  }

  get hangs(): boolean {
    return this.gate.isShut;
  }

  /** From now on it calls nothing: neither accept() nor recv() nor send(). The system keeps its sockets open. */
  hang(): void {
    this.role.print('hangs: accept(), recv() and send() are called no more');
    this.role.note({ topic: 'service.state', what: 'hangs' });
    this.gate.shut();
  }

  resume(): void {
    this.gate.open();
    this.resets = false;
    this.role.print('goes on');
    this.role.note({ topic: 'service.state', what: 'answers' });
  }

  /** From now on every request is answered with RST, and those who are connected get one at once. */
  reset(): void {
    this.role.print('resets every connection');
    this.role.note({ topic: 'service.state', what: 'resets' });
    this.resets = true;
    for (const socket of this.open) socket.abort();
  }

  private async serve(socket: StreamSocket): Promise<void> {
    this.open.add(socket);
    socket.setNoDelay(true);
    try {
      await this.converse(socket);
    } catch (error) {
      // What we closed ourselves is no news.
      if (!this.role.signal.aborted && !socket.closed) this.role.print(`${formatEndpoint(socket.remote)} ${errnoOf(error)}`);
    } finally {
      this.open.delete(socket);
      socket.close();
    }
  }

  /** Request after request, until somebody has enough. Rejects with the system's errors. */
  private async converse(socket: StreamSocket): Promise<void> {
    const requests = new Requests();
    for (;;) {
      const request = requests.next();
      if (request === 'malformed') return this.say(socket, null, textAnswer(400, 'This is no HTTP/1 request.\n'), false);
      if (request === 'large-head') return this.say(socket, null, textAnswer(431, `A head has at most ${MAX_HEAD} bytes here.\n`), false);
      if (request === null) {
        await this.gate.pass();
        const bytes = await this.receive(socket);
        if (bytes.length === 0) return;
        requests.push(bytes);
        continue;
      }
      if (this.resets) return socket.abort();
      const keep = this.options.keepAlive && request.wants === 'answer' && keepsAlive(request.head);
      const answer = request.wants === 'answer' ? await this.answer(socket, request.head) : textAnswer(413, `A body has at most ${MAX_BODY} bytes here.\n`);
      await this.gate.pass();
      if (socket.closed) return;
      await this.say(socket, request.head.method, answer, keep);
      if (!keep) return;
    }
  }

  private async receive(socket: StreamSocket): Promise<Uint8Array> {
    const timer = setTimeout(() => socket.close(), IDLE);
    try {
      return await socket.recv(RECV_SIZE);
    } finally {
      clearTimeout(timer);
    }
  }

  private async answer(socket: StreamSocket, { method, target, headers }: RequestHead): Promise<HttpAnswer> {
    const { path } = splitTarget(target);
    if (path !== '/time' && path !== '/health' && path !== '/headers') return textAnswer(404, 'Ask for /time, /health or /headers.\n');
    if (method !== 'GET' && method !== 'HEAD') return notAllowed(['GET', 'HEAD']);
    const by = [[SERVED_BY, this.role.id]] as const;
    if (path === '/health') return textAnswer(200, 'ok\n', by);
    if (path === '/headers') return textAnswer(200, `${formatEndpoint(socket.remote)}\n${headers.map(({ name, value }) => `${name}: ${value}\n`).join('')}`, by);
    const { serviceTime } = this.options;
    const done = await this.workers.run(async () => {
      if (serviceTime > 0) await this.role.sleep(serviceTime);
      return textAnswer(200, `${new Date().toISOString()} ${this.role.id}\n`, by);
    });
    // Nobody worked on it: it does not say who did.
    return done ?? textAnswer(503, `${MAX_WAITING} requests wait already.\n`, [['Retry-After', '1']]);
  }

  private async say(socket: StreamSocket, method: string | null, answer: HttpAnswer, keep: boolean): Promise<void> {
    const lines = [['Date', new Date().toUTCString()], ...answer.headers, ['Content-Length', String(bodySize(answer))], ['Connection', keep ? 'keep-alive' : 'close']];
    const head = encode(`HTTP/1.1 ${answer.status} ${reasonOf(answer.status)}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
    await socket.sendAll(isBodiless(answer.status, method ?? '') ? head : Buffer.concat([head, wholeBody(answer)]));
  }
}

/** Requests out of a connection's bytes; bodies are measured and thrown away. */
class Requests {
  private readonly reader = new HttpStreamReader({ kind: 'request' });
  private readonly ready: (Request | 'malformed' | 'large-head')[] = [];
  private head: RequestHead | null = null;
  private headBytes = 0;
  private bodyBytes = 0;

  next(): Request | 'malformed' | 'large-head' | null {
    return this.ready.shift() ?? null;
  }

  push(bytes: Uint8Array): void {
    this.headBytes += bytes.length;
    for (const event of this.reader.push(bytes)) {
      if (event.type === 'malformed' || event.type === 'handover') this.ready.push('malformed');
      else if (event.type === 'head' && event.head.kind === 'request') {
        this.head = event.head;
        this.headBytes = 0;
        this.bodyBytes = 0;
      } else if (event.type === 'body' && this.head !== null) {
        this.bodyBytes += event.end - event.start;
        this.headBytes = 0;
        // Not read to its end: the answer says why, and the connection ends.
        if (this.bodyBytes > MAX_BODY) this.finish('too-large');
      } else if (event.type === 'end') this.finish('answer');
    }
    if (this.head === null && this.headBytes > MAX_HEAD && this.ready.length === 0) this.ready.push('large-head');
  }

  private finish(wants: Request['wants']): void {
    if (this.head !== null) this.ready.push({ head: this.head, wants });
    this.head = null;
    this.headBytes = 0;
  }
}
