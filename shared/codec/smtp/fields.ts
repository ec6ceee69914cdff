// The tree of one message of SMTP with Wireshark's names: a node a line, below it what it is made of.

import type { Incomplete, Malformed } from '../codec';
import { generated, group, type FieldNode } from '../field';
import { commandNode, replyNode, runNodes, textNode } from '../lines';
import type { ReadSmtp } from './message';

const COMMAND = { line: 'smtp.command_line', verb: 'smtp.req.command', argument: 'smtp.req.parameter' };
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
    case 'reply': return group('smtp', 'SMTP', base, end, [flag('smtp.rsp'), ...lines.map((line, i) => replyNode(REPLY, bytes, line, i === 0, base))]);
    case 'command': return group('smtp', 'SMTP', base, end, [flag('smtp.req'), commandNode(COMMAND, bytes, first, base)]);
    case 'auth': return group('smtp', 'SMTP', base, end, [flag('smtp.req'), textNode('smtp.auth.username_password', bytes, first.start, first.next, base)]);
    case 'chunk': return group('smtp', 'SMTP', base, end, runNodes('smtp.message', bytes, lines, base));
    case 'mail': {
      const text = message.end ? lines.slice(0, -1) : lines;
      const dot = message.end ? lines.slice(-1).map(({ start, next }) => textNode('smtp.eom', bytes, start, next, base)) : [];
      return group('smtp', 'SMTP', base, end, [...runNodes('smtp.message', bytes, text, base), ...dot]);
    }
    default: return message satisfies never;
  }
}
