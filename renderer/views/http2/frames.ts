// The frames of one HTTP/2 connection as the lanes need them: type, stream, flags, size, and the exchange that they serve. Pure; the first
// nine bytes are read here (RFC 9113 4.1), all else is the codec's and comes as a field tree.

import type { ConnId } from '../../../shared/base/brand';
import { readUint } from '../../../shared/base/bytes';
import { FRAME_HEAD } from '../../../shared/codec/http2/frame';
import { FLAGS, FRAME_NAMES } from '../../../shared/codec/http2/names';
import type { AppMessage, AppStory } from '../../../shared/trace/app/appStory';

export interface FrameHead {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly reserved: boolean;
  readonly stream: number;
}

export interface Frame {
  readonly message: AppMessage;
  /** 'HEADERS'; 'PREFACE' for the client's first bytes; '?' when its type is not known (yet). */
  readonly name: string;
  readonly stream: number;
  /** Null for the preface and for what has not nine bytes. */
  readonly head: FrameHead | null;
  /** Bytes with the header. */
  readonly size: number;
  readonly endStream: boolean;
  readonly ack: boolean;
}

/** The nine bytes that begin each frame; null when they are not all there. */
export function frameHead(bytes: Uint8Array | null): FrameHead | null {
  if (bytes === null || bytes.length < FRAME_HEAD) return null;
  const last = readUint(bytes, 5, 4);
  return { length: readUint(bytes, 0, 3), type: bytes[3] ?? 0, flags: bytes[4] ?? 0, reserved: last >= 0x8000_0000, stream: last % 0x8000_0000 };
}

/** What is known of a frame does not change once it is complete, and its bytes cost a copy: kept for as long as the story. */
const known = new WeakMap<AppStory, Map<number, Frame>>();

function frameOf(app: AppStory, message: AppMessage): Frame {
  const frames = known.get(app) ?? new Map<number, Frame>();
  known.set(app, frames);
  const before = frames.get(message.id);
  if (before?.message === message) return before;
  const frame = before !== undefined && before.message.state === 'complete' ? { ...before, message } : read(app, message);
  frames.set(message.id, frame);
  return frame;
}

function read(app: AppStory, message: AppMessage): Frame {
  const size = message.end - message.start;
  if (message.kind === 'preface') return { message, name: 'PREFACE', stream: 0, head: null, size, endStream: false, ack: false };
  const head = frameHead(app.bytes(message.id));
  // Where the trace does not keep the bytes, the summary still says it: 'DATA[1]'.
  const [, word = '?', number = '0'] = /^([A-Z_]+)\[(\d+)\]/u.exec(message.summary) ?? [];
  const name = head === null ? word : (FRAME_NAMES.get(head.type) ?? `0x${head.type.toString(16).padStart(2, '0')}`);
  const stream = head?.stream ?? Number(number);
  const flag = (wanted: readonly string[]): boolean => head !== null && (head.flags & 1) === 1 && wanted.includes(name);
  return { message, name, stream, head, size, endStream: flag(['DATA', 'HEADERS']), ack: flag(['SETTINGS', 'PING']) };
}

/** Connections that speak HTTP/2, in order of their first frame. */
export const connectionsOf = (app: AppStory): ConnId[] => [...new Set(app.messages.flatMap((message) => (message.protocol === 'http2' && message.conn !== null ? [message.conn] : [])))];

/** Its frames in the order in which they were sent. */
export function framesOf(app: AppStory, conn: ConnId): Frame[] {
  const frames = app.messages.filter((message) => message.protocol === 'http2' && message.conn === conn).map((message) => frameOf(app, message));
  return frames.sort((a, b) => a.message.depart - b.message.depart || a.message.id - b.message.id);
}

/** Names of the flags that are set, as the frame's type defines them (RFC 9113 6). */
export function flagsOf({ name, head }: Frame): string[] {
  if (head === null) return [];
  const defined: Readonly<Record<string, readonly (keyof typeof FLAGS)[]>> = {
    DATA: ['END_STREAM', 'PADDED'], HEADERS: ['END_STREAM', 'END_HEADERS', 'PADDED', 'PRIORITY'], PUSH_PROMISE: ['END_HEADERS', 'PADDED'], CONTINUATION: ['END_HEADERS'], SETTINGS: ['ACK'], PING: ['ACK'],
  };
  return (defined[name] ?? []).filter((flag) => (head.flags & FLAGS[flag]) !== 0);
}
