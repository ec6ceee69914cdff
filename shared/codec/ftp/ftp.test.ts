// The control connection of FTP, and IMAP, whose lines may hold whole mails.

import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../../base/bytesText';
import type { Context } from '../codec';
import { walkFields } from '../field';
import { codec as imap } from '../imap/codec';
import { keepsPromises } from '../promises.fixture';
import { codec } from './codec';

const up: Context = { transport: 'tcp', dir: 'up' };
const down: Context = { transport: 'tcp', dir: 'down' };

describe('a command', () => keepsPromises({ codec, context: up, bytes: 'text:RETR a b.txt\r\n', after: 'text:QUIT\r\n', value: { type: 'command', verb: 'RETR', argument: 'a b.txt' } }));
describe('an answer with any text between its lines', () => keepsPromises({ codec, context: down, bytes: 'text:220-hi\r\n 220 not yet\r\nwelcome\r\n220 ready\r\n', value: { type: 'reply', code: 220, lines: ['220-hi', ' 220 not yet', 'welcome', '220 ready'] } }));
describe('an answer of IMAP with a literal', () => keepsPromises({
  codec: imap, context: down, bytes: 'text:* 1 FETCH (BODY[] {7}\r\nhe\r\nllo FLAGS ())\r\n', after: 'text:a2 OK done\r\n', value: { type: 'response', tag: '*', name: '1', text: '* 1 FETCH (BODY[] {7}\r\nhe\r\nllo FLAGS ())' },
}));
describe('a command of IMAP', () => keepsPromises({ codec: imap, context: up, bytes: 'text:a1 LOGIN ann {2+}\r\npw\r\n', value: { type: 'request', tag: 'a1', name: 'LOGIN' } }));

describe('where the data connection goes', () => {
  const said = (text: string, context: Context): unknown => Object.fromEntries([...walkFields(codec.fields(utf8Bytes(text), context, 0))].filter(({ node }) => /^ftp\.(passive|active|epsv|eprt)/.test(node.name)).map(({ node }) => [node.name, node.value]));

  it('stands in the text of an answer, or of a command', () => {
    expect(said('227 Entering Passive Mode (10,0,0,2,4,1)\r\n', down)).toEqual({ 'ftp.passive.ip': '10.0.0.2', 'ftp.passive.port': 1025 });
    expect(said('229 Entering Extended Passive Mode (|||6446|)\r\n', down)).toEqual({ 'ftp.epsv.port': 6446 });
    expect(said('PORT 10,0,0,1,4,2\r\n', up)).toEqual({ 'ftp.active.cip': '10.0.0.1', 'ftp.active.port': 1026 });
    expect(said('EPRT |1|132.235.1.2|6275|\r\n', up)).toEqual({ 'ftp.eprt.af': 1, 'ftp.eprt.ip': '132.235.1.2', 'ftp.eprt.port': 6275 });
    expect(said('EPRT |2|1080::8:800:200C:417A|5282|\r\n', up)).toEqual({ 'ftp.eprt.af': 2, 'ftp.eprt.ipv6': '1080::8:800:200c:417a', 'ftp.eprt.port': 5282 });
  });

  it('is not made up from numbers that are none', () => {
    expect(said('227 Entering Passive Mode (10,0,0,256,4,1)\r\n', down)).toEqual({});
    expect(said('229 (|||66446|)\r\n', down)).toEqual({});
    expect(said('EPRT |2|1::2::3|5282|\r\n', up)).toEqual({});
    expect(said('227 no\r\n', down)).toEqual({});
  });
});

describe('IMAP', () => {
  const shown = (text: string, context: Context): unknown[] => [...walkFields(imap.fields(utf8Bytes(text), context, 0))].filter(({ depth }) => depth > 1).map(({ node }) => [node.name.slice(5), node.value]);
  const lines = (text: string, context: Context): unknown[] => imap.fields(utf8Bytes(text), context, 0).children.slice(1).map(({ name, value, start, length }) => [name, value, start, length]);

  it('names commands by tags, and answers the same way', () => {
    expect(shown('a2 UID FETCH 1 BODY[]\r\n', up)).toEqual([['request', 'a2 UID FETCH 1 BODY[]'], ['request_tag', 'a2'], ['tag', 'a2'], ['request.command.uid', true], ['request.command', 'FETCH'], ['command', 'UID']]);
    expect(shown('a1 LOGIN ann pw\r\n', up).slice(3)).toEqual([['request.command', 'LOGIN'], ['command', 'LOGIN'], ['request.username', 'ann'], ['request.password', 'pw']]);
    expect(shown('a1 LOGIN "ann b" "p \\" w"\r\n', up).slice(5)).toEqual([['request.username', '"ann b"'], ['request.password', 'p \\" w']]);
    expect(shown('a3 SELECT INBOX\r\n', up).slice(3)).toEqual([['request.command', 'SELECT'], ['command', 'SELECT'], ['request.folder', 'INBOX']]);
    expect(shown('a4 COPY 1:2 "old mail"\r\n', up).slice(5)).toEqual([['request.folder', '"old mail"']]);
    expect(shown('a5 UID COPY 1:2 old\r\n', up).slice(6)).toEqual([['request.folder', 'old']]);
    expect(shown('a2 OK FETCH done\r\n', down)).toEqual([['response', 'a2 OK FETCH done'], ['response_tag', 'a2'], ['tag', 'a2'], ['response.status', 'OK'], ['response.command', 'FETCH'], ['command', 'FETCH']]);
  });

  it('answers that belong to no command have no tag, and what a server asks for has no status', () => {
    expect(shown('* 23 EXISTS\r\n', down)).toEqual([]);
    expect(lines('* 23 EXISTS\r\n', down)).toEqual([['imap.line', '* 23 EXISTS\r\n', 0, 13]]);
    expect(shown('+ go on\r\n', down)).toEqual([['response', '+ go on'], ['response_tag', '+'], ['tag', '+']]);
  });

  it('a line goes on over its literal, and another line follows that', () => {
    expect(lines('* 1 FETCH (BODY[] {4}\r\na\r\nb UID 7)\r\n', down)).toEqual([['imap.line', '* 1 FETCH (BODY[] {4}\r\n', 0, 27], ['imap.line', ' UID 7)\r\n', 27, 9]]);
  });

  it('waits for all of a literal, and asks for no more', () => {
    expect(imap.decode(utf8Bytes('* 1 FETCH (BODY[] {1000}\r\nhello'), down)).toEqual({ status: 'incomplete', need: 1026 });
    expect(imap.decode(utf8Bytes('a OK done\r\n'), {})).toMatchObject({ value: { type: 'response' } });
    expect(imap.decode(utf8Bytes('a NOOP\r\n'), {})).toMatchObject({ value: { type: 'request' } });
  });
});
