// A client's reading of HTTP/1 from the socket's bytes, as they come: heads, bodies by length, by chunks or to the end of the
// connection (RFC 9112). Bytes beyond one response belong to the next. Keeps its own bounds: a server may be anybody's.

import { isToken, valueOf, valuesOf, type HeaderLine, type HeaderLines } from './headers';
import { isBodiless, type Framing } from './message';

const MAX_HEAD = 64 * 1024;
const MAX_BODY = 16 * 1024 * 1024;

export interface HttpResponse {
  readonly version: string;
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderLines;
  readonly trailers: HeaderLines;
  /** Framing taken off, content coding not. */
  readonly body: Uint8Array;
  /** How its end was found; 'none': it can have no body. */
  readonly framing: Framing | 'none';
  /** False: the connection ended before the body did. */
  readonly complete: boolean;
}

/** What the server sent is no HTTP/1 response. */
export class NoHttp extends Error {
  readonly code = 'HTTP_MALFORMED';
}

/** Feed it bytes, ask for responses. */
export class ResponseReader {
  private buffer: Buffer = Buffer.alloc(0);
  private ended = false;

  get pending(): number {
    return this.buffer.length;
  }

  push(bytes: Uint8Array): void {
    this.buffer = Buffer.concat([this.buffer, bytes]);
    if (this.buffer.length > MAX_HEAD + MAX_BODY) throw new NoHttp('the response is too large');
  }

  /** The end of the stream. */
  end(): void {
    this.ended = true;
  }

  /** The next response to a request of that method (interim ones too); null while more bytes are needed, or none will come. Throws NoHttp. */
  next(method: string): HttpResponse | null {
    const blank = this.buffer.indexOf('\r\n\r\n');
    if (blank < 0) {
      if (this.buffer.length > MAX_HEAD || (this.ended && this.buffer.length > 0)) throw new NoHttp('no end of the head');
      if (this.buffer.length >= 5 && !this.buffer.subarray(0, 5).equals(Buffer.from('HTTP/'))) throw new NoHttp('no status line');
      return null;
    }
    const [statusLine = '', ...lines] = this.buffer.toString('latin1', 0, blank).split('\r\n');
    const start = /^(HTTP\/\d\.\d) (\d{3})(?: (.*))?$/.exec(statusLine);
    if (start === null) throw new NoHttp(`no status line: ${statusLine.slice(0, 80)}`);
    const [, version = '', code = '', reason = ''] = start;
    const head = { version, status: Number(code), reason, headers: lines.map(headerOf), trailers: [] };
    const body = this.bodyOf(head.status, method, head.headers, blank + 4);
    if (body === null) return null;
    this.buffer = this.buffer.subarray(body.end);
    return { ...head, trailers: body.trailers, body: body.bytes, framing: body.framing, complete: body.complete };
  }

  /** RFC 9112 6.3; null while it is not whole. */
  private bodyOf(status: number, method: string, headers: HeaderLines, start: number): Body | null {
    if (isBodiless(status, method)) return { bytes: new Uint8Array(0), trailers: [], framing: 'none', complete: true, end: start };
    const rest = this.buffer.subarray(start);
    const whole = (bytes: Uint8Array, framing: Framing, complete: boolean): Body => ({ bytes, trailers: [], framing, complete, end: start + bytes.length });
    const coding = valueOf(headers, 'transfer-encoding');
    if (coding !== null && /(^|,)\s*chunked\s*$/i.test(coding)) return this.chunks(start);
    const lengths = new Set(valuesOf(headers, 'content-length'));
    if (coding === null && lengths.size > 0) {
      const [length = ''] = lengths;
      if (lengths.size > 1 || !/^\d{1,15}$/.test(length)) throw new NoHttp('no Content-Length that can be believed');
      if (rest.length >= Number(length)) return whole(Buffer.from(rest.subarray(0, Number(length))), 'length', true);
      return this.ended ? whole(Buffer.from(rest), 'length', false) : null;
    }
    return this.ended ? whole(Buffer.from(rest), 'close', true) : null;
  }

  /** RFC 9112 7.1. */
  private chunks(start: number): Body | null {
    const parts: Buffer[] = [];
    let at = start;
    const soFar = (complete: boolean, trailers: HeaderLines, end: number): Body => ({ bytes: Buffer.concat(parts), trailers, framing: 'chunked', complete, end });
    for (;;) {
      const line = this.buffer.indexOf('\r\n', at);
      if (line < 0) return this.ended ? soFar(false, [], this.buffer.length) : null;
      const size = /^([0-9a-f]{1,8})[ \t]*(;.*)?$/i.exec(this.buffer.toString('latin1', at, line))?.[1];
      if (size === undefined) throw new NoHttp('a broken chunk');
      const length = parseInt(size, 16);
      if (length === 0) {
        if (this.buffer.toString('latin1', line, line + 4) === '\r\n\r\n') return soFar(true, [], line + 4);
        const blank = this.buffer.indexOf('\r\n\r\n', line);
        if (blank < 0) return this.ended ? soFar(false, [], this.buffer.length) : null;
        return soFar(true, this.buffer.toString('latin1', line + 2, blank).split('\r\n').map(headerOf), blank + 4);
      }
      const data = line + 2;
      if (this.buffer.length < data + length + 2) {
        if (!this.ended) return null;
        parts.push(this.buffer.subarray(data, data + length));
        return soFar(false, [], this.buffer.length);
      }
      parts.push(this.buffer.subarray(data, data + length));
      if (this.buffer.toString('latin1', data + length, data + length + 2) !== '\r\n') throw new NoHttp('a broken chunk');
      at = data + length + 2;
    }
  }
}

interface Body {
  readonly bytes: Uint8Array;
  readonly trailers: HeaderLines;
  readonly framing: Framing | 'none';
  readonly complete: boolean;
  /** Where the next response begins. */
  readonly end: number;
}

function headerOf(line: string): HeaderLine {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  if (!isToken(name)) throw new NoHttp(`no header line: ${line.slice(0, 80)}`);
  return [name, line.slice(colon + 1).trim()];
}
