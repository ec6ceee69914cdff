// DNS of an application story: messages in datagrams and streams, queries with their answers, and the lookups that resolvers tell of in
// notes. Pairs by transaction id, question and both ends (RFC 5452 3); which retransmission an answer is to, by what had arrived.

import type { RoleIx } from '../../base/brand';
import { decodeMessage, flagsOf } from '../../codec/dns/message';
import { fullRcode, type DnsMessage } from '../../codec/dns/records';
import { rcodeText, typeText } from '../../codec/dns/types';
import { formatEndpoint } from '../endpoint';
import type { Endpoint } from '../event';
import type { Story } from '../story';
import type { AppMessage, DnsExchange } from './appStory';
import { addressesOf, answersTo, answerText, plainName, questionText, recordText, resultOf } from './dnsText';
import type { Lookups } from './lookups';
import type { MessageRow, MessageTable } from './messageTable';
import { ModelList } from './modelList';

class QueryRow {
  answer: MessageRow | null = null;
  told: DnsMessage | null = null;
  /** A relay received it and passed it on to nobody. */
  lost = false;
  dirty = false;

  constructor(
    readonly id: number, readonly message: MessageRow, readonly transport: 'udp' | 'tcp', readonly transaction: number,
    /** Null when it is malformed behind its header. */
    readonly asked: DnsMessage | null, readonly lookup: number | null,
  ) {}
}

/** A message as it lies in a datagram or a stream. */
export interface DnsCarried {
  readonly transport: 'udp' | 'tcp';
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** The role that sent it; null when it is not ours. */
  readonly role: RoleIx | null;
  /** The fact that carried its first byte. */
  readonly seq: number;
  readonly t: number;
  /** True when it goes to a port where DNS is served. */
  readonly toServer: boolean;
}

export class DnsFold {
  private readonly models = new ModelList((row: QueryRow) => this.model(row));
  readonly list: readonly DnsExchange[] = this.models.list;
  private readonly rows: QueryRow[] = [];
  /** Queries without an answer, by transport, ends and transaction. */
  private readonly open = new Map<string, QueryRow[]>();

  constructor(private readonly messages: MessageTable, private readonly lookups: Lookups, private readonly story: Story) {}

  /** Fills in a message of DNS whose bytes are whole. `row` makes it, told its kind and its way. */
  take(bytes: Uint8Array, carried: DnsCarried, make: (kind: 'query' | 'answer') => MessageRow | null): MessageRow | null {
    const decoded = decodeMessage(bytes);
    const flags = bytes.length >= 4 ? flagsOf(((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)) : null;
    const isAnswer = flags === null ? !carried.toServer : flags.qr;
    const row = make(isAnswer ? 'answer' : 'query');
    if (row === null) return null;
    const message = 'error' in decoded ? null : decoded;
    row.state = 'error' in decoded ? 'malformed' : 'complete';
    row.why = 'error' in decoded ? decoded.error : '';
    row.summary = message === null ? 'malformed' : isAnswer ? answerText(message) : questionText(message) || 'no question';
    row.trouble = message === null || (isAnswer && fullRcode(message) !== 0);
    const header = 'error' in decoded ? decoded.header : decoded;
    if (header === null) return row;
    if (!isAnswer) this.query(row, carried, header.id, message);
    else if (message !== null) this.answer(row, carried, message);
    return row;
  }

  private query(row: MessageRow, carried: DnsCarried, transaction: number, asked: DnsMessage | null): void {
    const lookup = carried.role === null ? null : this.lookups.queried(carried.role, transaction, this.rows.length);
    const query = new QueryRow(this.rows.length, row, carried.transport, transaction, asked, lookup);
    row.query = query.id;
    this.rows.push(query);
    this.touch(query);
    const key = keyOf(carried.transport, carried.from, carried.to, transaction);
    const there = this.open.get(key);
    if (there === undefined) this.open.set(key, [query]);
    else there.push(query);
    if (carried.role !== null && asked !== null) this.lookups.asked(carried.role, asked.questions[0]?.name ?? '', carried.t);
  }

  private answer(row: MessageRow, carried: DnsCarried, told: DnsMessage): void {
    const key = keyOf(carried.transport, carried.to, carried.from, told.id);
    const there = this.open.get(key) ?? [];
    const fitting = there.filter((query) => query.asked === null || answersTo(query.asked, told));
    // The first that had come to the server by then; where the server is not ours, nobody knows: the last.
    const query = fitting.find((one) => this.hadArrived(one, carried.seq)) ?? fitting[fitting.length - 1];
    if (query === undefined) return;
    there.splice(there.indexOf(query), 1);
    if (there.length === 0) this.open.delete(key);
    query.answer = row;
    query.told = told;
    row.query = query.id;
    this.touch(query);
  }

  private hadArrived(query: QueryRow, seq: number): boolean {
    if (query.lost) return false;
    const { line, segment } = query.message;
    if (line !== null) return true;
    const received = this.story.segments.at(segment).receivedSeq;
    return received !== null && received <= seq;
  }

  /** A relay lost this message: what it asks, nobody answers. */
  lost(row: MessageRow): void {
    const query = this.rows[row.query];
    if (query !== undefined && query.message === row) query.lost = true;
  }

  /** A message has changed. */
  messageChanged(row: MessageRow): void {
    const query = this.rows[row.query];
    if (query !== undefined) this.touch(query);
  }

  of(id: number): DnsExchange | null {
    return this.list[id] ?? null;
  }

  private touch(row: QueryRow): void {
    this.models.touch(row);
  }

  /** Makes the objects of changed rows. */
  refresh(): void {
    this.models.refresh();
  }

  private model(row: QueryRow): DnsExchange {
    const query = this.messages.list[row.message.id] as AppMessage;
    const answer = row.answer === null ? null : (this.messages.list[row.answer.id] as AppMessage);
    const { asked, told } = row;
    const question = asked?.questions[0];
    return {
      id: row.id, query: query.id, answer: answer?.id ?? null, transport: row.transport, transaction: row.transaction,
      name: question === undefined ? '' : plainName(question.name), type: question === undefined ? '' : typeText(question.type),
      recursionDesired: asked?.flags.rd ?? false,
      clientRole: this.roleOf(query.fromSock ?? answer?.toSock ?? null), serverRole: this.roleOf(query.toSock ?? answer?.fromSock ?? null),
      rcode: told === null ? null : rcodeText(fullRcode(told)), authoritative: told?.flags.aa ?? false, truncated: told?.flags.tc ?? false,
      result: told === null ? 'none' : resultOf(told),
      records: told === null ? [] : recordsOf(told),
      depart: query.depart, arrive: answer === null ? null : (answer.arrive ?? (answer.toSock === null ? answer.sent : null)), lookup: row.lookup,
    };
  }

  private roleOf(sock: AppMessage['fromSock']): RoleIx | null {
    return sock === null ? null : (this.story.socket(sock)?.role ?? null);
  }

  /** The answer to a query has come to its client: what it learnt, and when. */
  learned(row: MessageRow, t: number, role: RoleIx): void {
    const query = this.rows[row.query];
    if (query === undefined || query.told === null || query.answer !== row) return;
    this.lookups.learned(role, query.told.questions[0]?.name ?? '', addressesOf(query.told), query.id, t);
  }
}

const keyOf = (transport: string, client: Endpoint, server: Endpoint, transaction: number): string =>
  `${transport} ${formatEndpoint(client)} ${formatEndpoint(server)} ${transaction}`;

function recordsOf(told: DnsMessage): DnsExchange['records'] {
  const section = (name: 'answer' | 'authority' | 'additional', records: DnsMessage['answers']): DnsExchange['records'] =>
    records.filter(({ data }) => data.type !== 'OPT').map((record) => ({ section: name, text: recordText(record) }));
  return [...section('answer', told.answers), ...section('authority', told.authorities), ...section('additional', told.additionals)];
}
