// IMAP (RFC 9051, RFC 3501) as a layer of a stream: one command or one answer. A line that ends with {n} goes on behind n bytes as they
// are (a literal, 4.3), so a message is a line with all of its literals.

import { concatBytes } from '../../base/bytes';
import { incomplete, malformed, type Codec, type Context, type Incomplete, type Malformed } from '../codec';
import { generated, group, type FieldNode } from '../field';
import { latin1, latin1Bytes } from '../http/chars';
import { firstLine, LINE_LIMITS, lineAt, textNode } from '../lines';

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
  /** Where the first line ends, before its line end. */
  readonly first: number;
  /** Where the last one does. */
  readonly last: number;
  readonly end: number;
}

function readImap(bytes: Uint8Array, { dir }: Context): ReadImap | Incomplete | Malformed {
  const line = firstLine(bytes);
  if ('status' in line) return line;
  let last = line;
  for (let count = 0; ; count++) {
    const literal = /\{(\d{1,9})\+?\}$/.exec(last.text);
    if (literal === null) break;
    if (count === LITERALS) return malformed(last.start, `more than ${LITERALS} literals`);
    const from = last.next + Number(literal[1]);
    if (bytes.length < from) return incomplete(from);
    const next = lineAt(bytes.subarray(0, from + LINE_LIMITS.line), from);
    if (next === null) return bytes.length - from >= LINE_LIMITS.line ? malformed(from, `a line over ${LINE_LIMITS.line} bytes`) : incomplete(bytes.length + 1);
    last = next;
  }
  const [tag = '', name = ''] = line.text.split(' ', 2);
  const answers = dir === undefined ? tag === '*' || tag === '+' || STATUS.test(name) : dir === 'down';
  return { message: { type: answers ? 'response' : 'request', text: latin1(bytes, 0, last.end), tag, name }, first: line.end, last: last.end, end: last.next };
}

/** The words of the first line, where they lie. */
function wordsOf(bytes: Uint8Array, first: number): { readonly text: string; readonly start: number; readonly end: number }[] {
  return [...latin1(bytes, 0, Math.min(first, 1024)).matchAll(/[^ ]+/g)].slice(0, 6).map((found) => ({ text: found[0], start: found.index, end: found.index + found[0].length }));
}

function nodesOf(bytes: Uint8Array, { message, first, last, end }: ReadImap, base: number): FieldNode[] {
  const request = message.type === 'request';
  const [tag, second, third, fourth] = wordsOf(bytes, first);
  const word = (name: string, at: typeof tag): FieldNode[] => (at === undefined ? [] : [textNode(name, bytes, at.start, at.end, base)]);
  const children = word(request ? 'imap.request_tag' : 'imap.response_tag', tag);
  if (request) {
    const uid = second?.text.toUpperCase() === 'UID';
    if (uid) children.push(generated('imap.request.command.uid', true, 'yes', base + second.start, 3));
    children.push(...word('imap.request.command', uid ? third : second), ...requestNodes(second?.text.toUpperCase() ?? '', third, fourth, word));
  } else if (second !== undefined && STATUS.test(second.text)) children.push(...word('imap.response.status', second), ...word('imap.response.command', third));
  else if (message.tag === '*') children.push(...word('imap.response.command', /^\d+$/.test(second?.text ?? '') ? third : second));
  return [generated('imap.isrequest', request, request ? 'yes' : 'no', base, 0), { ...textNode(request ? 'imap.request' : 'imap.response', bytes, 0, last, base, children), length: end }];
}

/** RFC 9051 6.2.3, 6.3: who logs in, and which mailbox is meant. */
function requestNodes<W>(command: string, third: W, fourth: W, word: (name: string, at: W) => FieldNode[]): FieldNode[] {
  if (command === 'LOGIN') return [...word('imap.request.username', third), ...word('imap.request.password', fourth)];
  return ['SELECT', 'EXAMINE', 'CREATE', 'DELETE', 'STATUS', 'SUBSCRIBE', 'APPEND'].includes(command) ? word('imap.request.folder', third) : [];
}
