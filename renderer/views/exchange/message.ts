// How much of a request or a response has come when the playhead stands somewhere: its head or not, and how many bytes of its body.
// Pure: (app, story, trace, message) in. Which bytes of an HTTP/1 message are body and which are chunk framing is chunks.ts's.

import { micros } from '../../../shared/base/brand';
import type { AppMessage, AppStory, HttpExchange, HttpMessage } from '../../../shared/trace/app/appStory';
import type { TraceStore } from '../../../shared/trace/store';
import type { Story } from '../../../shared/trace/story';
import { hasHappened, timeAt } from '../../timeline/happened';
import { chunksOf, type Chunk } from './chunks';

export type Side = 'request' | 'response';

export interface Progress {
  /** 'none': nothing was sent yet; 'sent': on its way, nothing read; 'head': part of the head was read; 'body': all of the head; 'whole': everything. */
  readonly state: 'none' | 'sent' | 'head' | 'body' | 'whole';
  /** Bytes of the body that are here. */
  readonly body: number;
  /** Chunks of the body that are here; null when it is not chunked. */
  readonly chunks: readonly Chunk[] | null;
}

const NOTHING: Progress = { state: 'none', body: 0, chunks: null };

/** How far a side of an exchange has come. */
export function progressOf(app: AppStory, story: Story, trace: TraceStore, exchange: HttpExchange, side: Side, position: number): Progress {
  const said = side === 'request' ? exchange.request : exchange.response;
  if (said === null) return NOTHING;
  const messages = said.messages.flatMap((id) => app.message(id) ?? []);
  const first = messages[0];
  if (first === undefined || !hasHappened(story, position, first.sentSeq, first.depart)) return NOTHING;
  const come = exchange.stream === null ? ofMessage(app, story, trace, said, first, position) : ofFrames(app, story, said, messages, position);
  // Of a response the story itself knows how much the client had read.
  if (side === 'request' || come.state !== 'body') return come;
  return { ...come, body: Math.min(app.bodyRead(exchange.id, micros(timeAt(story, Math.floor(position)))), said.bodySize) };
}

function ofMessage(app: AppStory, story: Story, trace: TraceStore, said: HttpMessage<unknown>, message: AppMessage, position: number): Progress {
  const came = readOf(story, trace, message, position);
  const bytes = said.framing === 'chunked' ? app.bytes(message.id) : null;
  // Of a message whose bytes nobody kept, its chunks are not known.
  const chunks = bytes === null ? null : chunksOf(bytes, said.headSize);
  const here = chunks === null ? null : chunks.filter((chunk) => chunk.at <= came);
  if (came === 0) return { state: 'sent', body: 0, chunks: here };
  if (came < said.headSize) return { state: 'head', body: 0, chunks: here };
  const size = message.end - message.start;
  if (came >= size && said.complete) return { state: 'whole', body: said.bodySize, chunks };
  const body = here === null ? came - said.headSize : here.reduce((sum, chunk) => sum + Math.min(Math.max(came - chunk.at, 0), chunk.size), 0);
  return { state: 'body', body: Math.min(body, said.bodySize), chunks: here };
}

/** HTTP/2: the frames that have been read. DATA is type 0; its padding is no body (RFC 9113 6.1). */
function ofFrames(app: AppStory, story: Story, said: HttpMessage<unknown>, messages: readonly AppMessage[], position: number): Progress {
  const come = messages.filter((frame) => (frame.toSock === null ? hasHappened(story, position, frame.sentSeq, frame.sent) : hasHappened(story, position, frame.arriveSeq, frame.arrive)));
  if (come.length === 0) return { state: 'sent', body: 0, chunks: null };
  if (come.length === messages.length && said.complete) return { state: 'whole', body: said.bodySize, chunks: null };
  const body = come.reduce((sum, frame) => sum + dataSize(app.bytes(frame.id), frame.end - frame.start), 0);
  return { state: 'body', body: Math.min(body, said.bodySize), chunks: null };
}

const FRAME_HEADER = 9;
function dataSize(bytes: Uint8Array | null, size: number): number {
  if (bytes === null || bytes[3] !== 0) return 0;
  const padding = ((bytes[4] ?? 0) & 0x8) === 0 ? 0 : 1 + (bytes[FRAME_HEADER] ?? 0);
  return Math.max(size - FRAME_HEADER - padding, 0);
}

/** Bytes of the message that were read at its other end; that were sent to a program that is not ours. */
function readOf(story: Story, trace: TraceStore, message: AppMessage, position: number): number {
  const size = message.end - message.start;
  if (message.toSock === null) return hasHappened(story, position, null, message.sent) ? size : 0;
  if (message.arrive !== null && hasHappened(story, position, message.arriveSeq, message.arrive)) return size;
  const seq = lastFact(story, position);
  if (seq === null || message.conn === null || message.firstRead === null || message.firstRead > timeAt(story, Math.floor(position))) return 0;
  const stream = story.connection(message.conn)?.[message.dir];
  const read = message.carrier === 'tls' ? plaintextRead(story, trace, message.toSock, seq) : (stream?.receivedAt(seq) ?? 0);
  return Math.min(Math.max(read - message.start, 0), size);
}

/** The last fact that has happened. */
function lastFact(story: Story, position: number): number | null {
  for (let index = Math.min(Math.floor(position), story.moments.count) - 1; index >= 0; index--) {
    const { seq } = story.moments.at(index);
    if (seq !== null) return seq;
  }
  return null;
}

/** Bytes of plaintext that a program had read from its TLS when fact `seq` had happened. */
function plaintextRead(story: Story, trace: TraceStore, sock: Parameters<Story['socket']>[0], seq: number): number {
  const facts = story.socket(sock)?.facts;
  for (let index = (facts?.length ?? 0) - 1; facts !== undefined && index >= 0; index--) {
    const fact = facts.at(index);
    if (fact > seq || trace.kind(fact) !== 'plaintext.received') continue;
    const { offset, size } = trace.at(fact);
    return offset + size;
  }
  return 0;
}
