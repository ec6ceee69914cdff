// Someone who wants a resolver to believe a false address: sends it answers that nobody asked him for. On loopback any program may bind any
// address, so the address of a name server that does not run can be taken; on a real network one forges the packet's source.

import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeMessage, encodeMessage } from '../../../shared/codec/dns/message';
import { NO_FLAGS, type DnsQuestion } from '../../../shared/codec/dns/records';
import { DNS_CLASS, DNS_TYPE } from '../../../shared/codec/dns/types';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import type { SentQuery } from './exchange';

export type Forgery = 'wrong-address' | 'wrong-port' | 'wrong-id' | 'on-path';

export interface ForgerOptions {
  readonly kind: Forgery;
  /** The name server that the forger wants to be taken for. */
  readonly server: Endpoint;
  /** The lie. */
  readonly address: string;
  /** The resolver's address, and its query as it goes: what a forger would have to guess. */
  readonly resolver: string;
  readonly query: Promise<SentQuery>;
  /** Called when it is ready to send. */
  readonly onReady: () => void;
}

/** How many ids a guesser tries. All 65,536 would need luck and time: the answer is on its way. */
const GUESSES = 20;
/** The lie should last. */
const TTL = 86_400;

/** Rejects with EADDRINUSE when the server still runs. */
export async function forger(role: RoleContext, options: ForgerOptions): Promise<void> {
  if (options.kind === 'on-path') return readAndForge(role, options);
  options.onReady();
  // Bound only now: the query has gone, and this socket never saw it.
  const query = await unlessEnded(role, options.query);
  if (query === null) return;
  const { kind, server, resolver, address } = options;
  const socket = await bind(role, kind === 'wrong-address' ? { address: role.host.address, port: server.port } : { address: server.address, port: kind === 'wrong-port' ? 0 : server.port });
  try {
    const guesses = kind === 'wrong-id' ? GUESSES : 0;
    if (guesses > 0) role.print(`guesses ${guesses} of 65536 ids`);
    else await send(socket, lie(query.question, query.id, address), resolver, query.port);
    // Neighbours of the right id: none of them is it.
    for (let guess = 1; guess <= guesses; guess++) await send(socket, lie(query.question, (query.id + guess) & 0xffff, address), resolver, query.port);
  } finally {
    socket.close();
  }
}

/** The query itself comes to this socket: nothing has to be guessed. */
async function readAndForge(role: RoleContext, options: ForgerOptions): Promise<void> {
  const socket = await bind(role, options.server).finally(options.onReady);
  try {
    const got = await unlessEnded(role, new Promise<{ bytes: Uint8Array; port: number }>((resolve) => socket.once('message', (bytes, from) => resolve({ bytes, port: from.port }))));
    const query = got === null ? null : decodeMessage(got.bytes);
    if (got === null || query === null || 'error' in query) return;
    const [question] = query.questions;
    if (question === undefined) return;
    role.print(`saw the query: id ${query.id}, port ${got.port}`);
    await send(socket, lie(question, query.id, options.address), options.resolver, got.port);
  } finally {
    socket.close();
  }
}

async function bind(role: RoleContext, at: Endpoint): Promise<Socket> {
  const socket = role.host.dgram.createSocket();
  socket.bind({ ...at, exclusive: true });
  await once(socket, 'listening');
  return socket;
}

const send = (socket: Socket, bytes: Uint8Array, address: string, port: number): Promise<void> => new Promise((resolve) => socket.send(bytes, port, address, () => resolve()));

/** What was waited for, or null when the role ends first. */
const unlessEnded = <T>(role: RoleContext, awaited: Promise<T>): Promise<T | null> => Promise.race([awaited, once(role.signal, 'abort').then(() => null)]);

function lie(question: DnsQuestion, id: number, address: string): Uint8Array {
  return encodeMessage({
    id, flags: { ...NO_FLAGS, qr: true, aa: true }, questions: [question], authorities: [], additionals: [],
    answers: [{ name: question.name, class: DNS_CLASS.IN, ttl: TTL, data: { type: 'A', address } }],
  });
}

/** Whether a query is one that a forger of addresses waits for. */
export const isTarget = (query: SentQuery, server: Endpoint): boolean =>
  query.question.type === DNS_TYPE.A && query.server.address === server.address && query.server.port === server.port;
