// The head of an HTTP/1 message: start line and headers with the bytes that they lie in (RFC 9112 2 to 5). Takes a head that is whole
// (headScan.ts finds its end), gives its parts or where it is malformed. How long the body is: body.ts.

import { byteAt } from '../../base/bytes';
import { malformed, type Malformed } from '../codec';
import { CODEC_LIMITS } from '../limits';
import { COLON, CR, isBlank, isDigit, isTarget, isToken, isValue, latin1, LF, SPACE } from './chars';

/** Bytes from `start` to before `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One header with where it lies: `line` with its line end, `nameAt`, and `valueAt` without the blanks around it. */
export interface HeaderLine {
  readonly name: string;
  /** One character a byte; a folded line's break became one space (RFC 9112 5.2). */
  readonly value: string;
  readonly line: Range;
  readonly nameAt: Range;
  readonly valueAt: Range;
  /** The name is none (RFC 9110 5.1): it stands as it came, and nobody finds the header by it. Only in heads that are read tolerantly. */
  readonly badName?: true;
}

/** What a sender must not do, though it is clear what was meant: a server may answer 400. English, for developers. */
export interface HeadProblem {
  readonly at: number;
  readonly why: string;
}

interface HeadParts {
  /** First byte of the start line: empty lines may lie before it (RFC 9112 2.2). */
  readonly start: number;
  /** The start line without its line end. */
  readonly line: Range;
  /** 'HTTP/1.1'. */
  readonly version: string;
  readonly versionAt: Range;
  readonly headers: readonly HeaderLine[];
  /** The empty line. */
  readonly blank: Range;
  /** First byte after the head. */
  readonly end: number;
  readonly problems: readonly HeadProblem[];
}

export interface RequestHead extends HeadParts {
  readonly kind: 'request';
  readonly method: string;
  readonly target: string;
  readonly methodAt: Range;
  readonly targetAt: Range;
}

export interface ResponseHead extends HeadParts {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly statusAt: Range;
  readonly reasonAt: Range;
}

export type HttpHead = RequestHead | ResponseHead;
export type HttpKind = HttpHead['kind'];

/** RFC 9110 15.2: the response is still to come; not so with the one that switches. */
export const isInterim = (head: HttpHead): boolean => head.kind === 'response' && head.status < 200 && head.status !== 101;

/** Values of all headers of this name (lower case), in order. */
export const headerValues = (headers: readonly Pick<HeaderLine, 'name' | 'value'>[], name: string): string[] =>
  headers.filter((header) => header.name.toLowerCase() === name).map((header) => header.value);

/** The first value of this name (lower case); null without. */
export const headerValue = (headers: readonly Pick<HeaderLine, 'name' | 'value'>[], name: string): string | null => headerValues(headers, name)[0] ?? null;

/** The list that all headers of this name make together (RFC 9110 5.6.1), lower case, without empty ones. */
export const headerTokens = (headers: readonly Pick<HeaderLine, 'name' | 'value'>[], name: string): string[] =>
  headerValues(headers, name).flatMap((value) => value.split(',')).map((token) => token.trim().toLowerCase()).filter((token) => token !== '');

/** A line's content and where the next begins. */
interface Line extends Range {
  readonly next: number;
}

/**
 * The head in `bytes[from, end)`, its empty line the last. `tolerant`: what no program may send is a problem of the head as long as it can be told apart, as
 * those need it who only look on; it may end before the empty line then. Never throws.
 */
export function parseHead(bytes: Uint8Array, kind: HttpKind, from: number, end: number, tolerant = false): HttpHead | Malformed {
  const problems: HeadProblem[] = [];
  let start = from;
  while (start < end && (bytes[start] === CR || bytes[start] === LF)) start++;
  if (start >= end) return malformed(from, 'no start line');
  const line = lineAt(bytes, start, end, problems);
  const first = kind === 'request' ? requestLine(bytes, line, problems, tolerant) : statusLine(bytes, line, problems, tolerant);
  if ('status' in first && first.status === 'malformed') return first;
  const headers: HeaderLine[] = [];
  let at = line.next;
  while (at < end) {
    const next = lineAt(bytes, at, end, problems);
    const isOver = tolerant && bytes.subarray(next.start, next.end).indexOf(COLON) < 0;
    if (isOver && next.start < next.end) problems.push({ at: at - 1, why: 'the head ends without an empty line' });
    if (isOver || next.start === next.end) {
      const blankEnd = next.start === next.end ? next.next : at;
      const head = { ...first, start, line: { start: line.start, end: line.end }, headers, blank: { start: at, end: blankEnd }, end: blankEnd, problems };
      problems.push(...hostProblems(head), ...codingProblems(head));
      return head;
    }
    if (headers.length === CODEC_LIMITS.httpHeaders) return malformed(at, `more than ${CODEC_LIMITS.httpHeaders} headers`);
    const header = headerLine(bytes, next, end, problems, tolerant);
    if ('status' in header) return header;
    headers.push(header);
    at = header.line.end;
  }
  return malformed(end, 'no empty line');
}

/** Headers alone: the trailers behind the last chunk (RFC 9112 7.1.2), with their empty line. Never throws. */
export function parseTrailers(bytes: Uint8Array, from: number, end: number): readonly HeaderLine[] | Malformed {
  const headers: HeaderLine[] = [];
  for (let at = from; at < end;) {
    const line = lineAt(bytes, at, end, []);
    if (line.start === line.end) return headers;
    if (headers.length === CODEC_LIMITS.httpHeaders) return malformed(at, `more than ${CODEC_LIMITS.httpHeaders} trailers`);
    const header = headerLine(bytes, line, end, [], false);
    if ('status' in header) return header;
    headers.push(header);
    at = header.line.end;
  }
  return malformed(end, 'no empty line');
}

/** RFC 9112 2.2: a line ends with CRLF; a lone LF is understood. A CR elsewhere stays in the line, where no grammar has it. */
function lineAt(bytes: Uint8Array, start: number, end: number, problems: HeadProblem[]): Line {
  let at = start;
  while (at < end && bytes[at] !== LF) at++;
  const crlf = at > start && bytes[at - 1] === CR;
  if (!crlf && at < end) problems.push({ at, why: 'a line ends with LF alone' });
  return { start, end: crlf ? at - 1 : at, next: Math.min(at + 1, end) };
}

/** RFC 9112 3: method SP request-target SP HTTP-version. */
function requestLine(bytes: Uint8Array, line: Line, problems: HeadProblem[], tolerant: boolean) {
  let at = line.start;
  while (at < line.end && isToken(byteAt(bytes, at))) at++;
  if (at === line.start) return malformed(at, 'a method begins with no such byte');
  if (at === line.end || bytes[at] !== SPACE) return malformed(at, 'a method ends with a space');
  const methodAt = { start: line.start, end: at };
  const targetAt = { start: at + 1, end: at + 1 };
  for (at = targetAt.start; at < line.end && byteAt(bytes, at) !== SPACE; at++) {
    const byte = byteAt(bytes, at);
    if (byte < SPACE || byte === 0x7f) return malformed(at, 'a control in the target');
    if (!isTarget(byte)) problems.push({ at, why: 'a target has ASCII only' });
  }
  targetAt.end = at;
  if (targetAt.end === targetAt.start) return malformed(at, 'no target');
  if (at === line.end) return malformed(at, 'no version');
  const versionAt = { start: at + 1, end: line.end };
  const fault = versionFault(bytes, versionAt);
  if (fault !== null) {
    if (!tolerant || !ANY_VERSION.test(latin1(bytes, versionAt.start, versionAt.end))) return fault;
    problems.push(fault);
  }
  return {
    kind: 'request' as const, method: latin1(bytes, methodAt.start, methodAt.end), target: latin1(bytes, targetAt.start, targetAt.end),
    version: latin1(bytes, versionAt.start, versionAt.end), methodAt, targetAt, versionAt,
  };
}

/** As much of a version as tells that it is HTTP's. */
const ANY_VERSION = /^HTTP\/[!-~]+$/;
/** Blanks where one is asked for, and a lone CR, which stands for one (RFC 9112 2.2, 4). */
const LOOSE_STATUS = /^(HTTP\/[!-~]+)([ \t\r]+)(\d{3})(?:([ \t\r]+)([^\0]*))?$/;

/** RFC 9112 4: HTTP-version SP status-code SP [ reason-phrase ]. */
function statusLine(bytes: Uint8Array, line: Line, problems: HeadProblem[], tolerant: boolean) {
  const strict = strictStatusLine(bytes, line, problems);
  if (!tolerant || !('why' in strict)) return strict;
  const found = LOOSE_STATUS.exec(latin1(bytes, line.start, line.end));
  if (found === null) return strict;
  problems.push({ at: strict.at, why: strict.why });
  const [, version = '', before = '', status = '', after = '', reason = ''] = found;
  const versionAt = { start: line.start, end: line.start + version.length };
  const statusAt = { start: versionAt.end + before.length, end: versionAt.end + before.length + status.length };
  return { kind: 'response' as const, version, status: Number(status), reason, statusAt, reasonAt: { start: statusAt.end + after.length, end: line.end }, versionAt };
}

function strictStatusLine(bytes: Uint8Array, line: Line, problems: HeadProblem[]) {
  const versionAt = { start: line.start, end: Math.min(line.start + 8, line.end) };
  const fault = versionFault(bytes, versionAt);
  if (fault !== null) return fault;
  const statusAt = { start: versionAt.end + 1, end: versionAt.end + 4 };
  if (bytes[versionAt.end] !== SPACE || versionAt.end === line.end) return malformed(versionAt.end, 'a version is followed by a space');
  for (let at = statusAt.start; at < statusAt.end; at++) if (at >= line.end || !isDigit(byteAt(bytes, at))) return malformed(Math.min(at, line.end), 'a status has three digits');
  if (statusAt.end < line.end && bytes[statusAt.end] !== SPACE) return malformed(statusAt.end, 'a status has three digits');
  if (statusAt.end === line.end) problems.push({ at: line.end, why: 'no space behind the status' });
  const reasonAt = { start: Math.min(statusAt.end + 1, line.end), end: line.end };
  for (let at = reasonAt.start; at < line.end; at++) if (!isValue(byteAt(bytes, at))) return malformed(at, 'a control in the reason');
  const status = Number(latin1(bytes, statusAt.start, statusAt.end));
  if (status < 100 || status > 599) problems.push({ at: statusAt.start, why: 'no class of status begins so' });
  return { kind: 'response' as const, version: latin1(bytes, versionAt.start, versionAt.end), status, reason: latin1(bytes, reasonAt.start, reasonAt.end), statusAt, reasonAt, versionAt };
}

/** RFC 9112 2.3: 'HTTP/' and one digit each; here only major version 1. */
function versionFault(bytes: Uint8Array, { start, end }: Range): Malformed | null {
  const text = latin1(bytes, start, Math.min(end, start + 9));
  if (/^HTTP\/1\.\d$/.test(text)) return null;
  return malformed(start, /^HTTP\/\d\.\d$/.test(text) ? `version ${text.slice(5)} is not 1.x` : 'not a version of HTTP');
}

/** One header with the lines folded onto it (RFC 9112 5.1, 5.2). */
function headerLine(bytes: Uint8Array, line: Line, end: number, problems: HeadProblem[], tolerant: boolean): HeaderLine | Malformed {
  let at = line.start;
  while (at < line.end && isToken(byteAt(bytes, at))) at++;
  const bad = nameFault(bytes, line, at);
  if (bad !== null) {
    if (!tolerant) return bad;
    problems.push({ at: bad.at, why: bad.why });
    at = bytes.indexOf(COLON, line.start);
  }
  const nameAt = { start: line.start, end: at };
  let last = line;
  while (last.next < end && isBlank(byteAt(bytes, last.next))) {
    problems.push({ at: last.next, why: 'a header goes on in the next line' });
    last = lineAt(bytes, last.next, end, problems);
  }
  const valueAt = trimmed(bytes, at + 1, last.end);
  const fault = valueFault(bytes, valueAt);
  if (fault !== null) {
    if (!tolerant) return fault;
    problems.push({ at: fault.at, why: fault.why });
  }
  const value = latin1(bytes, valueAt.start, valueAt.end).replace(/[ \t]*\r?\n[ \t]*/g, ' ').replaceAll('\r', ' ');
  return { name: latin1(bytes, nameAt.start, nameAt.end), value, line: { start: line.start, end: last.next }, nameAt, valueAt, ...(bad === null ? {} : { badName: true }) };
}

/** RFC 9110 5.1: a name is a token, and the colon stands right behind it. `at`: the first byte that is none of a token. */
function nameFault(bytes: Uint8Array, line: Line, at: number): Malformed | null {
  if (isBlank(byteAt(bytes, line.start))) return malformed(line.start, 'white space before the first header');
  if (at === line.end) return malformed(at, 'a header without a colon');
  if (bytes[at] !== COLON) return malformed(at, isBlank(byteAt(bytes, at)) ? 'white space in or behind a name' : 'a name of a header has no such byte');
  return at === line.start ? malformed(at, 'a header without a name') : null;
}

function trimmed(bytes: Uint8Array, from: number, to: number): Range {
  let start = from;
  let end = to;
  const blank = (at: number): boolean => isBlank(byteAt(bytes, at)) || bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF);
  while (start < end && blank(start)) start++;
  while (end > start && blank(end - 1)) end--;
  return { start, end };
}

/** RFC 9110 5.5: no CR, LF or NUL, nor any other control, but for the line ends of folded lines. */
function valueFault(bytes: Uint8Array, { start, end }: Range): Malformed | null {
  for (let at = start; at < end; at++) {
    const byte = byteAt(bytes, at);
    if (isValue(byte) || byte === LF || (byte === CR && bytes[at + 1] === LF)) continue;
    return malformed(at, byte === CR ? 'CR without LF' : 'a control in a header');
  }
  return null;
}

/** RFC 9112 3.2: a request of HTTP/1.1 has one Host. */
function hostProblems(head: HttpHead): HeadProblem[] {
  if (head.kind === 'response' || head.version === 'HTTP/1.0') return [];
  const hosts = head.headers.filter(({ name }) => name.toLowerCase() === 'host');
  if (hosts.length === 1) return [];
  return [{ at: hosts[1]?.line.start ?? head.blank.start, why: hosts.length === 0 ? 'no Host' : 'more than one Host' }];
}

/** RFC 9112 6.1: a coding beside a length, or in HTTP/1.0, is how requests are smuggled; the coding is right, and a careful server refuses. */
function codingProblems(head: HttpHead): HeadProblem[] {
  const coding = head.headers.find(({ name }) => name.toLowerCase() === 'transfer-encoding');
  if (coding === undefined) return [];
  const both = head.headers.some(({ name }) => name.toLowerCase() === 'content-length');
  if (both) return [{ at: coding.line.start, why: 'Transfer-Encoding and Content-Length' }];
  return head.version === 'HTTP/1.0' ? [{ at: coding.line.start, why: 'Transfer-Encoding in HTTP/1.0' }] : [];
}
