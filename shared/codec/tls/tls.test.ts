// Records, handshake messages and extensions as bytes, values and trees; messages across records; and records that are none.

import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../base/bytes';
import { findField, walkFields, type FieldNode } from '../field';
import { aeadOf } from './cipherSuites';
import { codec } from './codec';
import { HELLO_EXTENSIONS, makeExtension } from './extension';
import { fieldsOfRecord } from './fields';
import { HandshakeAssembler } from './handshake';
import { chosenVersion, decodeClientHello, decodeServerHello, encodeClientHello, encodeHandshake, encodeServerHello, isRetry, type ClientHello } from './hello';
import { TLS_LIMITS } from './limits';
import { CONTENT, EXTENSION, HANDSHAKE } from './names';
import { encodeRecord } from './record';
import { RFC_8448 } from './rfc8448.fixture';
import { alertTitle, TlsStreamReader } from './stream';

const record = (fragment: Uint8Array, contentType: number = CONTENT.handshake): Uint8Array => encodeRecord({ contentType, version: 0x0303, fragment });
const values = (tree: FieldNode, name: string): unknown[] => [...walkFields(tree)].filter(({ node }) => node.name === name).map(({ node }) => node.value);
const problems = (tree: FieldNode): string[] => [...walkFields(tree)].flatMap(({ node }) => node.problem ?? []);

const HELLO: ClientHello = {
  version: 0x0303, random: new Uint8Array(32).fill(7), sessionId: new Uint8Array(32).fill(9), cipherSuites: [0x0a0a, 0x1301, 0x1302, 0x1303, 0xc02f, 0x00ff], compressionMethods: [0],
  extensions: [
    { type: 0x1a1a, data: new Uint8Array(0) }, makeExtension.serverName('www.example.test'), makeExtension.alpn(['h2', 'http/1.1']), makeExtension.versions([0x2a2a, 0x0304, 0x0303]), makeExtension.groups([0x3a3a, 29, 23]),
    makeExtension.signatureAlgorithms([0x0403, 0x0804]), makeExtension.keyShares([{ group: 29, key: new Uint8Array(32).fill(5) }]),
    { type: EXTENSION.pskKeyExchangeModes, data: fromHex('0101') }, { type: EXTENSION.ecPointFormats, data: fromHex('0100') }, { type: EXTENSION.extendedMasterSecret, data: new Uint8Array(0) },
    { type: EXTENSION.statusRequest, data: fromHex('0100000000') }, { type: EXTENSION.renegotiationInfo, data: fromHex('00') }, { type: EXTENSION.sessionTicket, data: fromHex('aabb') }, { type: 4660, data: fromHex('010203') },
    { type: EXTENSION.preSharedKey, data: fromHex('0008 0002 abcd 00000001 0003 02 beef') }, { type: EXTENSION.cookie, data: fromHex('0002 0102') }, { type: EXTENSION.padding, data: new Uint8Array(3) },
  ],
};
const CLIENT_HELLO = record(encodeHandshake(HANDSHAKE.clientHello, encodeClientHello(HELLO)));

describe('hellos', () => {
  it('of RFC 8448 are decoded and written back', () => {
    const client = decodeClientHello(RFC_8448.clientHello.subarray(9));
    const server = decodeServerHello(RFC_8448.serverHello.subarray(9));
    if (client === null || server === null) throw new Error('no hello');
    expect(client).toMatchObject({ version: 0x0303, cipherSuites: [0x1301, 0x1303, 0x1302], compressionMethods: [0] });
    const extensions = client.extensions ?? [];
    expect(HELLO_EXTENSIONS.serverName(extensions)).toBe('server');
    expect(HELLO_EXTENSIONS.versions(extensions)).toEqual([0x0304]);
    expect(HELLO_EXTENSIONS.groups(extensions).slice(0, 2)).toEqual([29, 23]);
    expect(HELLO_EXTENSIONS.signatureAlgorithms(extensions)[0]).toBe(0x0403);
    expect(server).toMatchObject({ cipherSuite: 0x1301 });
    expect([chosenVersion(server), isRetry(server)]).toEqual([0x0304, false]);
    expect(toHex(encodeRecord({ contentType: 22, version: 0x0301, fragment: encodeHandshake(1, encodeClientHello(client)) }))).toBe(toHex(RFC_8448.clientHello));
    expect(toHex(encodeRecord({ contentType: 22, version: 0x0303, fragment: encodeHandshake(2, encodeServerHello(server)) }))).toBe(toHex(RFC_8448.serverHello));
  });

  it('come back as they went, with extensions, with none and without any', () => {
    for (const extensions of [HELLO.extensions, [], null]) {
      const hello = { ...HELLO, extensions };
      expect(decodeClientHello(encodeClientHello(hello))).toEqual(hello);
      const answer = { version: 0x0303, random: HELLO.random, sessionId: new Uint8Array(0), cipherSuite: 0xc02f, compressionMethod: 0, extensions };
      expect(decodeServerHello(encodeServerHello(answer))).toEqual(answer);
    }
  });

  it('are none when cut anywhere', () => {
    const body = encodeClientHello(HELLO);
    const noExtensions = encodeClientHello({ ...HELLO, extensions: null }).length;
    for (let length = 0; length < body.length; length++) if (length !== noExtensions) expect(decodeClientHello(body.subarray(0, length)), `${length}`).toBeNull();
  });
});

describe('the tree of a ClientHello', () => {
  const tree = fieldsOfRecord(CLIENT_HELLO, { base: 54 });

  it('names each extension and what is in it', () => {
    expect(tree.display).toBe('TLS Client Hello');
    expect(problems(tree)).toEqual([]);
    expect([...walkFields(tree)].filter(({ node }) => node.name === 'tls.handshake.extension').map(({ node }) => node.display)).toEqual([
      'GREASE', 'server_name: www.example.test', 'application_layer_protocol_negotiation: h2, http/1.1', 'supported_versions: GREASE, TLS 1.3, TLS 1.2', 'supported_groups: GREASE, x25519, secp256r1',
      'signature_algorithms: ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256', 'key_share: x25519', 'psk_key_exchange_modes: PSK with (EC)DHE', 'ec_point_formats: uncompressed', 'extended_master_secret', 'status_request',
      'renegotiation_info', 'session_ticket', '4660', 'pre_shared_key: PSK', 'cookie', 'padding: 3 B',
    ]);
    expect(values(tree, 'tls.handshake.ciphersuite')).toEqual(HELLO.cipherSuites);
    expect(findField(tree, 'tls.handshake.ciphersuite')?.display).toBe('GREASE (0x0a0a)');
    expect(values(tree, 'tls.handshake.extensions_alpn_str')).toEqual(['h2', 'http/1.1']);
    expect(values(tree, 'tls.handshake.extensions.psk.identity.identity')).toEqual([fromHex('abcd')]);
    expect(values(tree, 'tls.handshake.extension.data')).toEqual([fromHex('aabb'), fromHex('010203')]);
  });

  it('lies over its bytes, each below its parent, none twice', () => {
    const check = (node: FieldNode): void => {
      let at = node.start;
      for (const child of node.children) {
        expect(child.start, child.name).toBeGreaterThanOrEqual(at);
        expect(child.start + child.length, child.name).toBeLessThanOrEqual(node.start + node.length);
        at = child.start + child.length;
        check(child);
      }
    };
    check(tree);
    expect(tree).toMatchObject({ start: 54, length: CLIENT_HELLO.length });
    const name = findField(tree, 'tls.handshake.extensions_server_name');
    expect(String.fromCharCode(...CLIENT_HELLO.subarray((name?.start ?? 0) - 54, (name?.start ?? 0) - 54 + (name?.length ?? 0)))).toBe('www.example.test');
  });

  it('says where a length lies', () => {
    const spoilt = CLIENT_HELLO.slice();
    // The list of cipher suites, which is said to be longer than the message.
    spoilt[5 + 4 + 2 + 32 + 33] = 0x7f;
    expect(problems(fieldsOfRecord(spoilt))[0]).toMatch(/bytes announced, \d+ are here/);
  });
});

describe('other messages', () => {
  const tree = (type: number, body: string, options = {}): FieldNode => fieldsOfRecord(record(encodeHandshake(type, fromHex(body))), options);

  it.each([
    ['Key Update', HANDSHAKE.keyUpdate, '01', { 'tls.handshake.key_update.request_update': 1 }],
    ['Server Hello Done', HANDSHAKE.serverHelloDone, '', { 'tls.handshake.length': 0 }],
    ['Finished', HANDSHAKE.finished, '0102030405060708090a0b0c', { 'tls.handshake.verify_data': fromHex('0102030405060708090a0b0c') }],
    ['Certificate Verify', HANDSHAKE.certificateVerify, '0804 0002 abcd', { 'tls.handshake.sig_hash_alg': 0x0804, 'tls.handshake.client_cert_vrfy.sig': fromHex('abcd') }],
    ['Server Key Exchange', HANDSHAKE.serverKeyExchange, '03 001d 02 aaaa 0804 0001 bb', { 'tls.handshake.server_named_curve': 29, 'tls.handshake.server_point': fromHex('aaaa'), 'tls.handshake.sig': fromHex('bb') }],
    ['Client Key Exchange', HANDSHAKE.clientKeyExchange, '02 aaaa', { 'tls.handshake.client_point': fromHex('aaaa') }],
    ['Client Key Exchange', HANDSHAKE.clientKeyExchange, '0003 aabbcc', { 'tls.handshake.epms': fromHex('aabbcc') }],
    ['New Session Ticket', HANDSHAKE.newSessionTicket, '00001c20 0003 aabbcc', { 'tls.handshake.session_ticket_lifetime_hint': 7200, 'tls.handshake.session_ticket': fromHex('aabbcc') }],
    ['New Session Ticket', HANDSHAKE.newSessionTicket, '00001c20 00000005 01 07 0003 aabbcc 0008 002a0004 00000400', { 'tls.handshake.session_ticket_age_add': 5, 'tls.handshake.session_ticket_nonce': fromHex('07'), 'tls.early_data.max_early_data_size': 1024 }],
    ['Certificate Request', HANDSHAKE.certificateRequest, '01 01 0002 0403 0000', { 'tls.handshake.cert_type': 1, 'tls.handshake.sig_hash_alg': 0x0403, 'tls.handshake.dnames_len': 0 }],
    ['Certificate Request', HANDSHAKE.certificateRequest, '00 0008 000d 0004 0002 0403', { 'tls.handshake.certificate_request_context_length': 0, 'tls.handshake.sig_hash_alg': 0x0403 }],
    ['Encrypted Extensions', HANDSHAKE.encryptedExtensions, '0009 0010 0005 0003 02 6832', { 'tls.handshake.extensions_alpn_str': 'h2' }],
    ['Certificate', HANDSHAKE.certificate, '000005 000002 3000', { 'tls.handshake.certificates_length': 5, 'tls.handshake.certificate_length': 2 }],
    ['Certificate', HANDSHAKE.certificate, '00 000007 000002 3000 0000', { 'tls.handshake.certificate_request_context_length': 0, 'tls.handshake.extensions_length': 0 }],
  ])('%s', (name, type, body, fields) => {
    const shown = tree(type, body);
    expect(shown.display).toBe(`TLS ${name}`);
    expect(problems(shown)).toEqual([]);
    for (const [field, value] of Object.entries(fields)) expect(values(shown, field)[0], field).toEqual(value);
  });

  it('alerts and changes of the cipher, in clear and sealed', () => {
    expect(fieldsOfRecord(record(fromHex('022a'), CONTENT.alert)).display).toBe('TLS Alert (Fatal: Bad Certificate)');
    expect(findField(fieldsOfRecord(record(fromHex('022a'), CONTENT.alert)), 'tls.alert_message.desc')).toMatchObject({ value: 42, start: 6 });
    expect(fieldsOfRecord(record(new Uint8Array(26), CONTENT.alert)).display).toBe('TLS Encrypted Alert');
    expect(findField(fieldsOfRecord(record(fromHex('01'), CONTENT.changeCipherSpec)), 'tls.change_cipher_spec')?.length).toBe(1);
    expect(fieldsOfRecord(record(concatBytes(new Uint8Array(8), new Uint8Array(32).fill(0xa7)))).display).toBe('TLS Encrypted Handshake Message');
    expect(alertTitle({ level: 2, description: 48 })).toBe('Alert (unknown ca)');
  });
});

describe('a direction of a connection', () => {
  const finished = encodeHandshake(HANDSHAKE.finished, new Uint8Array(12));
  const long = encodeHandshake(HANDSHAKE.certificate, concatBytes(fromHex('000ffa 000ff7'), new Uint8Array(4087)));

  it('puts a message together that spans records, and takes several out of one', () => {
    const flight = concatBytes(long, finished, finished);
    const reader = new TlsStreamReader();
    const records = reader.push(concatBytes(record(flight.subarray(0, 2)), record(flight.subarray(2, 1000)), record(flight.subarray(1000, 4100)), record(flight.subarray(4100))));
    expect(records.map(({ messages }) => messages.map(({ name, firstRecord, lastRecord, start }) => `${name} ${firstRecord}-${lastRecord} at ${start}`))).toEqual([[], [], ['Certificate 0-2 at 0'], ['Finished 2-3 at 3097', 'Finished 3-3 at 13']]);
    expect(records.map(({ continued }) => continued)).toEqual([0, 998, 3097, 13]);
    expect(toHex(records[2]?.messages[0]?.bytes ?? new Uint8Array(0))).toBe(toHex(long));
  });

  it('knows what is sealed behind ChangeCipherSpec', () => {
    const ccs = record(fromHex('01'), CONTENT.changeCipherSpec);
    const sealed = record(concatBytes(new Uint8Array(8), new Uint8Array(32).fill(0x5a)));
    const reader = new TlsStreamReader();
    expect(reader.push(concatBytes(CLIENT_HELLO, ccs, sealed, record(new Uint8Array(40), CONTENT.applicationData), record(new Uint8Array(30), CONTENT.alert))).map(({ sealed: is }) => is)).toEqual([false, false, true, true, true]);
  });

  it('reads a second hello behind it', () => {
    const ccs = record(fromHex('01'), CONTENT.changeCipherSpec);
    expect(new TlsStreamReader().push(concatBytes(CLIENT_HELLO, ccs, CLIENT_HELLO)).map(({ messages }) => messages.map(({ name }) => name))).toEqual([['Client Hello'], [], ['Client Hello']]);
  });

  it('stops where no record is, and says where', () => {
    const reader = new TlsStreamReader(100);
    expect(reader.push(concatBytes(CLIENT_HELLO, fromHex('474554202f')))).toHaveLength(1);
    expect(reader.failure).toEqual({ at: 100 + CLIENT_HELLO.length, why: '71 is no content type' });
    expect(reader.push(CLIENT_HELLO)).toEqual([]);
    const large = new TlsStreamReader();
    large.push(fromHex('170303ffff'));
    expect(large.failure).toEqual({ at: 3, why: 'a fragment of 65535 bytes' });
  });

  it('says what has begun and is not whole', () => {
    const reader = new TlsStreamReader();
    reader.push(CLIENT_HELLO.subarray(0, 3));
    expect(reader.partial).toEqual({ start: 0, have: 3, need: 5 });
    reader.push(CLIENT_HELLO.subarray(3, 50));
    reader.push(CLIENT_HELLO.subarray(50, 51));
    expect(reader.partial).toEqual({ start: 0, have: 51, need: CLIENT_HELLO.length });
  });

  it('refuses a message of 16 MB, and one in thousands of records', () => {
    const assembler = new HandshakeAssembler();
    expect(assembler.push(fromHex('0bffffff'), 0)).toEqual([]);
    expect(assembler.broken).toBe('a handshake message of 16777219 bytes');
    const slow = new HandshakeAssembler();
    slow.push(fromHex('0b01f000'), 0);
    for (let i = 1; i < 2000; i++) slow.push(fromHex('00'), i);
    expect(slow.broken).toBe('a handshake message in too many records');
    expect(slow.waiting).toBe(0);
  });
});

describe('the codec', () => {
  it('answers every prefix, and goes on with the next record', () => {
    const stream = concatBytes(CLIENT_HELLO, CLIENT_HELLO);
    expect(codec.decode(stream, {})).toMatchObject({ status: 'complete', length: CLIENT_HELLO.length, payload: { start: CLIENT_HELLO.length, end: stream.length }, next: ['app:tls'] });
    for (let length = 0; length < CLIENT_HELLO.length; length++) {
      expect(codec.decode(CLIENT_HELLO.subarray(0, length), {})).toEqual({ status: 'incomplete', need: length < 5 ? 5 : CLIENT_HELLO.length });
      for (const { node } of walkFields(codec.fields(CLIENT_HELLO.subarray(0, length), {}, 0))) expect(node.start + node.length).toBeLessThanOrEqual(length);
    }
  });

  it('refuses what is no record from its first byte on', () => {
    expect(codec.decode(fromHex('47455420'), {})).toMatchObject({ status: 'malformed', at: 0 });
    expect(codec.decode(fromHex('160203'), {})).toMatchObject({ status: 'malformed', at: 0 });
    expect(codec.decode(fromHex('170303ffff'), {})).toMatchObject({ status: 'malformed', at: 3 });
  });

  it('shows a hello of thousands of suites in a small tree', () => {
    const many = record(encodeHandshake(1, encodeClientHello({ ...HELLO, cipherSuites: Array.from({ length: 8000 }, (_, i) => i) })));
    const items = [...walkFields(codec.fields(many, {}, 0))];
    expect(items.length).toBeLessThan(TLS_LIMITS.treeItems / 3);
    expect(problems(codec.fields(many, {}, 0))).toContain('more than is shown');
  });

  it('knows which suites can be opened', () => {
    expect(aeadOf(0x1302)).toEqual({ aead: 'aes-gcm', keyLength: 32, hash: 'sha384' });
    expect(aeadOf(0xcca8)).toEqual({ aead: 'chacha20-poly1305', keyLength: 32, hash: 'sha256' });
    expect(aeadOf(0xc013)).toBeNull();
  });
});
