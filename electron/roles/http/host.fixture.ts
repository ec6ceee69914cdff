// For tests of roles: a RoleContext on plain Node, without taps, on 127.0.0.1. What the role prints and notes is kept.

import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Endpoint } from '../../../shared/trace/event';
import type { Note } from '../../../shared/trace/notes';
import type { Host } from '../host';
import type { RoleContext } from '../lab';

export interface PlainRole {
  readonly role: RoleContext;
  readonly prints: readonly string[];
  readonly notes: readonly Note[];
  /** What it listens on, once it does. */
  readonly listening: Promise<Endpoint>;
  stop(): void;
}

/** Servers of HTTP only: dial() and datagrams are for labs' tests, on the tapped network. */
export function plainRole(): PlainRole {
  const abort = new AbortController();
  const prints: string[] = [];
  const notes: Note[] = [];
  const { promise, resolve } = promiseOf<Endpoint>();
  const absent = (): never => {
    throw new Error('not in this fixture');
  };
  const host: Host = {
    id: 'host',
    address: '127.0.0.1',
    net: { createServer: absent, connect: absent, listen: absent, dial: absent, select: absent },
    dgram: { bind: absent, open: absent, createSocket: absent },
    unix: { path: absent, listen: absent, dial: absent },
    tls: { createServer: absent, connect: absent },
    http: {
      createServer: (options, listener) => http.createServer(options, listener),
      createSecureServer: (options, listener) => https.createServer(options, listener),
      createAgent: absent,
      createSecureAgent: absent,
      request: absent,
    },
    http2: { createServer: (options, listener) => http2.createServer(options, listener), createSecureServer: (options, listener) => http2.createSecureServer(options, listener), connect: absent },
  };
  const role: RoleContext = {
    id: 'server',
    host,
    signal: abort.signal,
    listening: ({ address, port }) => resolve({ address, port }),
    print: (text) => void prints.push(text),
    note: (note) => void notes.push(note),
    sleep: (ms) => sleepFor(ms, undefined, { signal: abort.signal }),
  };
  return { role, prints, notes, listening: promise, stop: () => abort.abort() };
}

function promiseOf<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}
