// For tests of taps: the streams of bytes that a trace holds, put together by offset and compared.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type * as net from 'node:net';
import { expect } from 'vitest';
import type { EventKind } from '../../shared/trace/event';
import type { Traced } from './traced.fixture';

export const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** All that a socket receives, up to the end. */
export async function all(socket: NodeJS.ReadableStream): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(typeof part === 'string' ? Buffer.from(part) : part);
  return Buffer.concat(parts);
}

/** Listens on a free port of the host's address. */
export async function listening(server: net.Server): Promise<{ address: string; port: number }> {
  server.listen(0);
  await once(server, 'listening');
  return server.address() as net.AddressInfo;
}

export interface Stream {
  readonly size: number;
  /** What the trace keeps: of a long call only the beginning. */
  readonly parts: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  /** The bytes, where all were kept. */
  readonly bytes: Buffer;
}

/** Bytes of a socket in one direction, after checking that their offsets leave no gap and nothing comes twice. */
export function stream(trace: Traced, kind: EventKind, sock: number): Stream {
  let offset = 0;
  const parts = [];
  for (const fact of trace.facts(kind).filter((one) => one.sock === sock)) {
    expect(fact.offset).toBe(offset);
    expect(fact.kept).toBe(Math.min(fact.size, 65_536));
    parts.push({ offset, bytes: trace.store.payload(fact.seq) });
    offset += fact.size;
  }
  return { size: offset, parts, bytes: Buffer.concat(parts.map(({ bytes }) => bytes)) };
}

/** Whatever the stream keeps is what `bytes` have there, and it is as long. */
export function expectSame(found: Stream, bytes: Uint8Array): void {
  expect(found.size).toBe(bytes.length);
  expectAgreement(found, bytes);
}

function expectAgreement(found: Stream, bytes: Uint8Array): void {
  for (const part of found.parts) expect(Buffer.compare(part.bytes.subarray(0, bytes.length - part.offset), bytes.subarray(part.offset, part.offset + part.bytes.length))).toBe(0);
}

/** Connections of the trace, in order: the socket ids of their clients and servers, joined by the addresses that both report. */
export function connections(trace: Traced): { readonly client: number; readonly server: number }[] {
  const accepted = trace.facts('connection.accepted');
  return trace.facts('connect.ended').flatMap((fact) => {
    const other = accepted.find((one) => one.remote?.port === fact.local?.port && one.remote?.address === fact.local?.address);
    return fact.err === '' && other !== undefined ? [{ client: fact.sock, server: other.a }] : [];
  });
}

/** A closing alert of TLS is 24 bytes long at most; its receiver may have closed without reading it. */
const FAREWELL = 31;

/** The bytes on every wire of the trace are the same at both ends. */
export function expectWiresAgree(trace: Traced): void {
  for (const { client, server } of connections(trace)) {
    for (const [from, to] of [[client, server], [server, client]] as const) {
      const sent = stream(trace, 'bytes.sent', from);
      const received = stream(trace, 'bytes.received', to);
      expect(received.size).toBeLessThanOrEqual(sent.size);
      expect(received.size).toBeGreaterThanOrEqual(sent.size - FAREWELL);
      expectAgreement(sent, received.bytes);
    }
  }
}
