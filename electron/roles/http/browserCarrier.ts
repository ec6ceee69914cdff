// How a browser's requests get to a server: over HTTP/1.1 with so many connections, kept or not, or over one connection of HTTP/2. Tells
// when what happened, as the program sees it; times in ms.

import type { Endpoint } from '../../../shared/trace/event';
import type { HeaderLines } from './headers';

/**
 * 'own': a connection for each object, one after the other, closed after its answer. 'keep-alive': one connection for all, one object
 * after the other. 'six': up to six at once, kept. 'h2': one connection, all objects at once as streams of HTTP/2.
 */
export type ConnectionPolicy = 'own' | 'keep-alive' | 'six' | 'h2';

export interface CarriedRequest {
  readonly url: URL;
  readonly remote: Endpoint;
  /** Without Host. */
  readonly headers: HeaderLines;
}

export interface ResponseSink {
  onHead(status: number, headers: HeaderLines): void;
  /** Its body as it comes. Throw to give up. */
  onData(bytes: Uint8Array): void;
}

/** Parts of an object's time in ms; null for a step that was not taken. */
export interface FetchTimes {
  /** Waiting for a connection that is free. */
  readonly blocked: number;
  readonly connect: number | null;
  readonly tls: number | null;
  /** From the request to the first byte of its answer. */
  readonly wait: number;
  readonly receive: number;
}

export interface Carrier {
  /** Resolves when the answer is whole. Rejects with the system's error, that of TLS, or ECONNRESET when the answer was cut short. */
  fetch(request: CarriedRequest, sink: ResponseSink): Promise<FetchTimes>;
  /** Closes every connection that is open. */
  close(): void;
}

/** One way for http, another for https. */
export const bySecurity = (clear: Carrier, secure: Carrier): Carrier => ({
  fetch: (request, sink) => (request.url.protocol === 'https:' ? secure : clear).fetch(request, sink),
  close() {
    clear.close();
    secure.close();
  },
});

export const failure = (code: string, message: string): Error => Object.assign(new Error(`${code}: ${message}`), { code });

/** Marks of a stopwatch. */
export class Stopwatch {
  private readonly marks = new Map<string, number>([['start', performance.now()]]);

  mark(name: 'socket' | 'connected' | 'secured' | 'head'): void {
    if (!this.marks.has(name)) this.marks.set(name, performance.now());
  }

  /** Call when the answer is whole. */
  times(): FetchTimes {
    const at = (name: string): number | null => this.marks.get(name) ?? null;
    const start = at('start') ?? 0;
    const socket = at('socket') ?? start;
    const connected = at('connected');
    const secured = at('secured');
    const ready = secured ?? connected ?? socket;
    const head = at('head') ?? ready;
    return {
      blocked: socket - start,
      connect: connected === null ? null : connected - socket,
      tls: secured === null || connected === null ? null : secured - connected,
      wait: head - ready,
      receive: performance.now() - head,
    };
  }
}
