// One request: reads its body within bounds, asks the handler, writes the answer, for both versions of HTTP. A handler that throws is
// a 500 for its own client and nobody else's trouble.

import type * as http from 'node:http';
import type * as http2 from 'node:http2';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import { errnoOf } from '../errno';
import type { RoleContext } from '../lab';
import { MAX_BODY_SIZE, MAX_DISCARDED, MAX_HEADER_LINES } from './bounds';
import { clientOf } from './brokenRequest';
import { elementsOf, pairsOf, valueOf, type HeaderLines } from './headers';
import { bodySize, isBodiless, reasonOf, splitTarget, textAnswer, type Handler, type HttpAnswer, type HttpRequest } from './message';

/** Fields of a connection, which HTTP/2 forbids (RFC 9113 8.2.2). */
const CONNECTION_FIELDS = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

export async function serveHttp1(role: RoleContext, handler: Handler, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  response.on('error', () => undefined);
  const headers = pairsOf(request.rawHeaders).slice(0, MAX_HEADER_LINES);
  const given = await answerTo(role, handler, request, headers, () => response.writeContinue());
  if (given === null) return;
  const answer = given.close === true ? { ...given, headers: [...given.headers, ['Connection', 'close'] as const] } : given;
  const framing = answer.framing ?? 'length';
  const bodiless = isBodiless(answer.status, request.method ?? '');
  const lines: [string, string][] = answer.headers.map(([name, value]) => [name, value]);
  const has = (name: string): boolean => valueOf(answer.headers, name) !== null;
  if (!has('Date')) lines.unshift(['Date', new Date().toUTCString()]);
  if (framing === 'length' && !has('Content-Length') && answer.status !== 204 && answer.status !== 304 && answer.status >= 200) lines.push(['Content-Length', String(bodySize(answer))]);
  if (framing === 'chunked' && !bodiless) {
    // A client of HTTP/1.0 knows no chunks: it reads to the end of the connection (RFC 9112 7.1).
    if (request.httpVersion === '1.0') response.shouldKeepAlive = false;
    else lines.push(['Transfer-Encoding', 'chunked']);
    if (answer.trailers !== undefined) lines.push(['Trailer', answer.trailers.map(([name]) => name).join(', ')]);
  }
  if (framing === 'close') {
    response.shouldKeepAlive = false;
    response.useChunkedEncodingByDefault = false;
  }
  if (!response.shouldKeepAlive && !has('Connection') && answer.close !== true) lines.push(['Connection', 'close']);
  try {
    if (answer.delay !== undefined) await role.sleep(answer.delay);
    response.writeHead(answer.status, answer.reason ?? reasonOf(answer.status), lines.flat());
    if (!bodiless) await writeParts(role, answer, response);
    if (answer.trailers !== undefined && framing === 'chunked') response.addTrailers(answer.trailers.map(([name, value]) => [name, value] as [string, string]));
    response.end();
  } catch (error) {
    failed(role, error, request.socket);
    response.destroy();
  }
}

export async function serveHttp2(role: RoleContext, handler: Handler, request: http2.Http2ServerRequest, response: http2.Http2ServerResponse): Promise<void> {
  response.on('error', () => undefined);
  request.stream.on('error', () => undefined);
  const raw = pairsOf(request.rawHeaders).filter(([name]) => !name.startsWith(':')).slice(0, MAX_HEADER_LINES);
  const headers: HeaderLines = valueOf(raw, 'host') === null ? [['host', request.authority ?? ''], ...raw] : raw;
  const answer = await answerTo(role, handler, request, headers, () => response.writeContinue());
  if (answer === null || response.stream.destroyed) return;
  try {
    if (answer.delay !== undefined) await role.sleep(answer.delay);
    const merged = new Map<string, string | string[]>();
    for (const [name, value] of answer.headers) {
      const key = name.toLowerCase();
      if (CONNECTION_FIELDS.has(key)) continue;
      const earlier = merged.get(key);
      merged.set(key, earlier === undefined ? value : [...(Array.isArray(earlier) ? earlier : [earlier]), value]);
    }
    const bodiless = isBodiless(answer.status, request.method);
    const framing = answer.framing ?? 'length';
    if (framing === 'length' && answer.status !== 204 && answer.status !== 304 && !merged.has('content-length')) merged.set('content-length', String(bodySize(answer)));
    response.writeHead(answer.status, Object.fromEntries(merged));
    if (!bodiless) await writeParts(role, answer, response);
    for (const [name, value] of answer.trailers ?? []) response.addTrailers({ [name.toLowerCase()]: value });
    response.end();
  } catch (error) {
    failed(role, error, request.socket);
    if (!response.stream.destroyed) response.stream.close();
  }
}

/** The answer, or null when the client has gone before there was one. */
async function answerTo(
  role: RoleContext,
  handler: Handler,
  request: http.IncomingMessage | http2.Http2ServerRequest,
  headers: HeaderLines,
  sayContinue: () => void,
): Promise<HttpAnswer | null> {
  const version = request.httpVersionMajor === 2 ? '2' : request.httpVersion === '1.0' ? '1.0' : '1.1';
  const declared = Number(valueOf(headers, 'content-length') ?? 0);
  const expects = elementsOf(headers, 'expect').some((one) => one.toLowerCase() === '100-continue');
  try {
    if (declared > MAX_BODY_SIZE && expects) return tooLarge(); // before a single byte of it was sent (RFC 9110 10.1.1)
    if (expects && version !== '1.0') sayContinue();
    const body = await readBody(request);
    if (body === null) return tooLarge();
    const target = request.url ?? '';
    const secure = 'encrypted' in request.socket && request.socket.encrypted === true;
    const view: HttpRequest = { method: request.method ?? '', target, ...splitTarget(target), headers, body, version, secure, client: clientOf(request.socket) };
    return await handler(view);
  } catch (error) {
    if (request.destroyed && !request.complete) return null;
    failed(role, error, request.socket);
    return textAnswer(500, 'The server failed.\n');
  }
}

/** The whole body; null when it is more than we keep. Rejects when the client goes before its end. */
function readBody(request: http.IncomingMessage | http2.Http2ServerRequest): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= MAX_BODY_SIZE) parts.push(part);
      else if (size > MAX_DISCARDED) resolve(null);
      else parts.length = 0;
    });
    request.once('end', () => resolve(size <= MAX_BODY_SIZE ? Buffer.concat(parts) : null));
    request.once('error', reject);
    request.once('close', () => reject(new Error('ECONNRESET')));
  });
}

const tooLarge = (): HttpAnswer => ({ ...textAnswer(413, `A body here has at most ${MAX_BODY_SIZE} bytes.\n`), close: true });

async function writeParts(role: RoleContext, answer: HttpAnswer, response: http.ServerResponse | http2.Http2ServerResponse): Promise<void> {
  for (const [index, part] of answer.body.entries()) {
    if (index > 0 && answer.interval !== undefined) await role.sleep(answer.interval);
    const ready = 'stream' in response ? response.write(part) : response.write(part); // each with its own signature
    if (!ready && !(await drained(response))) return;
  }
}

/** False when the client went away instead of reading. */
const drained = (response: http.ServerResponse | http2.Http2ServerResponse): Promise<boolean> =>
  new Promise((resolve) => {
    if (response.writableEnded || ('destroyed' in response && response.destroyed)) return resolve(false);
    response.once('drain', () => resolve(true));
    response.once('close', () => resolve(false));
  });

function failed(role: RoleContext, error: unknown, socket: Parameters<typeof clientOf>[0]): void {
  if (!role.signal.aborted) role.print(`${formatEndpoint(clientOf(socket))} ${errnoOf(error)}`);
}
