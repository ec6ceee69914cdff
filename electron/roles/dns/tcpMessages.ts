// DNS over TCP: two bytes of length before each message (RFC 1035 4.2.2). Several questions may share a connection and be answered in
// any order (RFC 7766 6.2.1.1, 7); who is slow, silent or does not read is not waited for without end.

import type { Socket } from 'node:net';
import { framed } from '../../../shared/codec/dns/codec';
import type { Endpoint } from '../../../shared/trace/event';
import type { Answerer } from './dnsFront';
import { DNS_LIMITS } from './limits';

/** Cuts messages out of a stream; keeps what is not whole yet, which is never more than one message. */
export class MessageCutter {
  private rest: Uint8Array = new Uint8Array(0);

  /** The messages that these bytes made whole, in order. */
  push(bytes: Uint8Array): Uint8Array[] {
    let data = bytes;
    if (this.rest.length > 0) {
      data = new Uint8Array(this.rest.length + bytes.length);
      data.set(this.rest);
      data.set(bytes, this.rest.length);
    }
    const messages: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      if (data.length - at < 2) break;
      const length = ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
      if (data.length - at - 2 < length) break;
      messages.push(data.slice(at + 2, at + 2 + length));
      at += 2 + length;
    }
    this.rest = data.slice(at);
    return messages;
  }

  /** True when part of a message waits for the rest. */
  get waiting(): boolean {
    return this.rest.length > 0;
  }
}

/** Serves one connection until its client ends it, is idle for too long, or does not read what it asked for. */
export function serveStream(socket: Socket, answer: Answerer): void {
  const from: Endpoint = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
  const cutter = new MessageCutter();
  let thinking = 0;
  let ended = false;
  const finish = (): void => {
    if (ended && thinking === 0) socket.end();
  };
  // By message, not by byte: who sends one byte a second has not sent a message (RFC 7766 6.1).
  let timer = setTimeout(() => socket.destroy(), DNS_LIMITS.idle);
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => socket.destroy(), DNS_LIMITS.idle);
  };
  const done = (bytes: Uint8Array | null): void => {
    thinking--;
    if (bytes !== null && socket.writable) socket.write(framed(bytes));
    resume();
    finish();
  };
  const resume = (): void => {
    if (socket.isPaused() && thinking < DNS_LIMITS.pipelined && socket.writableLength < DNS_LIMITS.unread) socket.resume();
  };
  socket.on('data', (bytes: Uint8Array) => {
    for (const message of cutter.push(bytes)) {
      heard();
      thinking++;
      const made = answer(message, from, 'tcp');
      if (made instanceof Promise) void made.then(done);
      else done(made);
    }
    // Who asks faster than it reads waits; the time goes on.
    if (thinking >= DNS_LIMITS.pipelined || socket.writableLength >= DNS_LIMITS.unread) socket.pause();
  });
  socket.on('drain', resume);
  socket.on('end', () => {
    ended = true;
    finish();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => clearTimeout(timer));
}
