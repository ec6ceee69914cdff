// Trees of hellos, key exchanges and heartbeats: bytes written by hand, and fingerprints that the authors of JA3 published.

import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import { walkFields, type FieldNode } from '../field';
import { makeExtension, type Extension } from './extension';
import { fieldsOfRecord, type RecordOptions } from './fields';
import { decodeServerHello, encodeClientHello, encodeHandshake, encodeServerHello } from './hello';
import { CONTENT, EXTENSION, HANDSHAKE } from './names';
import { encodeRecord } from './record';
import { uintBytes, vectorBytes } from './wire';

const RANDOM = concatBytes(fromHex('5f000000'), new Uint8Array(28).fill(0xaa));
const NONE = new Uint8Array(0);
const recordOf = (fragment: Uint8Array, contentType: number, options: RecordOptions = {}): FieldNode => fieldsOfRecord(encodeRecord({ contentType, version: 0x0301, fragment }), options);
const message = (type: number, body: Uint8Array, options: RecordOptions = {}): FieldNode => recordOf(encodeHandshake(type, body), CONTENT.handshake, options);
const values = (tree: FieldNode, name: string): unknown[] => [...walkFields(tree)].filter(({ node }) => node.name === name).map(({ node }) => (node.value instanceof Uint8Array ? toHex(node.value) : node.value));
const problems = (tree: FieldNode): string[] => [...walkFields(tree)].flatMap(({ node }) => node.problem ?? []);

const client = (cipherSuites: readonly number[], extensions: readonly Extension[] | null, version = 0x0301, options: RecordOptions = {}): FieldNode =>
  message(HANDSHAKE.clientHello, encodeClientHello({ version, random: RANDOM, sessionId: NONE, cipherSuites, compressionMethods: [0], extensions }), options);
const server = (extensions: readonly Extension[] | null, options: RecordOptions = {}): FieldNode =>
  message(HANDSHAKE.serverHello, encodeServerHello({ version: 0x0303, random: RANDOM, sessionId: NONE, cipherSuite: 49172, compressionMethod: 0, extensions }), options);

describe('fingerprints', () => {
  it('are those of the authors of JA3', () => {
    const full = client([47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4], [makeExtension.serverName('a.test'), makeExtension.groups([23, 24, 25]), { type: EXTENSION.ecPointFormats, data: fromHex('0100') }]);
    expect(values(full, 'tls.handshake.ja3_full')).toEqual(['769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0']);
    expect(values(full, 'tls.handshake.ja3')).toEqual(['ada70206e40642a3e4461f35503241d5']);
    const bare = client([4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99], null);
    expect(values(bare, 'tls.handshake.ja3_full')).toEqual(['769,4-5-10-9-100-98-3-6-19-18-99,,,']);
    expect(values(bare, 'tls.handshake.ja3')).toEqual(['de350869b8c85de67a350c8d186f11e6']);
  });

  it('leave GREASE out', () => {
    const tree = client([0x2a2a, 4], [{ type: 0x1a1a, data: NONE }, makeExtension.groups([0x3a3a, 29])], 0x0303);
    expect(values(tree, 'tls.handshake.ja3_full')).toEqual(['771,4,10,29,']);
  });

  it('of servers are of what they chose', () => {
    expect(values(server([{ type: EXTENSION.renegotiationInfo, data: fromHex('00') }]), 'tls.handshake.ja3s_full')).toEqual(['771,49172,65281']);
    expect(values(server([{ type: EXTENSION.renegotiationInfo, data: fromHex('00') }]), 'tls.handshake.ja3s')).toEqual(['8529fd8de0d7f73186ef5ea8b4531a76']);
    expect(values(server(null), 'tls.handshake.ja3s_full')).toEqual(['771,49172,']);
  });
});

describe('a hello', () => {
  it('begins its random with the time of day, but not in TLS 1.3', () => {
    const node = [...walkFields(server(null))].find((one) => one.node.name === 'tls.handshake.random_time')?.node;
    expect(node).toMatchObject({ value: 0x5f000000, display: 'Jul  4, 2020 04:05:20.000000000 UTC', start: 11, length: 4 });
    expect(values(server(null), 'tls.handshake.random_bytes')).toEqual(['aa'.repeat(28)]);
    expect(values(server(null, { tls13: true }), 'tls.handshake.random_bytes')).toEqual([]);
  });

  it('has extensions of many kinds', () => {
    const tree = client([4], [
      makeExtension.signatureAlgorithms([0x0403, 0x0804]), { type: EXTENSION.heartbeat, data: fromHex('01') }, { type: EXTENSION.maxFragmentLength, data: fromHex('02') },
      { type: EXTENSION.compressCertificate, data: fromHex('02 0002') }, { type: EXTENSION.clientCertificateType, data: fromHex('02 0200') }, { type: EXTENSION.signedTimestamps, data: NONE },
      { type: EXTENSION.applicationSettings, data: fromHex('0003 02 6832') }, { type: EXTENSION.nextProtocol, data: NONE }, { type: EXTENSION.statusRequestV2, data: fromHex('0007 02 0004 0000 0000') },
      { type: EXTENSION.draftKeyShare, data: fromHex('0006 001d 0002 abcd') },
    ]);
    expect(problems(tree)).toEqual([]);
    const said = ['sig_hash_hash', 'sig_hash_sig', 'extension.heartbeat.mode', 'max_fragment_length', 'cert_type.type', 'extensions_alps_alpn_str', 'extensions_status_request_len', 'extensions_status_request_type', 'extensions_key_share_group'];
    expect(said.map((name) => values(tree, `tls.handshake.${name}`))).toEqual([[4, 8], [3, 4], [1], [2], [2, 0], ['h2'], [4], [2], [29]]);
    expect(values(tree, 'tls.compress_certificate.algorithm')).toEqual([2]);
    const answer = server([
      { type: EXTENSION.nextProtocol, data: concatBytes(vectorBytes(utf8Bytes('h2'), 1), vectorBytes(utf8Bytes('http/1.1'), 1)) }, { type: EXTENSION.serverCertificateType, data: fromHex('02') },
      { type: EXTENSION.applicationSettings, data: fromHex('0102') }, { type: EXTENSION.statusRequestV2, data: NONE },
    ]);
    expect(problems(answer)).toEqual([]);
    expect(['extensions_npn', 'cert_type.type', 'extensions_alps.settings'].map((name) => values(answer, `tls.handshake.${name}`))).toEqual([['h2', 'http/1.1'], [2], ['0102']]);
  });

  it('of a server that speaks a draft of TLS 1.3 has neither session nor compression', () => {
    const body = concatBytes(fromHex('7f12'), RANDOM, fromHex('1301'), vectorBytes(concatBytes(uintBytes(EXTENSION.draftKeyShare, 2), vectorBytes(fromHex('001d0002abcd'), 2)), 2));
    expect(decodeServerHello(body)).toMatchObject({ version: 0x7f12, cipherSuite: 0x1301, compressionMethod: 0 });
    const tree = message(HANDSHAKE.serverHello, body);
    expect([problems(tree), values(tree, 'tls.handshake.session_id_length'), values(tree, 'tls.handshake.ciphersuite'), values(tree, 'tls.handshake.extensions_key_share_group')]).toEqual([[], [], [0x1301], [29]]);
  });
});

describe('a key exchange', () => {
  const number = (hex: string): Uint8Array => vectorBytes(fromHex(hex), 2);
  const finite = concatBytes(number('e3'), number('02'), number('4567'));
  const said = (tree: FieldNode, names: readonly string[]): unknown[] => names.flatMap((name) => values(tree, `tls.handshake.${name}`));

  it('in a finite field is told by the suite', () => {
    const signed = message(HANDSHAKE.serverKeyExchange, concatBytes(finite, fromHex('0401'), number('beef')), { cipher: 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256' });
    expect([problems(signed), said(signed, ['p_len', 'p', 'g', 'ys', 'sig_hash_alg', 'sig'])]).toEqual([[], [1, 'e3', '02', '4567', 0x0401, 'beef']]);
    const anonymous = message(HANDSHAKE.serverKeyExchange, finite, { cipher: 'TLS_DH_anon_WITH_AES_128_CBC_SHA' });
    expect([problems(anonymous), said(anonymous, ['ys', 'sig_len'])]).toEqual([[], ['4567']]);
    expect(said(message(HANDSHAKE.clientKeyExchange, number('0102'), { cipher: 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256' }), ['yc', 'epms'])).toEqual(['0102']);
    expect(said(message(HANDSHAKE.clientKeyExchange, number('0102'), { cipher: 'TLS_RSA_WITH_AES_128_GCM_SHA256' }), ['yc', 'epms'])).toEqual(['0102']);
  });

  it('with a weak RSA key has its modulus', () => {
    const tree = message(HANDSHAKE.serverKeyExchange, concatBytes(number('c1'), number('010001'), number('beef')), { cipher: 'TLS_RSA_EXPORT_WITH_RC4_40_MD5' });
    expect([problems(tree), said(tree, ['modulus', 'exponent', 'sig'])]).toEqual([[], ['c1', '010001', 'beef']]);
  });

  it('before TLS 1.2 is signed without saying how', () => {
    const tree = message(HANDSHAKE.serverKeyExchange, concatBytes(fromHex('03 0017 02 0405'), number('beef')));
    expect([problems(tree), said(tree, ['server_point', 'sig_hash_alg', 'sig_len', 'sig'])]).toEqual([[], ['0405', 2, 'beef']]);
    expect(said(message(HANDSHAKE.certificateVerify, number('beef')), ['sig_hash_alg', 'client_cert_vrfy.sig'])).toEqual(['beef']);
  });
});

describe('a heartbeat', () => {
  it('has a payload that comes back, and padding', () => {
    const tree = recordOf(fromHex('01 0002 abcd 00112233'), CONTENT.heartbeat);
    expect(['type', 'payload_length', 'payload', 'padding'].map((name) => values(tree, `tls.heartbeat_message.${name}`))).toEqual([[1], [2], ['abcd'], ['00112233']]);
  });

  it('that asks for more than it brought has a problem', () => {
    expect(problems(recordOf(fromHex('01 4000 ab'), CONTENT.heartbeat))).not.toEqual([]);
  });

  it('stays closed where it is sealed', () => {
    expect(values(recordOf(fromHex('01 0002 abcd'), CONTENT.heartbeat, { sealed: true }), 'tls.heartbeat_message')).toEqual(['010002abcd']);
  });
});
