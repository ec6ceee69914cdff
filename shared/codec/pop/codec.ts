// POP3 (RFC 1939) as a layer of a stream: one command, one answer, or the lines that follow an answer up to a dot alone (section 3).

import { concatBytes } from '../../base/bytes';
import { incomplete, type Codec, type Context, type Incomplete, type Malformed } from '../codec';
import { group, type FieldNode } from '../field';
import { commandNode, commandOf, firstLine, linesBytes, runAt, runNodes, textNode, type Command, type WireLine } from '../lines';

export type PopMessage =
  | Command
  /** '+OK', '-ERR', or '+' while a client logs in (RFC 5034). */
  | { readonly type: 'reply'; readonly indicator: string; readonly text: string | null }
  /** A list or a mail; `end`: the last line is the dot that ends it. */
  | { readonly type: 'data'; readonly lines: readonly string[]; readonly end: boolean };

const REPLY = /^(\+OK|-ERR|\+)( |$)/;
const COMMAND = { line: 'pop.request', verb: 'pop.request.command', argument: 'pop.request.parameter' };
const ANSWER = { line: 'pop.response', verb: 'pop.response.indicator', argument: 'pop.response.description' };

export const codec: Codec<PopMessage> = {
  protocol: 'pop',
  title: 'POP3',
  layer: 'application',
  claims: ['tcp.port:110'],
  decode(bytes, context) {
    const read = readPop(bytes, context);
    if ('status' in read) return read;
    const { message, end } = read;
    const { dir } = context;
    // What follows an answer is one more, or its data: the next line tells. Within data everything is data.
    const within = message.type === 'data' && !message.end;
    return {
      status: 'complete', value: message, length: end, payload: { start: end, end: bytes.length, missing: context.missing ?? 0 }, next: ['app:pop'],
      inside: { transport: 'tcp', ...(dir === undefined ? {} : { dir }), ...(within ? { mode: 'data' } : {}) }, quotes: false,
    };
  },
  encode(value, payload) {
    switch (value.type) {
      case 'command': return concatBytes(linesBytes([value.argument === null ? value.verb : `${value.verb} ${value.argument}`]), payload);
      case 'reply': return concatBytes(linesBytes([value.text === null ? value.indicator : `${value.indicator} ${value.text}`]), payload);
      case 'data': return concatBytes(linesBytes(value.lines), payload);
      default: return value satisfies never;
    }
  },
  fields(bytes, context, base) {
    const read = readPop(bytes, context);
    if ('status' in read) {
      const name = context.dir === 'up' ? 'pop.request.data' : 'pop.response.data';
      return group('pop', 'POP3', base, bytes.length, bytes.length === 0 ? [] : [textNode(name, bytes, 0, bytes.length, base)], read.status === 'malformed' ? read.why : undefined);
    }
    return group('pop', 'POP3', base, read.end, nodesOf(bytes, read, base));
  },
};

interface ReadPop {
  readonly message: PopMessage;
  readonly lines: readonly WireLine[];
  readonly end: number;
}

function readPop(bytes: Uint8Array, { dir, mode }: Context): ReadPop | Incomplete | Malformed {
  if (mode === 'data' && dir !== 'up') return data(bytes);
  const line = firstLine(bytes);
  if ('status' in line) return line.status === 'malformed' && dir === 'down' && bytes[0] !== 0x16 ? data(bytes) : line;
  if (dir !== 'up' && REPLY.test(line.text)) {
    const { verb, argument } = commandOf(line.text);
    return { message: { type: 'reply', indicator: verb, text: argument }, lines: [line], end: line.next };
  }
  return dir === 'down' ? data(bytes) : { message: commandOf(line.text), lines: [line], end: line.next };
}

function data(bytes: Uint8Array): ReadPop | Incomplete {
  const run = runAt(bytes);
  return run === null ? incomplete(bytes.length + 1) : { message: { type: 'data', lines: run.lines.map(({ text }) => text), end: run.done }, lines: run.lines, end: run.end };
}

function nodesOf(bytes: Uint8Array, { message, lines }: ReadPop, base: number): FieldNode[] {
  const [first] = lines;
  if (first === undefined) return [];
  if (message.type === 'data') return runNodes('pop.response.data', bytes, lines, base);
  if (message.type === 'command') return [commandNode(COMMAND, bytes, first, base)];
  return [commandNode(ANSWER, bytes, first, base)];
}
