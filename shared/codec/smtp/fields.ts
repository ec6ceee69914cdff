// The tree of one message of SMTP with Wireshark's names: a node a line, below it what it is made of.

import type { Incomplete, Malformed } from '../codec';
import { generated, group, type FieldNode } from '../field';
import { commandNode, replyNode, runNodes, textNode, type WireLine } from '../lines';
import type { ReadSmtp } from './message';

const COMMAND = { line: 'smtp.command_line', verb: 'smtp.req.command', argument: 'smtp.req.parameter' };
const AUTH = { username: 'smtp.auth.username', password: 'smtp.auth.password', plain: 'smtp.auth.username_password' };
const REPLY = { line: 'smtp.response', code: 'smtp.response.code', argument: 'smtp.rsp.parameter' };

export function smtpFields(bytes: Uint8Array, read: ReadSmtp | Incomplete | Malformed, base: number): FieldNode {
  if ('status' in read) {
    const problem = read.status === 'malformed' ? read.why : undefined;
    return group('smtp', 'SMTP', base, bytes.length, bytes.length === 0 ? [] : [textNode('smtp.message', bytes, 0, bytes.length, base)], problem);
  }
  const { message, lines, end } = read;
  const [first] = lines;
  if (first === undefined) return group('smtp', 'SMTP', base, 0, []);
  const flag = (name: string): FieldNode => generated(name, true, 'yes', base, 0);
  switch (message.type) {
    case 'reply': return group('smtp', 'SMTP', base, end, [flag('smtp.rsp'), replyLines(bytes, first, lines.slice(1), end, base)]);
    case 'command': return group('smtp', 'SMTP', base, end, [flag('smtp.req'), commandNode(COMMAND, bytes, first, base, initialNodes(bytes, first, base))]);
    case 'auth': return group('smtp', 'SMTP', base, end, [flag('smtp.req'), { ...textNode(AUTH[message.asked], bytes, first.start, first.end, base), length: end }]);
    case 'chunk': return group('smtp', 'SMTP', base, end, runNodes('smtp.message', bytes, lines, base));
    case 'mail': {
      const text = message.end ? lines.slice(0, -1) : lines;
      const dot = message.end ? lines.slice(-1).map(({ start, next }) => textNode('smtp.eom', bytes, start, next, base)) : [];
      return group('smtp', 'SMTP', base, end, [...runNodes('smtp.message', bytes, text, base), ...dot]);
    }
    default: return message satisfies never;
  }
}

/** An answer: its first line is the value, and the text of each line stands below it (RFC 5321 4.2.1). */
function replyLines(bytes: Uint8Array, first: WireLine, more: readonly WireLine[], end: number, base: number): FieldNode {
  const texts = more.flatMap((line) => replyNode(REPLY, bytes, line, false, base).children);
  return { ...replyNode(REPLY, bytes, first, true, base, texts), length: end - first.start };
}

/** What AUTH itself brings: its initial response (RFC 4954 4). */
function initialNodes(bytes: Uint8Array, { text, start, end }: WireLine, base: number): FieldNode[] {
  const [found, mechanism = ''] = /^AUTH (PLAIN|LOGIN) +(?=[^ ])/i.exec(text) ?? [];
  if (found === undefined) return [];
  return [textNode(mechanism.toUpperCase() === 'LOGIN' ? AUTH.username : AUTH.plain, bytes, start + found.length, end, base)];
}
