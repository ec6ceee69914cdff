// HTTP exchanges of an application story, of either version: rows that the dissectors write, and the objects that views read, made
// anew for those that have changed. How they end and where their time went follows from the messages and the connection.

import { micros, type RoleIx } from '../../base/brand';
import type { Story } from '../story';
import type { AppConn } from './appConn';
import type { HttpExchange, HttpMessage, HttpRequestHead, HttpResponseHead } from './appStory';
import { ExchangeRow, type PartRow, type RequestRow } from './exchangeRow';
import { exchangeTiming } from './exchangeTiming';
import type { MessageRow, MessageTable } from './messageTable';
import { ModelList } from './modelList';

export class ExchangeTable {
  readonly rows: ExchangeRow[] = [];
  private readonly models = new ModelList((row: ExchangeRow) => this.model(row));
  readonly list: readonly HttpExchange[] = this.models.list;
  /** Exchanges by connection, in order. */
  private readonly ofConn = new Map<number, ExchangeRow[]>();
  /** When a role said that it wants a URL, and has not asked for it yet. */
  private readonly wants = new Map<string, number>();

  constructor(private readonly messages: MessageTable, private readonly story: Story) {}

  add(conn: AppConn, stream: number | null, version: HttpExchange['version'], secure: boolean, request: RequestRow): ExchangeRow {
    const there = this.ofConn.get(conn.id) ?? [];
    const row = new ExchangeRow(this.rows.length, conn, stream, version, secure, request, there.length === 0);
    this.rows.push(row);
    there.push(row);
    this.ofConn.set(conn.id, there);
    this.touch(row);
    return row;
  }

  /** A program says that it is about to want this URL. */
  want(role: number, url: string, t: number): void {
    this.wants.set(`${role} ${url}`, t);
  }

  /** The head of its request is known. */
  asked(row: ExchangeRow): void {
    const role = this.roleOf(row.conn.clientSock);
    if (role === null) return;
    const key = `${role} ${row.request.head.url}`;
    row.wanted = this.wants.get(key) ?? null;
    this.wants.delete(key);
  }

  touch(row: ExchangeRow): void {
    this.models.touch(row);
  }

  /** Something happened to the connection: its exchanges that are not over may be. */
  connChanged(conn: AppConn): void {
    for (const row of this.ofConn.get(conn.id) ?? []) if (this.list[row.id]?.outcome !== 'complete') this.touch(row);
  }

  /** Everything that was said of its exchanges may have changed (a socket is known now). */
  connJoined(conn: AppConn): void {
    for (const row of this.ofConn.get(conn.id) ?? []) this.touch(row);
  }

  messageChanged(message: MessageRow): void {
    const row = this.rows[message.exchange];
    if (row !== undefined) this.touch(row);
  }

  /** Makes the objects of changed rows. */
  refresh(): void {
    this.models.refresh();
  }

  private model(row: ExchangeRow): HttpExchange {
    const clientRole = this.roleOf(row.conn.clientSock);
    const request = this.part(row.request);
    const response = row.response === null ? null : this.part(row.response);
    const outcome = this.outcome(row, request, response);
    return {
      id: row.id, conn: row.conn.id, stream: row.stream, version: row.version, secure: row.secure, clientRole, serverRole: this.roleOf(row.conn.serverSock),
      relayed: clientRole !== null && this.story.role(clientRole)?.kind === 'relay', request, interim: row.interim.map((one) => this.part(one)), response,
      timing: exchangeTiming(row, request, response, outcome), first: row.first, outcome,
    };
  }

  private part<H>(row: PartRow<H>): HttpMessage<H> {
    const first = this.messages.list[row.messages[0] ?? -1];
    const last = this.messages.list[row.messages[row.messages.length - 1] ?? -1];
    return {
      head: row.head, headers: row.headers, trailers: row.trailers, messages: row.messages, headSize: row.headSize, bodySize: row.bodySize, framing: row.framing,
      complete: row.complete, depart: first?.depart ?? micros(0), sent: last?.sent ?? micros(0), firstRead: first?.firstRead ?? null,
      arrive: row.complete ? (last?.arrive ?? null) : null,
    };
  }

  private outcome(row: ExchangeRow, request: HttpMessage<HttpRequestHead>, response: HttpMessage<HttpResponseHead> | null): HttpExchange['outcome'] {
    const { conn } = row;
    const clientIsOurs = conn.clientSock !== null;
    if (response !== null && response.complete && (response.arrive !== null || !clientIsOurs)) return 'complete';
    if (row.reset) return 'reset';
    const sentAll = response !== null && response.complete;
    const over = conn.broken || conn.clientClosed !== null || (!sentAll && (conn.serverClosed !== null || row.request.stream.ended && !request.complete || endedDown(row)));
    if (over) return conn.broken || this.story.connection(conn.id)?.outcome === 'reset' ? 'reset' : 'cut';
    if (!request.complete) return 'sending';
    return response === null || (clientIsOurs && response.firstRead === null) ? 'waiting' : 'receiving';
  }

  private roleOf(sock: AppConn['clientSock']): RoleIx | null {
    return sock === null ? null : (this.story.socket(sock)?.role ?? null);
  }
}

/** The server's direction has ended. */
function endedDown(row: ExchangeRow): boolean {
  const channel = row.secure ? row.conn.inner : row.conn.wire;
  return channel !== null && channel.down.ended;
}
