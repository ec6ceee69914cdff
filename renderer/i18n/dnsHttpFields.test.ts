// Every field of DNS and HTTP/1 that the inspector may show has a name and a sentence, in every language.

import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex } from '../../shared/base/bytes';
import { framed } from '../../shared/codec/dns/codec';
import { dnsFields } from '../../shared/codec/dns/fields';
import { encodeMessage } from '../../shared/codec/dns/message';
import { ednsRecord, queryFor } from '../../shared/codec/dns/records';
import { DNS_TYPE } from '../../shared/codec/dns/types';
import { parseZone } from '../../shared/codec/dns/zoneText';
import { walkFields, type FieldNode } from '../../shared/codec/field';
import { latin1Bytes } from '../../shared/codec/http/chars';
import { headerFields } from '../../shared/codec/http/fieldNames';
import { fieldsOfMessage } from '../../shared/codec/http/fields';
import { catalog as en } from './catalog.en';
import { catalog as ko } from './catalog.ko';
import { catalog as ru } from './catalog.ru';

const { records } = parseZone([
  'a.t. 1 IN A 127.0.0.1', 'a.t. 1 IN AAAA ::1', 'a.t. 1 IN NS b.t.', 'a.t. 1 IN CNAME b.t.', 'a.t. 1 IN PTR b.t.', 'a.t. 1 IN DNAME b.t.', 'a.t. 1 IN MX 1 b.t.', 'a.t. 1 IN SOA a.t. b.t. 1 2 3 4 5', 'a.t. 1 IN TXT "x"',
  '_sip._udp.a.t. 1 IN SRV 1 2 3 b.t.', 'a.t. 1 IN CAA 0 issue "x"', 'a.t. 1 IN HTTPS 1 . alpn=h2', 'a.t. 1 IN TYPE65280 \\# 1 00',
].join('\n'));
const message = encodeMessage({ ...queryFor(1, 'a.t.', DNS_TYPE.A), answers: records, authorities: records.slice(0, 1), additionals: [ednsRecord({ udpSize: 1232, options: [{ code: 10, data: fromHex('00') }] })] });
const headers = headerFields.map((name) => `${name}: 0\r\n`).join('');
const TREES: readonly FieldNode[] = [
  dnsFields(framed(message), true, 0), dnsFields(framed(message).subarray(0, 60), true, 0), dnsFields(framed(concatBytes(message, fromHex('00'))), true, 0),
  fieldsOfMessage(latin1Bytes(`\r\nGET /a?b=c HTTP/1.1\r\n${headers.replace('transfer-encoding: 0\r\n', '')}X-Own: 1\r\n\r\n`), { kind: 'request' }),
  fieldsOfMessage(latin1Bytes('HTTP/1.1 200 OK\r\nX-Own: 1\r\nTransfer-Encoding: chunked\r\n\r\n1;a\r\nx\r\n0\r\nT: 1\r\n\r\n'), { kind: 'response' }),
  fieldsOfMessage(latin1Bytes('HTTP/1.1 200 OK\r\n\r\nbody'), { kind: 'response' }), fieldsOfMessage(latin1Bytes('no HTTP'), { kind: 'request' }),
  fieldsOfMessage(latin1Bytes('NOTIFY * HTTP/1.1\r\nNT: 1\r\nCookie: a=b\r\nAuthorization: Basic YQ==\r\nTransfer-Encoding: x, chunked\r\nContent-Length: 1\r\n\r\n'), { kind: 'request' }),
  fieldsOfMessage(latin1Bytes('HTTP/1.1 200 OK\r\nX : 1\r\nContent-Encoding: gzip\r\n\r\nbody'), { kind: 'response', tolerant: true }),
];

describe.each([['en', en], ['ko', ko], ['ru', ru]])('fields in %s', (_locale, catalog) => {
  const fields = catalog['fields'] as unknown as Readonly<Record<string, unknown>> & { readonly name: Readonly<Record<string, unknown>> };
  it('all have a name and a sentence', () => {
    const keys = new Set<string>();
    for (const tree of TREES) for (const { node, depth } of walkFields(tree)) if (depth > 0) keys.add(node.name.replaceAll('.', '_'));
    expect([...keys].filter((key) => fields[key] === undefined || fields.name[key] === undefined)).toEqual([]);
    expect(keys.size).toBeGreaterThan(120);
  });
});
