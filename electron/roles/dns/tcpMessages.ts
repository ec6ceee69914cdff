// DNS over TCP: two bytes of length before each message (RFC 1035 4.2.2). Several questions may share a connection and be answered in
// any order (RFC 7766 6.2.1.1, 7); who is slow, silent or does not read is not waited for without end.

import type { Socket } from 'node:net';
import { framed } from '../../../shared/codec/dns/codec';
import type { Endpoint } from '../../../shared/trace/event';
import { DNS_LIMITS } from './limits';
import type { Answerer } from './reply';

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

/** Serves one connection until its client ends it, sends no message for `idle` ms, or does not read what it asked for. */
export function serveStream(socket: Socket, answer: Answerer, idle: number = DNS_LIMITS.idle): void {
  const from: Endpoint = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
  const cutter = new MessageCutter();
  const waiting: Uint8Array[] = [];
  let thinking = 0;
  let ended = false;
  let pumping = false;
  // By message, not by byte: who sends one byte a second has not sent a message (RFC 7766 6.1).
  let timer = setTimeout(() => socket.destroy(), idle);
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => socket.destroy(), idle);
  };
  const done = (bytes: Uint8Array | null): void => {
    thinking--;
    if (bytes !== null && socket.writable) socket.write(framed(bytes));
    pump();
  };
  // Who asks faster than it reads waits, and meanwhile the time goes on.
  const mayAnswer = (): boolean => thinking < DNS_LIMITS.pipelined && socket.writableLength < DNS_LIMITS.unread;
  const pump = (): void => {
    if (pumping) return;
    pumping = true;
    for (let message = mayAnswer() ? waiting.shift() : undefined; message !== undefined; message = mayAnswer() ? waiting.shift() : undefined) {
      heard();
      thinking++;
      const made = answer(message, from, 'tcp');
      if (made instanceof Promise) void made.then(done);
      else done(made);
    }
    pumping = false;
    if (waiting.length > 0 || !mayAnswer()) socket.pause();
    else if (socket.isPaused()) socket.resume();
    if (ended && thinking === 0 && waiting.length === 0) socket.end();
  };
  socket.on('data', (bytes: Uint8Array) => {
    waiting.push(...cutter.push(bytes));
    pump();
  });
  socket.on('drain', pump);
  socket.on('end', () => {
    ended = true;
    pump();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => clearTimeout(timer));
}
