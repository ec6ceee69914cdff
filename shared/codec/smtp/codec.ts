// SMTP (RFC 5321) as a layer of a stream: one command, one answer of one or more lines, or lines of a mail. What a line is depends on the
// one before: after DATA comes the mail, up to a dot alone (4.5.2), after AUTH what it asks for (RFC 4954).

import { concatBytes } from '../../base/bytes';
import { incomplete, type Codec, type Context } from '../codec';
import { beginsReply, commandOf, firstLine, lineAt, linesBytes, replyAt, runAt, type Command, type WireLine } from '../lines';
import { smtpFields } from './fields';
import type { ReadSmtp, SmtpMessage } from './message';

/** RFC 5321 4.1.1 and what its extensions brought; in a mail's place one of these says that the mail was refused. */
const COMMANDS: ReadonlySet<string> = new Set(['HELO', 'EHLO', 'LHLO', 'MAIL', 'RCPT', 'DATA', 'BDAT', 'RSET', 'VRFY', 'EXPN', 'HELP', 'NOOP', 'QUIT', 'AUTH', 'STARTTLS', 'ETRN']);

/** What the next line of the client is: 'mail' right after DATA, 'more' within it, 'username', 'password', 'plain' after AUTH. */
function modeAfter(command: Command): string | undefined {
  const verb = command.verb.toUpperCase();
  if (verb === 'DATA') return 'mail';
  if (verb === 'BDAT') return chunkMode(Number(/^(\d{1,10})( +LAST)?$/i.exec(command.argument ?? '')?.[1] ?? 0));
  if (verb !== 'AUTH') return undefined;
  const [mechanism = '', initial] = (command.argument ?? '').toUpperCase().split(' ');
  if (mechanism === 'LOGIN') return initial === undefined ? 'username' : 'password';
  return initial === undefined ? 'plain' : undefined;
}

/** Bytes of a chunk that are one message. */
const CHUNK = 65_536;
const chunkMode = (left: number): string | undefined => (left > 0 ? `bdat:${left}` : undefined);

export const codec: Codec<SmtpMessage> = {
  protocol: 'smtp',
  title: 'SMTP',
  layer: 'application',
  claims: ['tcp.port:25', 'tcp.port:587'],
  decode(bytes, context) {
    const read = readSmtp(bytes, context);
    if ('status' in read) return read;
    const { message, end, mode } = read;
    const { dir } = context;
    return {
      status: 'complete', value: message, length: end, payload: { start: end, end: bytes.length, missing: context.missing ?? 0 }, next: ['app:smtp'],
      inside: { transport: 'tcp', ...(dir === undefined ? {} : { dir }), ...(mode === undefined ? {} : { mode }) }, quotes: false,
    };
  },
  encode(value, payload) {
    if (value.type === 'command') return concatBytes(linesBytes([value.argument === null ? value.verb : `${value.verb} ${value.argument}`]), payload);
    if (value.type === 'chunk') return concatBytes(value.data, payload);
    return concatBytes(linesBytes(value.type === 'auth' ? [value.text] : value.lines), payload);
  },
  fields: (bytes, context, base) => smtpFields(bytes, readSmtp(bytes, context), base),
};

function readSmtp(bytes: Uint8Array, { dir, mode }: Context): ReadSmtp | ReturnType<typeof incomplete> | Extract<ReturnType<typeof firstLine>, { status: 'malformed' }> {
  if (dir !== 'down' && (mode === 'more' || mode === 'mail')) {
    const run = runAt(bytes);
    if (run === null) return incomplete(bytes.length + 1);
    const refused = mode === 'mail' && COMMANDS.has(commandOf(run.lines[0]?.text ?? '').verb.toUpperCase());
    if (!refused) return { message: { type: 'mail', lines: run.lines.map(({ text }) => text), end: run.done }, lines: run.lines, end: run.end, mode: run.done ? undefined : 'more' };
  }
  if (dir !== 'down' && mode?.startsWith('bdat:') === true) {
    const announced = Number(mode.slice(5));
    const size = Math.min(announced, CHUNK);
    if (bytes.length < size) return incomplete(size);
    return { message: { type: 'chunk', data: bytes.slice(0, size), left: announced - size }, lines: linesWithin(bytes, size), end: size, mode: chunkMode(announced - size) };
  }
  const line = firstLine(bytes);
  if ('status' in line) return line;
  if (dir === 'down' || (dir === undefined && beginsReply(line.text))) {
    const read = replyAt(bytes, line, false);
    return 'status' in read ? read : { message: read.reply, lines: read.lines, end: read.end, mode: undefined };
  }
  const command = commandOf(line.text);
  const asked = mode === 'username' || mode === 'password' || mode === 'plain';
  if (asked && !COMMANDS.has(command.verb.toUpperCase())) return { message: { type: 'auth', asked: mode, text: line.text }, lines: [line], end: line.next, mode: mode === 'username' ? 'password' : undefined };
  return { message: command, lines: [line], end: line.next, mode: modeAfter(command) };
}

/** The lines of the first `size` bytes; the last one may have no end. */
function linesWithin(bytes: Uint8Array, size: number): WireLine[] {
  const chunk = bytes.subarray(0, size);
  const lines: WireLine[] = [];
  let at = 0;
  for (let line = lineAt(chunk, 0); line !== null; line = lineAt(chunk, at)) {
    lines.push(line);
    at = line.next;
  }
  if (at < size) lines.push({ start: at, end: size, next: size, text: '' });
  return lines;
}
