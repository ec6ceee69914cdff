// For tests of the HTTP/1 codec: messages written as text, and what a reader tells of a stream, as short lines.

import { NO_BYTES } from '../../base/bytes';
import { latin1, latin1Bytes } from './chars';
import { HttpStreamReader, type HttpEvent, type HttpReaderOptions } from './reader';

/** Lines joined with CRLF; an array's last empty strings make the empty line. */
export const http = (...lines: readonly string[]): Uint8Array<ArrayBuffer> => latin1Bytes(lines.join('\r\n'));

/** What the reader tells of these bytes, given in pieces of `piece` bytes and ended when `ends` is true. Neighbouring pieces of a body are one. */
export function told(bytes: Uint8Array, options: HttpReaderOptions, piece = bytes.length, ends = false): string[] {
  const reader = new HttpStreamReader(options);
  const events: HttpEvent[] = [];
  for (let at = 0; at < bytes.length; at += Math.max(1, piece)) events.push(...reader.push(bytes.subarray(at, at + Math.max(1, piece))));
  if (ends) events.push(...reader.finish());
  return joined(events).map((event) => line(event, bytes));
}

/** Events with bodies that lie together as one. */
function joined(events: readonly HttpEvent[]): HttpEvent[] {
  const whole: HttpEvent[] = [];
  for (const event of events) {
    const last = whole.at(-1);
    if (event.type === 'body' && last?.type === 'body' && last.end === event.start) whole[whole.length - 1] = { ...last, end: event.end };
    else whole.push(event);
  }
  return whole;
}

function line(event: HttpEvent, bytes: Uint8Array = NO_BYTES): string {
  switch (event.type) {
    case 'start': return `start ${event.at}`;
    case 'head': {
      const { head, framing } = event;
      const first = head.kind === 'request' ? `${head.method} ${head.target}` : `${head.status} ${head.reason}`;
      return `head ${event.at}-${event.end} ${first} ${framing.kind}${framing.kind === 'content-length' ? ` ${framing.length}` : ''}${event.interim ? ' interim' : ''}`;
    }
    case 'body': return `body ${JSON.stringify(latin1(bytes, event.start, event.end))}`;
    case 'chunk': return `chunk ${event.size}${event.extension}`;
    case 'boundary': return `boundary ${event.start}-${event.end}`;
    case 'trailers': return `trailers ${event.headers.map(({ name, value }) => `${name}: ${value}`).join(', ')}`;
    case 'end': return `end ${event.at}`;
    case 'cut': return `cut ${event.at}`;
    case 'malformed': return `malformed ${event.at}: ${event.why}`;
    case 'handover': return `handover ${event.at} to ${event.to} with ${event.bytes.length} B`;
  }
}
