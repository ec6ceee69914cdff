// Every field of HTTP/2, TLS and certificates that the inspector may show has a name and a sentence, in every language: all names that
// stand in the codecs' sources, and those that they put together.

import { describe, expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import { fromBase64 } from '../../shared/base/base64';
import { walkFields } from '../../shared/codec/field';
import { fieldsOfFrame } from '../../shared/codec/http2/fields';
import { encodeFrame } from '../../shared/codec/http2/frame';
import { HpackDecoder } from '../../shared/codec/http2/hpack/decoder';
import { HpackEncoder } from '../../shared/codec/http2/hpack/encoder';
import { STATIC_TABLE } from '../../shared/codec/http2/hpack/staticTable';
import { KeyLog } from '../../shared/codec/tls/decrypt/keyLog';
import { fieldsOfOpened, fieldsOfRecord } from '../../shared/codec/tls/fields';
import { RFC_8448, RFC_8448_KEYS, RFC_8448_ORDER } from '../../shared/codec/tls/rfc8448.fixture';
import { TlsSessionReader } from '../../shared/codec/tls/session';
import { certificatePem } from '../../shared/codec/x509/certificatePem.fixture';
import { certificateNodes } from '../../shared/codec/x509/fields';
import { KEY_USAGES } from '../../shared/codec/x509/names';
import { catalog as en } from './catalog.en';
import { catalog as ko } from './catalog.ko';
import { catalog as ru } from './catalog.ru';

const NAME = /'((?:http2|tls|x509[a-z]*|pkix1[a-z]*|pkcs1|ber|ocsp)\.[A-Za-z0-9_.]+)'/g;
const sources = import.meta.glob<string>(['../../shared/codec/{http2,tls,x509}/*.ts', '!**/*.{test,fixture}.ts', '!**/schema.ts'], { eager: true, query: '?raw', import: 'default' });

const written = (): string[] => Object.values(sources).flatMap((source) => [...source.matchAll(NAME)].map(([, name = '']) => name));

function shown(): string[] {
  const log = new KeyLog();
  log.add(RFC_8448_KEYS);
  const session = new TlsSessionReader(log);
  const trees = RFC_8448_ORDER.flatMap(([dir, name]) => session.push(dir, RFC_8448[name]).flatMap(({ bytes, opening }) => {
    const record = fieldsOfRecord(bytes, { tls13: true });
    return opening.state === 'opened' ? [record, fieldsOfOpened(opening.record.inner, opening.record.contentType, opening.record.content.length)] : [record];
  }));
  const fragment = new HpackEncoder().encode(STATIC_TABLE.map(({ name }) => ({ name, value: '1' })));
  const frame = encodeFrame({ type: 'HEADERS', padding: null, priority: null, fragment, flags: 4, reserved: false, streamId: 1 });
  trees.push(fieldsOfFrame(frame, { block: new HpackDecoder().decode(fragment), fragmentAt: 0 }));
  const der = must(fromBase64(certificatePem.replace(/-----[^-]+-----|\s/g, '')), 'a certificate');
  const certificate = certificateNodes(der, 0, der.length, 0, { left: 1000 });
  const strings = ['uTF8String', 'printableString', 'teletexString', 'universalString', 'bmpString'].map((name) => `x509sat.${name}`);
  return [...trees, ...certificate.nodes].flatMap((tree) => [...walkFields(tree)].filter(({ depth }) => depth > 0).map(({ node }) => node.name))
    .concat(KEY_USAGES.map((usage) => `x509ce.KeyUsage.${usage}`), strings, ['ipv4', 'ipv6'].map((kind) => `x509ce.IPAddress.${kind}`))
    .concat(['dNSName', 'rfc822Name', 'uniformResourceIdentifier'].map((kind) => `x509ce.${kind}`), ['ia5String', 'visibleString', 'bmpString', 'utf8String'].map((name) => `pkix1implicit.${name}`))
    .concat(['p', 'g', 'ys', 'modulus', 'exponent'].flatMap((name) => [`tls.handshake.${name}_len`, `tls.handshake.${name}`]));
}

describe.each([['en', en], ['ko', ko], ['ru', ru]])('fields in %s', (_locale, catalog) => {
  const fields = catalog['fields'] as unknown as Readonly<Record<string, unknown>> & { readonly name: Readonly<Record<string, unknown>> };
  it('all have a name and a sentence', () => {
    const keys = new Set([...written(), ...shown()].map((name) => name.replaceAll('.', '_')));
    expect([...keys].filter((key) => fields[key] === undefined || fields.name[key] === undefined)).toEqual([]);
    expect(keys.size).toBeGreaterThan(250);
  });
});
