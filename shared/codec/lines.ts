// Protocols of lines: a command in one line, an answer with a number in one or more (SMTP RFC 5321 4.2, FTP RFC 959 4.2; POP3 and IMAP
// have the lines too). Text in values has one character a byte; what is shown is read as UTF-8, with nothing hidden in it.

import { concatBytes } from '../base/bytes';
import { utf8Text } from '../base/bytesText';
import { incomplete, malformed, type Incomplete, type Malformed } from './codec';
import type { FieldNode } from './field';
import { latin1, latin1Bytes, LF, CR } from './http/chars';
import { previewText } from './text';

export const LINE_LIMITS = {
  /** Bytes of one line; RFC 5321 4.5.3.1 asks for 1000, IMAP for no bound. */
  line: 65_536,
  /** Lines of one answer. */
  lines: 512,
  /** Bytes of lines that are taken as one message, where no line says how many there will be (a mail). */
  run: 65_536,
  /** Lines of one message that have nodes of their own. */
  shown: 256,
  /** Characters of a line that are a field's value. */
  text: 4096,
} as const;

export interface WireLine {
  readonly start: number;
  /** Before its line end, and behind it. */
  readonly end: number;
  readonly next: number;
  readonly text: string;
}

/** The line at `from`; null: its end is not there. A lone LF ends one too. */
export function lineAt(bytes: Uint8Array, from: number): WireLine | null {
  const feed = bytes.indexOf(LF, from);
  if (feed < 0) return null;
  const end = feed > from && bytes[feed - 1] === CR ? feed - 1 : feed;
  return { start: from, end, next: feed + 1, text: latin1(bytes, from, end) };
}

/** The first line, when the bytes begin as text: a control or a byte beyond ASCII begins none. */
export function firstLine(bytes: Uint8Array): WireLine | Incomplete | Malformed {
  const first = bytes[0];
  if (first === undefined) return incomplete(1);
  if ((first < 0x20 && first !== CR && first !== LF) || first > 0x7e) return malformed(0, 'no line begins so');
  const line = lineAt(bytes.subarray(0, LINE_LIMITS.line), 0);
  if (line !== null) return line;
  return bytes.length >= LINE_LIMITS.line ? malformed(0, `a line over ${LINE_LIMITS.line} bytes`) : incomplete(bytes.length + 1);
}

/** A command's word and what follows it; null: nothing does. */
export interface Command {
  readonly type: 'command';
  readonly verb: string;
  readonly argument: string | null;
}

export function commandOf(text: string): Command {
  const space = text.indexOf(' ');
  return space < 0 ? { type: 'command', verb: text, argument: null } : { type: 'command', verb: text.slice(0, space), argument: text.slice(space + 1) };
}

/** An answer: its number, and its lines as they are, numbers included. */
export interface Reply {
  readonly type: 'reply';
  readonly code: number;
  readonly lines: readonly string[];
}

export const beginsReply = (text: string): boolean => /^\d{3}(?![0-9A-Za-z])/.test(text);

/** An answer and where it ends. `loose`: between its first and its last line any text may stand (RFC 959 4.2). */
export function replyAt(bytes: Uint8Array, first: WireLine, loose: boolean): { readonly reply: Reply; readonly lines: readonly WireLine[]; readonly end: number } | Incomplete | Malformed {
  if (!beginsReply(first.text)) return malformed(0, 'an answer begins with three digits');
  const code = first.text.slice(0, 3);
  const lines = [first];
  let last = first;
  while (last.text[3] === '-' || !last.text.startsWith(code) || (last !== first && !beginsReply(last.text))) {
    const line = lineAt(bytes, last.next);
    if (line === null) return bytes.length - last.next >= LINE_LIMITS.line ? malformed(last.next, `a line over ${LINE_LIMITS.line} bytes`) : incomplete(bytes.length + 1);
    if (!loose && !line.text.startsWith(code)) return malformed(last.next, `an answer ${code} goes on with another line`);
    if (lines.length === LINE_LIMITS.lines) return malformed(last.next, `an answer over ${LINE_LIMITS.lines} lines`);
    lines.push(line);
    last = line;
  }
  return { reply: { type: 'reply', code: Number(code), lines: lines.map(({ text }) => text) }, lines, end: last.next };
}

/** Lines that belong to no answer, up to one with a single dot, as far as they are whole and few enough. Null: not one is whole. */
export function runAt(bytes: Uint8Array): { readonly lines: readonly WireLine[]; readonly end: number; readonly done: boolean } | null {
  const lines: WireLine[] = [];
  let at = 0;
  for (let line = lineAt(bytes, 0); line !== null && line.next <= LINE_LIMITS.run; line = lineAt(bytes, at)) {
    lines.push(line);
    at = line.next;
    if (line.text === '.') return { lines, end: at, done: true };
  }
  if (at > 0) return { lines, end: at, done: false };
  // One line that is too long: its bytes as they are.
  return bytes.length > LINE_LIMITS.run ? { lines: [{ start: 0, end: LINE_LIMITS.run, next: LINE_LIMITS.run, text: latin1(bytes, 0, LINE_LIMITS.run) }], end: LINE_LIMITS.run, done: false } : null;
}

/** Lines as bytes. Throws RangeError for one that holds a line end, TypeError for a character that is no byte. */
export function linesBytes(lines: readonly string[]): Uint8Array<ArrayBuffer> {
  return concatBytes(...lines.map((line) => {
    if (line.includes('\n')) throw new RangeError('a line end within a line');
    return latin1Bytes(`${line}\r\n`);
  }));
}

/** Bytes as a field with text. */
export function textNode(name: string, bytes: Uint8Array, from: number, to: number, base: number, children: readonly FieldNode[] = []): FieldNode {
  const slice = bytes.subarray(from, to);
  return { name, value: utf8Text(slice.subarray(0, LINE_LIMITS.text)), display: previewText(slice, 256), start: base + from, length: to - from, children };
}

/** A command's line with its word and its argument below it. */
export function commandNode(names: { readonly line: string; readonly verb: string; readonly argument: string }, bytes: Uint8Array, { start, end, next, text }: WireLine, base: number, more: readonly FieldNode[] = []): FieldNode {
  const space = text.indexOf(' ');
  const verb = space < 0 ? end : start + space;
  const children = [...(verb > start ? [textNode(names.verb, bytes, start, verb, base)] : []), ...(space >= 0 && verb + 1 < end ? [textNode(names.argument, bytes, verb + 1, end, base)] : []), ...more];
  return { ...textNode(names.line, bytes, start, next, base, children), display: previewText(bytes.subarray(start, end), 256) };
}

/** A line of an answer: its number in the first one, and its text. */
export function replyNode(names: { readonly line: string; readonly code: string; readonly argument: string }, bytes: Uint8Array, { start, end, next, text }: WireLine, first: boolean, base: number, more: readonly FieldNode[] = []): FieldNode {
  const numbered = beginsReply(text);
  const code: FieldNode[] = first && numbered ? [{ name: names.code, value: Number(text.slice(0, 3)), display: text.slice(0, 3), start: base + start, length: 3, children: [] }] : [];
  const from = numbered ? Math.min(start + 4, end) : start;
  const argument = from < end ? [textNode(names.argument, bytes, from, end, base)] : [];
  return { ...textNode(names.line, bytes, start, next, base, [...code, ...argument, ...more]), display: previewText(bytes.subarray(start, end), 256) };
}

/** One node a line, as many as are shown; the rest as one. */
export function runNodes(name: string, bytes: Uint8Array, lines: readonly WireLine[], base: number): FieldNode[] {
  const shown = lines.slice(0, LINE_LIMITS.shown);
  const nodes = shown.map(({ start, next }) => textNode(name, bytes, start, next, base));
  const rest = lines[LINE_LIMITS.shown];
  const last = lines.at(-1);
  return rest === undefined || last === undefined ? nodes : [...nodes, textNode(name, bytes, rest.start, last.next, base)];
}
