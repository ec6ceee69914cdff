// Mail on its way: what client and server of SMTP say, and of POP3, which brings it home.

import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../../base/bytesText';
import type { Codec, Context } from '../codec';
import { walkFields, type FieldNode } from '../field';
import { LINE_LIMITS } from '../lines';
import { codec as pop } from '../pop/codec';
import { keepsPromises } from '../promises.fixture';
import { codec } from './codec';

const up: Context = { transport: 'tcp', dir: 'up' };
const down: Context = { transport: 'tcp', dir: 'down' };

/** All messages of one direction, each with what the one before said. */
function read<V>(with_: Codec<V>, text: string, start: Context): V[] {
  const values: V[] = [];
  let context = start;
  for (let bytes = utf8Bytes(text); bytes.length > 0;) {
    const answer = with_.decode(bytes, context);
    if (answer.status !== 'complete') throw new Error(JSON.stringify(answer));
    values.push(answer.value);
    bytes = bytes.slice(answer.payload.start);
    context = answer.inside;
  }
  return values;
}
const shown = (with_: Codec<unknown>, text: string, context: Context): [string, unknown][] => {
  const tree: FieldNode = with_.fields(utf8Bytes(text), context, 0);
  return [...walkFields(tree)].filter(({ depth }) => depth > 1).map(({ node }) => [node.name, node.value]);
};

describe('a greeting', () => keepsPromises({ codec, context: down, bytes: 'text:220 mail.test ESMTP\r\n', after: 'text:250 ok\r\n', value: { type: 'reply', code: 220, lines: ['220 mail.test ESMTP'] } }));
describe('an answer of three lines', () => keepsPromises({ codec, context: down, bytes: 'text:250-mail.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n', value: { type: 'reply', code: 250, lines: ['250-mail.test', '250-PIPELINING', '250 8BITMIME'] } }));
describe('a command', () => keepsPromises({ codec, context: up, bytes: 'text:MAIL FROM:<ann@a.test>\r\n', after: 'text:RCPT TO:<bob@b.test>\r\n', value: { type: 'command', verb: 'MAIL', argument: 'FROM:<ann@a.test>' } }));
describe('a mail', () => keepsPromises({ codec, context: { ...up, mode: 'mail' }, datagram: true, bytes: 'text:Subject: hello\r\n\r\n..dots\r\n.\r\n', value: { type: 'mail', end: true, lines: ['Subject: hello', '', '..dots', '.'] } }));

describe('a name', () => keepsPromises({ codec, context: { ...up, mode: 'username' }, bytes: 'text:dXNlcg==\r\n', value: { type: 'auth', asked: 'username', text: 'dXNlcg==' } }));

describe('what the client says', () => {
  it('is commands, then the mail up to a dot, then commands again', () => {
    expect(read(codec, 'EHLO me\r\nDATA\r\nSubject: x\r\n\r\nQUIT is a word\r\n.\r\nQUIT\r\n', up).map((message) => (message.type === 'command' ? message.verb : message.type))).toEqual(['EHLO', 'DATA', 'mail', 'QUIT']);
  });

  it('is a command at once when the server did not want the mail', () => {
    expect(read(codec, 'DATA\r\nRSET\r\n', up)).toEqual([{ type: 'command', verb: 'DATA', argument: null }, { type: 'command', verb: 'RSET', argument: null }]);
  });

  it('is a name and a password where AUTH LOGIN asks for them', () => {
    expect(read(codec, 'AUTH LOGIN\r\ndXNlcg==\r\ncHc=\r\nMAIL FROM:<>\r\n', up).map(({ type }) => type)).toEqual(['command', 'auth', 'auth', 'command']);
    expect(read(codec, 'AUTH PLAIN AGFubgBwdw==\r\nQUIT\r\n', up).map(({ type }) => type)).toEqual(['command', 'command']);
  });

  it('is told from an answer by its digits when nobody knows the way', () => {
    expect(codec.decode(utf8Bytes('250 ok\r\n'), {})).toMatchObject({ status: 'complete', value: { type: 'reply' } });
    expect(codec.decode(utf8Bytes('NOOP\r\n'), {})).toMatchObject({ status: 'complete', value: { type: 'command' } });
  });
});

it('an answer is one node with the text of all of its lines', () => {
  const [, answer] = codec.fields(utf8Bytes('250-mail.test\r\n250 8BITMIME\r\n'), down, 0).children;
  expect(answer).toMatchObject({ name: 'smtp.response', value: '250-mail.test\r\n', start: 0, length: 29 });
});

it('names and passwords have fields of their own, in a line and in AUTH itself', () => {
  const told = (text: string, mode?: string): unknown[] => [...walkFields(codec.fields(utf8Bytes(text), mode === undefined ? up : { ...up, mode }, 0))].filter(({ node }) => node.name.startsWith('smtp.auth')).map(({ node: { name, value, start, length } }) => [name, value, start, length]);
  expect(told('dXNlcg==\r\n', 'username')).toEqual([['smtp.auth.username', 'dXNlcg==', 0, 10]]);
  expect(told('cHc=\r\n', 'password')).toEqual([['smtp.auth.password', 'cHc=', 0, 6]]);
  expect(told('AGFubgBwdw==\r\n', 'plain')).toEqual([['smtp.auth.username_password', 'AGFubgBwdw==', 0, 14]]);
  expect(told('AUTH PLAIN AGFubgBwdw==\r\n')).toEqual([['smtp.auth.username_password', 'AGFubgBwdw==', 11, 12]]);
  expect(told('auth login dXNlcg==\r\n')).toEqual([['smtp.auth.username', 'dXNlcg==', 11, 8]]);
  expect([...told('AUTH LOGIN\r\n'), ...told('AUTH CRAM-MD5\r\n')]).toEqual([]);
});

it('every line is shown with its parts', () => {
  expect(shown(codec, '250-mail.test\r\n250 8BITMIME\r\n', down)).toEqual([['smtp.response.code', 250], ['smtp.rsp.parameter', 'mail.test'], ['smtp.rsp.parameter', '8BITMIME']]);
  expect(shown(codec, 'RCPT TO:<b@b>\r\n', up)).toEqual([['smtp.req.command', 'RCPT'], ['smtp.req.parameter', 'TO:<b@b>']]);
});

it('what is no text, or never ends, is refused', () => {
  expect(codec.decode(Uint8Array.of(0x16, 3, 1, 0, 5), up)).toMatchObject({ status: 'malformed', at: 0 });
  expect(codec.decode(new Uint8Array(LINE_LIMITS.line).fill(0x41), up)).toMatchObject({ status: 'malformed', at: 0 });
  expect(codec.decode(utf8Bytes('250-a\r\n251 b\r\n'), down)).toMatchObject({ status: 'malformed', at: 7 });
  expect(codec.decode(utf8Bytes('250-a\r\n'.repeat(600)), down)).toMatchObject({ status: 'malformed' });
  expect(codec.decode(new Uint8Array(LINE_LIMITS.run + 1).fill(0x41), { ...up, mode: 'mail' })).toMatchObject({ status: 'complete', length: LINE_LIMITS.run });
  expect(() => codec.encode({ type: 'command', verb: 'A\nB', argument: null }, new Uint8Array(0), up)).toThrow(RangeError);
});

describe('POP3', () => {
  describe('an answer', () => keepsPromises({ codec: pop, context: down, bytes: 'text:+OK 2 messages\r\n', value: { type: 'reply', indicator: '+OK', text: '2 messages' } }));
  describe('a command', () => keepsPromises({ codec: pop, context: up, bytes: 'text:RETR 1\r\n', value: { type: 'command', verb: 'RETR', argument: '1' } }));
  describe('a list', () => keepsPromises({ codec: pop, context: down, datagram: true, bytes: 'text:1 100\r\n2 200\r\n.\r\n', value: { type: 'data', lines: ['1 100', '2 200', '.'], end: true } }));

  it('brings a mail line by line behind its answer, whatever it says', () => {
    expect(read(pop, '+OK\r\nSubject: x\r\n\r\n+OK is a word\r\n.\r\n-ERR no\r\n', down).map((message) => (message.type === 'data' ? message.lines.length : message.type))).toEqual(['reply', 4, 'reply']);
  });

  it('goes on with a mail that comes in pieces', () => {
    expect(pop.decode(utf8Bytes('+OK within\r\n.\r\n'), { ...down, mode: 'data' })).toMatchObject({ value: { type: 'data', end: true } });
    expect(shown(pop, 'USER ann\r\n', up)).toEqual([['pop.request.command', 'USER'], ['pop.request.parameter', 'ann']]);
    expect(shown(pop, '-ERR no such message\r\n', down)).toEqual([['pop.response.indicator', '-ERR'], ['pop.response.description', 'no such message']]);
  });
});
