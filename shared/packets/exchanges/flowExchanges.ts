// The exchanges of one connection, out of the messages that its streams tell packet by packet: of HTTP/1 a request and the response that answers
// it, of HTTP/2 the frames of a stream put together. Interim responses (1xx) count to the waiting. Bodies are counted, not kept.

import { headerValue, isInterim, type HttpHead } from '../../codec/http/head';
import { FLAGS } from '../../codec/http2/names';
import type { PacketStreams } from '../dissection/flowStreams';
import type { HttpPart, Links, Message, Outcome } from '../dissection/streams/outcome';
import { between, momentOf } from '../dissection/times';
import type { PacketTable } from '../packetTable';
import type { StreamDir } from '../reassembly/tcpStream';
import { EXCHANGE_LIMITS, type Exchange, type MessagePackets } from './exchange';
import { Handshakes } from './handshakes';

type Http1 = Extract<HttpPart, { version: 1 }>;
type Http2 = Extract<HttpPart, { version: 2 }>;

interface Side {
  first: number;
  last: number;
  size: number;
  whole: boolean;
}

interface Draft extends Pick<Exchange, 'substream' | 'method' | 'host' | 'url' | 'tls'> {
  version: string;
  status: number | null;
  contentType: string;
  request: Side | null;
  response: Side | null;
  reset: boolean;
  /** HTTP/2: the packets with its frames, rising. */
  readonly framed: number[];
  readonly connected: MessagePackets | null;
  readonly secured: MessagePackets | null;
}

export interface FoundExchange {
  readonly exchange: Exchange;
  /** HTTP/2: the packets with its frames, rising; of others none. */
  readonly framed: readonly number[];
}

export class FlowExchanges {
  readonly #handshakes = new Handshakes();
  readonly #drafts: Draft[] = [];
  readonly #byLinks = new Map<Links, Draft>();
  /** HTTP/1: an answer to a request that is not whole yet, or not in the capture; by its level. */
  readonly #early = new Map<number, Draft>();
  /** HTTP/2: by the level and the number of the stream. */
  readonly #byStream = new Map<string, Draft>();
  /** A header block that goes on: where it began, and whether its frame ends the stream (RFC 9113 6.2). */
  readonly #block: Record<StreamDir, { readonly first: number; readonly ends: boolean } | null> = { up: null, down: null };
  /** Exchanges for which there was no room. */
  left = 0;
  /** HTTP was seen. */
  heard = false;

  /** `room`: exchanges that are kept. */
  constructor(private readonly table: PacketTable, private readonly flow: { readonly flow: number; readonly stream: number }, private readonly room: number) {}

  /** The next packet of the connection. */
  push(packet: number, { dir, outcome }: PacketStreams): void {
    const { chunk, row } = this.table.locate(packet);
    this.#handshakes.packet(packet, dir, chunk.flags[row] ?? 0);
    this.#items(outcome, false);
  }

  /** What had begun when the capture of the connection ended. */
  finish(outcome: Outcome): readonly FoundExchange[] {
    this.#items(outcome, true);
    return this.#drafts.map((draft) => ({ exchange: this.#exchange(draft), framed: draft.framed }));
  }

  #items(outcome: Outcome, cut: boolean): void {
    for (const item of outcome.items) {
      this.#handshakes.item(item, outcome.packet);
      if (item.kind !== 'message' || item.http === undefined) continue;
      this.heard = true;
      if (item.http.version === 1) this.#message(item, item.http, cut);
      else this.#frame(item, item.http, outcome.packet);
    }
  }

  #message({ links, level }: Message, { head, first, last, content, whole }: Http1, cut: boolean): void {
    const side: Side = { first, last, size: content, whole: whole && !cut };
    if (head.kind === 'request') {
      if (links === null) return;
      const about = { substream: null, version: head.version, method: head.method, host: hostOf(links.uri, head), url: links.uri === '' ? head.target : links.uri };
      const answered = this.#early.get(level);
      this.#early.delete(level);
      // It was answered before it was whole.
      if (answered !== undefined && first < (answered.response?.first ?? 0)) Object.assign(answered, bounded(about), { request: side });
      else {
        const draft = this.#begin(level, about, side);
        if (draft !== null) this.#byLinks.set(links, draft);
      }
      return;
    }
    if (isInterim(head)) return;
    const asked = links !== null && links.request !== null;
    const draft = asked ? this.#byLinks.get(links) : this.#begin(level, { substream: null, version: head.version, method: '', host: '', url: '' }, null);
    if (draft === null || draft === undefined) return;
    draft.status = head.status;
    draft.contentType = (headerValue(head.headers, 'content-type') ?? '').slice(0, EXCHANGE_LIMITS.contentType);
    draft.response = side;
    if (asked) this.#byLinks.delete(links);
    else if (!this.#early.has(level)) this.#early.set(level, draft);
  }

  #frame({ dir, level, role, links, segments }: Message, { frame: { frame, headers }, streamId }: Http2, packet: number): void {
    if (frame === null) return;
    const key = `${level}:${streamId}`;
    const draft = this.#byStream.get(key);
    const side = dir === 'up' ? draft?.request : draft?.response;
    const ends = (frame.flags & FLAGS.END_STREAM) !== 0;
    if (draft !== undefined) took(draft.framed, segments, packet);
    switch (frame.type) {
      case 'RST_STREAM':
        if (draft !== undefined) draft.reset = true;
        return;
      case 'DATA':
        if (side === undefined || side === null) return;
        Object.assign(side, { last: packet, size: side.size + frame.data.length, whole: side.whole || ends });
        return;
      case 'HEADERS': case 'PUSH_PROMISE': case 'CONTINUATION': break;
      default: return;
    }
    const begun = { first: segments[0]?.packet ?? packet, ends: frame.type === 'HEADERS' && ends };
    const block = frame.type === 'CONTINUATION' ? (this.#block[dir] ?? begun) : begun;
    this.#block[dir] = headers === null ? block : null;
    if (headers === null) return;
    const value = (name: string): string => headers.fields.find((field) => field.name === name)?.value ?? '';
    const fresh: Side = { first: block.first, last: packet, size: 0, whole: block.ends };
    if (role === 'request' && links !== null) {
      const url = links.uri === '' ? value(':path') : links.uri;
      // A promised request is whole (RFC 9113 8.4).
      const made = this.#begin(level, { substream: streamId, version: 'HTTP/2', method: value(':method'), host: value(':authority') || value('host'), url }, dir === 'up' ? fresh : { ...fresh, whole: true });
      if (made === null) return;
      took(made.framed, segments, packet);
      this.#byStream.set(key, made);
    } else if (role === 'response' && draft?.response === null) {
      const status = Number(value(':status'));
      if (status < 200) return;
      draft.status = status;
      draft.contentType = value('content-type').slice(0, EXCHANGE_LIMITS.contentType);
      draft.response = fresh;
    } else if (side !== undefined && side !== null) {
      // Trailers.
      side.last = packet;
      side.whole ||= block.ends;
    }
  }

  #begin(level: number, about: About, request: Side | null): Draft | null {
    // Also where there is no room: it is the first exchange that had to wait for them.
    const [connected, secured] = [this.#handshakes.takeConnect(), this.#handshakes.takeTls(level)];
    if (this.#drafts.length >= this.room) {
      this.left++;
      return null;
    }
    const draft: Draft = { ...bounded(about), tls: level > 0, status: null, contentType: '', request, response: null, reset: false, framed: [], connected, secured };
    this.#drafts.push(draft);
    return draft;
  }

  #exchange({ connected, secured, request, response, reset, ...about }: Draft): Exchange {
    const lasted = (first: number | undefined, last: number | undefined): number | null => (first === undefined || last === undefined ? null : Math.max(0, between(momentOf(this.table, first), momentOf(this.table, last))));
    const { version, substream, tls, method, host, url, status, contentType } = about;
    // A server may answer before it has heard all.
    const early = request !== null && response !== null && response.first < request.last;
    return {
      ...this.flow, substream, version, tls, method, host, url, status, contentType, requestSize: request?.size ?? 0, size: response?.size ?? null, request: packetsOf(request), response: packetsOf(response),
      start: between(momentOf(this.table, 0), momentOf(this.table, request?.first ?? response?.first ?? 0)),
      phases: {
        connect: lasted(connected?.first, connected?.last), tls: lasted(secured?.first, secured?.last), send: lasted(request?.first, early ? response?.first : request?.last),
        wait: early ? 0 : lasted(request?.last, response?.first), receive: lasted(response?.first, response?.last),
      },
      outcome: response?.whole === true ? 'complete' : reset ? 'reset' : response === null ? 'unanswered' : 'cut',
    };
  }
}

/** A frame came in these packets. */
function took(framed: number[], segments: Message['segments'], packet: number): void {
  for (const one of segments) if (one.packet > (framed.at(-1) ?? -1)) framed.push(one.packet);
  if (packet > (framed.at(-1) ?? -1)) framed.push(packet);
}

type About = Pick<Draft, 'substream' | 'version' | 'method' | 'host' | 'url'>;
const bounded = (about: About): About => ({ ...about, method: about.method.slice(0, EXCHANGE_LIMITS.method), host: about.host.slice(0, EXCHANGE_LIMITS.host), url: about.url.slice(0, EXCHANGE_LIMITS.url) });
const packetsOf = (side: Side | null): MessagePackets | null => (side === null ? null : { first: side.first, last: side.last });

/** RFC 9110 7.2: who is asked, of the URI where it is whole, else of Host. */
function hostOf(uri: string, head: HttpHead): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(uri)?.[1] ?? headerValue(head.headers, 'host') ?? '';
}
