// FTP (RFC 959; for IPv6 RFC 2428) as a layer of a stream: one command or one answer of the control connection. Addresses and ports of the
// data connection stand in its text: where the next connection will go is read from here.

import { concatBytes } from '../../base/bytes';
import type { Codec, Context, Incomplete, Malformed } from '../codec';
import { generated, group, type FieldNode } from '../field';
import { beginsReply, commandNode, commandOf, firstLine, linesBytes, replyAt, replyNode, textNode, type Command, type Reply, type WireLine } from '../lines';
import { addressNodes } from './addresses';

export type FtpMessage = Command | Reply;

const COMMAND = { line: 'ftp.line', verb: 'ftp.request.command', argument: 'ftp.request.arg' };
const REPLY = { line: 'ftp.line', code: 'ftp.response.code', argument: 'ftp.response.arg' };

export const codec: Codec<FtpMessage> = {
  protocol: 'ftp',
  title: 'FTP',
  layer: 'application',
  claims: ['tcp.port:21'],
  decode(bytes, context) {
    const read = readFtp(bytes, context);
    if ('status' in read) return read;
    const { dir } = context;
    return {
      status: 'complete', value: read.message, length: read.end, payload: { start: read.end, end: bytes.length, missing: context.missing ?? 0 }, next: ['app:ftp'],
      inside: { transport: 'tcp', ...(dir === undefined ? {} : { dir }) }, quotes: false,
    };
  },
  encode(value, payload) {
    return concatBytes(linesBytes(value.type === 'reply' ? value.lines : [value.argument === null ? value.verb : `${value.verb} ${value.argument}`]), payload);
  },
  fields(bytes, context, base) {
    const read = readFtp(bytes, context);
    if ('status' in read) return group('ftp', 'FTP', base, bytes.length, bytes.length === 0 ? [] : [textNode('ftp.line', bytes, 0, bytes.length, base)], read.status === 'malformed' ? read.why : undefined);
    const { message, lines, end } = read;
    const answer = message.type === 'reply';
    const flags = [generated('ftp.request', !answer, answer ? 'no' : 'yes', base, 0), generated('ftp.response', answer, answer ? 'yes' : 'no', base, 0)];
    return group('ftp', 'FTP', base, end, [...flags, ...lines.map((line, i) => lineNode(bytes, line, message, i === 0, base))]);
  },
};

function lineNode(bytes: Uint8Array, line: WireLine, message: FtpMessage, first: boolean, base: number): FieldNode {
  const addresses = first ? addressNodes(message.type === 'reply' ? message.code : message.verb, line, base) : [];
  return message.type === 'reply' ? replyNode(REPLY, bytes, line, first, base, addresses) : commandNode(COMMAND, bytes, line, base, addresses);
}

interface ReadFtp {
  readonly message: FtpMessage;
  readonly lines: readonly WireLine[];
  readonly end: number;
}

function readFtp(bytes: Uint8Array, { dir }: Context): ReadFtp | Incomplete | Malformed {
  const line = firstLine(bytes);
  if ('status' in line) return line;
  if (dir === 'up' || (dir === undefined && !beginsReply(line.text))) return { message: commandOf(line.text), lines: [line], end: line.next };
  const read = replyAt(bytes, line, true);
  return 'status' in read ? read : { message: read.reply, lines: read.lines, end: read.end };
}
