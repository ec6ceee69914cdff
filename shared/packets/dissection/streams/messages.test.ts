// What protocols of lines and of DNS know beyond one message: which answer belongs to which question, where a connection goes on as TLS, what a
// port was said to speak, and mail in chunks.

import { expect, it } from 'vitest';
import { concatBytes, fromHex } from '../../../base/bytes';
import { walkFields } from '../../../codec/field';
import { latin1Bytes } from '../../../codec/http/chars';
import { RFC_8448, RFC_8448_KEYS, RFC_8448_ORDER } from '../../../codec/tls/rfc8448.fixture';
import { NO_FLAGS, type DnsMessage } from '../../../codec/dns/records';
import { codec as dns } from '../../../codec/dns/codec';
import { decodeAsOf, parseDecodeAs, type DecodeAs } from '../../decodeAs';
import { http2Line } from '../../follow/web.fixture';
import { Line, openFrames } from '../captured.fixture';
import { createDissector } from '../dissector';
import { PacketFields } from '../packetFields';

interface Known {
  readonly keyLog?: string;
  readonly lookAhead?: boolean;
  readonly decodeAs?: DecodeAs;
}

function told({ frames }: Line, known: Known = {}): { readonly number: number; readonly chain: string; readonly line: string; readonly fields: Readonly<Record<string, string>> }[] {
  const dissector = createDissector({ ...openFrames(frames), ...known });
  return frames.map((_, number) => {
    const { layers, protocol, info } = dissector.dissect(number);
    const nodes = layers.flatMap(({ tree }) => [...walkFields(tree)].map(({ node }) => [node.name, node.display] as const));
    return { number: number + 1, chain: layers.slice(3).map((layer) => layer.protocol).join(':'), line: `${protocol} ${info}`, fields: Object.fromEntries(nodes) };
  });
}

const query = (id: number, qr: boolean): Uint8Array => dns.encode({ id, flags: { ...NO_FLAGS, qr }, questions: [{ name: 'a.test', type: 1, class: 1 }], answers: [], authorities: [], additionals: [] } as unknown as DnsMessage, new Uint8Array(0), { transport: 'tcp' });

it('DNS over TCP: each answer has its question, in whatever order they come', () => {
  const line = new Line(53).say('up', concatBytes(query(1, false), query(2, false))).say('down', query(2, true)).say('down', query(1, true)).say('down', query(9, true));
  const found = told(line, { lookAhead: true }).map(({ fields }) => ['dns.response_in', 'dns.response_to', 'dns.time'].map((name) => fields[name] ?? '').join(' '));
  expect(found.slice(2)).toEqual(['4  ', ' 3 0.001000000', ' 3 0.002000000', '  ']);
});

it('messages that say how long they are have their size in the packet in which they end', () => {
  const sizes = ({ frames }: Line): string[] => {
    const dissector = createDissector(openFrames(frames));
    return frames.slice(2).map((_, number) => new PacketFields(dissector.dissect(number + 2)).texts('tcp.pdu.size').join());
  };
  const [one, two] = [query(1, false), query(2, false)];
  // The sizes are those of tshark.
  expect(sizes(new Line(53).say('up', concatBytes(one, two)).say('up', one.slice(0, 9)).say('up', concatBytes(one.slice(9), two, one.slice(0, 1))).say('up', one.slice(1)))).toEqual(['26,26', '', '26,26', '26']);
  const shake = concatBytes(latin1Bytes('\x13BitTorrent protocol'), new Uint8Array(48).fill(7));
  expect(sizes(new Line(6881).say('up', shake).say('down', concatBytes(shake, Uint8Array.of(0, 0, 0, 5, 4, 0, 0, 0, 9))).say('up', new Uint8Array(4)))).toEqual(['68', '68,9', '4']);
  expect(sizes(http2Line(latin1Bytes('x'.repeat(40)), 'gzip')).slice(0, 6)).toEqual(['24,9', '9', '28', '18,14', '24,29', '13,13']);
  expect(sizes(new Line(80).say('up', 'GET / HTTP/1.1\r\n\r\n'))).toEqual(['']);
});

it('a port speaks what somebody said', () => {
  const choice = parseDecodeAs('tcp.port==5300,dns');
  expect(typeof choice).toBe('object');
  const line = new Line(5300).say('up', query(1, false));
  expect(told(line)[2]?.chain).toBe('tcp:data');
  expect(told(line, { decodeAs: decodeAsOf(typeof choice === 'string' ? [] : choice) })[2]?.chain).toBe('tcp:dns');
  const web = new Line(80).say('up', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(told(web, { decodeAs: new Map([['tcp.port:80', 'smtp']]) })[2]?.chain).toMatch(/^tcp:smtp/);
  expect(told(web, { decodeAs: new Map([['tcp.port:80', 'data']]) })[2]?.chain).toBe('tcp:data');
});

it('such a choice is spelt as for tshark', () => {
  expect(parseDecodeAs('udp.port==5000-5001,dns')).toEqual([{ transport: 'udp', port: 5000, protocol: 'dns' }, { transport: 'udp', port: 5001, protocol: 'dns' }]);
  expect(parseDecodeAs('tcp.port==8888:2,SSL')).toEqual([{ transport: 'tcp', port: 8888, protocol: 'tls' }, { transport: 'tcp', port: 8889, protocol: 'tls' }]);
  for (const wrong of ['', 'tcp.port==80', 'ip.proto==6,http', 'tcp.port==80,nothing', 'tcp.port==70000,http', 'tcp.port==9-8,http', 'tcp.port==0-5000,http']) expect(typeof parseDecodeAs(wrong), wrong).toBe('string');
});

const CLEAR: readonly (readonly [name: string, port: number, talk: readonly (readonly ['up' | 'down', string])[]])[] = [
  ['SMTP', 25, [['down', '220 mail.test\r\n'], ['up', 'EHLO a\r\n'], ['down', '250-mail.test\r\n250 STARTTLS\r\n'], ['up', 'STARTTLS\r\n'], ['down', '220 go ahead\r\n']]],
  ['IMAP', 143, [['down', '* OK here\r\n'], ['up', 'a1 STARTTLS\r\n'], ['down', 'a1 OK begin\r\n']]],
  ['POP3', 110, [['down', '+OK here\r\n'], ['up', 'STLS\r\n'], ['down', '+OK begin\r\n']]],
  ['FTP', 21, [['down', '220 here\r\n'], ['up', 'AUTH TLS\r\n'], ['down', '234 begin\r\n']]],
];
it.each(CLEAR)('%s goes on as TLS behind the go-ahead, and inside it with the keys', (_name, port, talk) => {
  const line = new Line(port);
  for (const [dir, text] of talk) line.say(dir, text);
  for (const [dir, name] of RFC_8448_ORDER) line.say(dir, RFC_8448[name]);
  const sealed = told(line, { keyLog: RFC_8448_KEYS }).slice(2 + talk.length);
  expect(sealed[0]).toMatchObject({ chain: 'tcp:tls', line: expect.stringContaining('Client Hello') });
  expect(sealed.every(({ chain }) => chain.includes('tls'))).toBe(true);
  expect(sealed.some(({ chain }) => /tls:.*(data|smtp|imap|pop|ftp)/.test(chain))).toBe(true);
});

it('without the go-ahead it stays in clear', () => {
  const line = new Line(25).say('down', '220 mail.test\r\n').say('up', 'STARTTLS\r\n').say('down', '454 not now\r\n').say('up', 'NOOP\r\n').say('down', '250 ok\r\n');
  expect(told(line).slice(2).map(({ chain }) => chain)).toEqual(Array(5).fill('tcp:smtp'));
});

it('mail in chunks is as long as BDAT says, whatever is in it; commands may come together', () => {
  const line = new Line(25).say('up', 'MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 9\r\nQUIT\r\n.\r\nBDAT 4 LAST\r\nend\n').say('down', '250 ok\r\n250 ok\r\n250 9\r\n250 done\r\n').say('up', 'QUIT\r\n');
  const [mail, , quit] = told(line).slice(2);
  expect(mail?.chain).toBe('tcp:smtp:smtp:smtp:smtp:smtp:smtp');
  expect(mail?.line).toContain('C: BDAT 4 LAST');
  expect(quit?.line).toBe('SMTP C: QUIT');
});

it('the address of an extended passive FTP is the one that the answer came from', () => {
  const line = new Line(21).say('down', '220 ready\r\n').say('up', 'EPSV\r\n').say('down', '229 Entering Extended Passive Mode (|||6446|)\r\n').say('up', 'EPSV ALL\r\n');
  expect(told(line).slice(2).map(({ fields }) => [fields['ftp.epsv.ip'], fields['ftp.epsv.port']])).toEqual([[undefined, undefined], [undefined, undefined], ['127.0.0.2', '6446'], [undefined, undefined]]);
});

it('over TCP with bytes behind it, within its length, is asked and answered all the same', () => {
  const message = (flags: string, more: string): Uint8Array => {
    const bytes = fromHex(`0007 ${flags} 0001 0000 0000 0000 0161 00 00fc 0001 ${more}`);
    return concatBytes(Uint8Array.of(0, bytes.length), bytes);
  };
  const { frames } = new Line(53).say('up', message('0100', '0000')).say('down', message('8180', ''));
  const dissector = createDissector({ ...openFrames(frames), lookAhead: true });
  const [question, answer] = [2, 3].map((number) => new PacketFields(dissector.dissect(number)));
  expect([question?.texts('dns.response_in'), question?.texts('dns.extraneous.data'), answer?.texts('dns.response_to'), answer?.texts('dns.unsolicited')]).toEqual([['4'], ['0000'], ['3'], []]);
});
