// IMAP (RFC 9051, RFC 3501) as a layer of a stream: one command or one answer. A line that ends with {n} goes on behind n bytes as they
// are (a literal, 4.3), so a message is a line with all of its literals.

import { concatBytes } from '../../base/bytes';
import { incomplete, malformed, type Codec, type Context, type Incomplete, type Malformed } from '../codec';
import { generated, group, type FieldNode } from '../field';
import { latin1, latin1Bytes } from '../http/chars';
import { firstLine, LINE_LIMITS, lineAt, textNode, type WireLine } from '../lines';
import { previewText } from '../text';

/** Literals of one message. */
const LITERALS = 1024;
const STATUS = /^(OK|NO|BAD|PREAUTH|BYE)$/i;

export interface ImapMessage {
  readonly type: 'request' | 'response';
  /** Without its last line end; one character a byte, literals included. */
  readonly text: string;
  /** 'a1', or '*' and '+' of answers that belong to no command. */
  readonly tag: string;
  /** 'FETCH'; for answers 'OK' and so on; '' when there is none. */
  readonly name: string;
}

export const codec: Codec<ImapMessage, Pick<ImapMessage, 'text'>> = {
  protocol: 'imap',
  title: 'IMAP',
  layer: 'application',
  claims: ['tcp.port:143'],
  decode(bytes, context) {
    const read = readImap(bytes, context);
    if ('status' in read) return read;
    const { dir } = context;
    return {
      status: 'complete', value: read.message, length: read.end, payload: { start: read.end, end: bytes.length, missing: context.missing ?? 0 }, next: ['app:imap'],
      inside: { transport: 'tcp', ...(dir === undefined ? {} : { dir }) }, quotes: false,
    };
  },
  encode: ({ text }, payload) => concatBytes(latin1Bytes(`${text}\r\n`), payload),
  fields(bytes, context, base) {
    const read = readImap(bytes, context);
    if ('status' in read) return group('imap', 'IMAP', base, bytes.length, bytes.length === 0 ? [] : [textNode('imap.line', bytes, 0, bytes.length, base)], read.status === 'malformed' ? read.why : undefined);
    return group('imap', 'IMAP', base, read.end, nodesOf(bytes, read, base));
  },
};

interface ReadImap {
  readonly message: ImapMessage;
  /** Its first line, and those that go on behind literals. */
  readonly lines: readonly WireLine[];
  readonly end: number;
}

function readImap(bytes: Uint8Array, { dir }: Context): ReadImap | Incomplete | Malformed {
  const line = firstLine(bytes);
  if ('status' in line) return line;
  const lines = [line];
  let last = line;
  for (;;) {
    const literal = /\{(\d{1,9})\+?\}$/.exec(last.text);
    if (literal === null) break;
    if (lines.length > LITERALS) return malformed(last.start, `more than ${LITERALS} literals`);
    const from = last.next + Number(literal[1]);
    if (bytes.length < from) return incomplete(from);
    const next = lineAt(bytes.subarray(0, from + LINE_LIMITS.line), from);
    if (next === null) return bytes.length - from >= LINE_LIMITS.line ? malformed(from, `a line over ${LINE_LIMITS.line} bytes`) : incomplete(bytes.length + 1);
    lines.push(next);
    last = next;
  }
  const [tag = '', name = ''] = line.text.split(' ', 2);
  const answers = dir === undefined ? tag === '*' || tag === '+' || STATUS.test(name) : dir === 'down';
  return { message: { type: answers ? 'response' : 'request', text: latin1(bytes, 0, last.end), tag, name }, lines, end: last.next };
}

/** The words of a line, where they lie; what stands in quotes is one (RFC 9051 4.3). */
function wordsOf({ text, start }: WireLine): { readonly text: string; readonly start: number; readonly end: number }[] {
  return [...text.slice(0, 1024).matchAll(/"(?:[^"\\]|\\.)*"|[^ ]+/g)].slice(0, 6).map((found) => ({ text: found[0], start: start + found.index, end: start + found.index + found[0].length }));
}
type Word = ReturnType<typeof wordsOf>[number] | undefined;
type WordNode = (name: string, at: Word) => FieldNode[];

/** A node a line; it goes on over the literal that the line ends with. What the message is stands below its first line. */
function nodesOf(bytes: Uint8Array, { message, lines, end }: ReadImap, base: number): FieldNode[] {
  const request = message.type === 'request';
  const shown = lines.map((line, i): FieldNode => {
    const node = textNode('imap.line', bytes, line.start, line.next, base, i === 0 ? partsOf(bytes, message, line, base) : []);
    return { ...node, display: previewText(bytes.subarray(line.start, line.end), 256), length: (lines[i + 1]?.start ?? end) - line.start };
  });
  return [generated('imap.isrequest', request, request ? 'yes' : 'no', base, 0), ...shown];
}

/** What a line is made of. One that begins with * belongs to no command and has no tag (RFC 9051 2.2.2). */
function partsOf(bytes: Uint8Array, message: ImapMessage, line: WireLine, base: number): FieldNode[] {
  if (line.end === line.start || message.tag === '*') return [];
  const request = message.type === 'request';
  const [tag, second, third, fourth, fifth] = wordsOf(line);
  const word: WordNode = (name, at) => (at === undefined ? [] : [textNode(name, bytes, at.start, at.end, base)]);
  const either = (name: string, at: Word): FieldNode[] => word(name, at).map((node) => ({ ...node, generated: true }));
  const parts = [textNode(request ? 'imap.request' : 'imap.response', bytes, line.start, line.end, base), ...word(request ? 'imap.request_tag' : 'imap.response_tag', tag), ...either('imap.tag', tag)];
  if (!request) return STATUS.test(second?.text ?? '') ? [...parts, ...word('imap.response.status', second), ...word('imap.response.command', third), ...either('imap.command', third)] : parts;
  if (second?.text.toUpperCase() !== 'UID') return [...parts, ...word('imap.request.command', second), ...either('imap.command', second), ...argumentNodes(bytes, second, third, fourth, word, base)];
  const uid = generated('imap.request.command.uid', true, 'yes', base + second.start, 3);
  return [...parts, uid, ...word('imap.request.command', third), ...either('imap.command', second), ...argumentNodes(bytes, third, fourth, fifth, word, base)];
}

/** Commands whose first argument is a mailbox (RFC 9051 6.3). */
const MAILBOX: ReadonlySet<string> = new Set(['SELECT', 'EXAMINE', 'CREATE', 'DELETE', 'RENAME', 'STATUS', 'SUBSCRIBE', 'UNSUBSCRIBE', 'APPEND']);

/** RFC 9051 6.2.3, 6.3, 6.4.7: who logs in, and which mailbox is meant. */
function argumentNodes(bytes: Uint8Array, command: Word, first: Word, second: Word, word: WordNode, base: number): FieldNode[] {
  const name = command?.text.toUpperCase() ?? '';
  if (name === 'COPY') return word('imap.request.folder', second);
  if (name !== 'LOGIN') return MAILBOX.has(name) ? word('imap.request.folder', first) : [];
  const quoted = second !== undefined && second.text.length > 1 && second.text.startsWith('"');
  return [...word('imap.request.username', first), ...(quoted ? [textNode('imap.request.password', bytes, second.start + 1, second.end - 1, base)] : word('imap.request.password', second))];
}
