// The course's client: sends a request, prints the status code and then the body; where nobody listens it says so and asks whether the
// server is running (errno.ts). Also as a request editor: any method, headers and body, or any bytes at all.

import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { decode } from '../text';
import { decodeBody } from './contentCoding';
import { exchangeOnce, HandConnection, type RequestText } from './handClient';
import { valueOf } from './headers';
import type { HttpResponse } from './responseReader';

/** Characters of a body that are shown. */
const SHOWN = 2000;

/** One request on a connection of its own. Rejects with the system's error: ECONNREFUSED, ECONNRESET. */
export async function apiRequest(role: RoleContext, server: Endpoint, request: RequestText): Promise<void> {
  show(role, await exchangeOnce(role, server, request));
}

/** Several requests, one after another, on one connection; the next may depend on the last answer. */
export async function apiRequests(role: RoleContext, server: Endpoint, requests: readonly (RequestText | ((last: HttpResponse) => RequestText))[]): Promise<void> {
  let connection = await HandConnection.open(role, server);
  let last: HttpResponse | null = null;
  try {
    for (const next of requests) {
      const request: RequestText = typeof next !== 'function' ? next : last === null ? { method: 'GET', target: '/' } : next(last);
      if (last !== null && isLast(last)) {
        connection.close();
        connection = await HandConnection.open(role, server);
      }
      last = await connection.exchange(request);
      role.print(`${request.method} ${request.target}`);
      show(role, last);
    }
  } finally {
    connection.close();
  }
}

/** Sends the bytes as they are and shows every answer until the server ends the connection, or says no more. */
export async function sendRaw(role: RoleContext, server: Endpoint, bytes: Uint8Array, patience: number): Promise<void> {
  const connection = await HandConnection.open(role, server, patience);
  try {
    await connection.send(bytes);
    const method = /^([A-Z]+) /.exec(decode(bytes.subarray(0, 20)))?.[1] ?? 'GET';
    for (;;) {
      const response = await connection.anyResponse(method);
      show(role, response);
      if (response.status >= 200) break;
    }
    // A second answer, if there is one, is here or comes before the end of the stream; a connection that is kept is ours to close.
    while (connection.buffered > 0) show(role, await connection.anyResponse(method));
  } finally {
    connection.close();
  }
}

/** True when the server will take no other request on this connection (RFC 9112 9.6). */
export const isLast = (response: HttpResponse): boolean => response.framing === 'close' || /\bclose\b/i.test(valueOf(response.headers, 'connection') ?? '');

/** Prints the status code, then the body; JSON as it reads, letters as letters. */
export function show(role: RoleContext, response: HttpResponse): void {
  role.print(`status code ${response.status}`);
  const location = valueOf(response.headers, 'location');
  if (location !== null) role.print(`Location: ${location.slice(0, SHOWN)}`);
  const body = decodeBody(response.body, response.headers) ?? response.body;
  const text = decode(body).trimEnd();
  if (text !== '') role.print(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
  if (!response.complete) role.print('the connection ended before the body did');
}
