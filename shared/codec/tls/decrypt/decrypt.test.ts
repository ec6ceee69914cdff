// The handshake of RFC 8448, opened record by record: every key is compared with the RFC's, every record with what it must hold.

import { gcm } from '@noble/ciphers/aes.js';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../../base/bytes';
import { findField } from '../../field';
import { aeadOf } from '../cipherSuites';
import { fieldsOfOpened } from '../fields';
import { RFC_8448, RFC_8448_DERIVED, RFC_8448_KEYS, RFC_8448_ORDER } from '../rfc8448.fixture';
import { TlsSessionReader } from '../session';
import { KeyLog, parseKeyLine } from './keyLog';
import { openRecord } from './openRecord';
import { nextSecret, prf, trafficKeys } from './schedule';

const keyLog = (text = RFC_8448_KEYS): KeyLog => {
  const log = new KeyLog();
  log.add(text);
  return log;
};

describe('the keys of RFC 8448', () => {
  it.each([
    ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'clientHandshake'], ['SERVER_HANDSHAKE_TRAFFIC_SECRET', 'serverHandshake'],
    ['CLIENT_TRAFFIC_SECRET_0', 'clientApplication'], ['SERVER_TRAFFIC_SECRET_0', 'serverApplication'],
  ] as const)('come from %s', (label, name) => {
    const secret = keyLog().secret(label, RFC_8448.clientHello.subarray(11, 43));
    const suite = aeadOf(0x1301);
    if (secret === null || suite === null) throw new Error('no secret');
    const { key, iv } = trafficKeys(suite, secret);
    expect({ key: toHex(key), iv: toHex(iv) }).toEqual(RFC_8448_DERIVED[name]);
  });
});

it('derives the PRF of TLS 1.2 as its published vector says', () => {
  // https://mailarchive.ietf.org/arch/msg/tls/fzVCzk-z3FShgGJ6DOXqM1ydxms/ (P_SHA256)
  const out = prf('sha256', fromHex('9bbe436ba940f017b17652849a71db35'), 'test label', fromHex('a0ba9f936cda311827a6f796ffd5198c'), 100);
  expect(toHex(out).slice(0, 64)).toBe('e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a');
});

describe('the session of RFC 8448', () => {
  it('is opened from the hello to the last alert', () => {
    const session = new TlsSessionReader(keyLog());
    const said = RFC_8448_ORDER.flatMap(([dir, name]) => session.push(dir, RFC_8448[name]).flatMap((record) => record.said.map((it) => `${dir} ${it.name} ${it.encrypted ? (it.opened ? 'opened' : 'sealed') : 'clear'} ${it.start}+${it.length}`)));
    expect(said).toEqual([
      'up Client Hello clear 5+196', 'down Server Hello clear 5+90',
      'down Encrypted Extensions opened 0+40', 'down Certificate opened 40+445', 'down Certificate Verify opened 485+136', 'down Finished opened 621+36',
      'up Finished opened 0+36', 'down New Session Ticket opened 0+205', 'up Application Data opened 0+50', 'down Application Data opened 0+50',
      'up Alert (close notify) opened 0+2', 'down Alert (close notify) opened 0+2',
    ]);
    expect(session.facts).toMatchObject({ version: 'TLS 1.3', cipher: 'TLS_AES_128_GCM_SHA256', serverName: 'server', alpn: '', tls13: true, retried: false, keys: true });
  });

  it('gives each record its key, which opens it again and no other', () => {
    const session = new TlsSessionReader(keyLog());
    const records = RFC_8448_ORDER.flatMap(([dir, name]) => session.push(dir, RFC_8448[name]));
    const data = records.filter(({ opening }) => opening.state === 'opened' && opening.record.contentType === 23);
    expect(data).toHaveLength(2);
    for (const { opening, bytes } of data) {
      if (opening.state !== 'opened') throw new Error(opening.state);
      const opened = openRecord(opening.key, bytes);
      expect(opened).toMatchObject({ contentType: 23, content: Uint8Array.from({ length: 50 }, (_, i) => i) });
      const spoilt = bytes.slice();
      spoilt[20] = (spoilt[20] ?? 0) ^ 1;
      expect(openRecord(opening.key, spoilt)).toBeNull();
    }
  });

  it('shows what an opened record holds, to the byte', () => {
    const session = new TlsSessionReader(keyLog());
    const [, , flight] = RFC_8448_ORDER.flatMap(([dir, name]) => session.push(dir, RFC_8448[name]));
    if (flight?.opening.state !== 'opened') throw new Error('closed');
    const { inner, content, contentType } = flight.opening.record;
    const tree = fieldsOfOpened(inner, contentType, content.length);
    expect(tree.display).toBe('TLS Encrypted Extensions, Certificate, Certificate Verify, Finished');
    expect(findField(tree, 'x509sat.printableString')).toMatchObject({ value: 'rsa' });
    expect(findField(tree, 'tls.handshake.verify_data')).toMatchObject({ start: 625, length: 32, display: '9b 9b 14 1d 90 63 37 fb d2 cb dc e7 1d f4 de da 4a b4 2c 30 95 72 cb 7f ff ee 54 54 b7 8f 07 18' });
    expect(findField(tree, 'tls.record.content_type')).toMatchObject({ value: 22, start: 657, length: 1 });
  });

  it('stays closed without keys, and says why', () => {
    const session = new TlsSessionReader();
    const why = RFC_8448_ORDER.flatMap(([dir, name]) => session.push(dir, RFC_8448[name]).map(({ opening }) => (opening.state === 'sealed' ? opening.why : opening.state)));
    expect(why).toEqual(['clear', 'clear', ...Array<string>(7).fill('no-keys')]);
  });

  it('says that a record has been changed on its way, and goes on', () => {
    const spoilt = RFC_8448.ticket.slice();
    spoilt[9] = 0;
    const session = new TlsSessionReader(keyLog());
    const states = RFC_8448_ORDER.flatMap(([dir, name]) => session.push(dir, name === 'ticket' ? spoilt : RFC_8448[name]).map(({ opening }) => (opening.state === 'sealed' ? opening.why : opening.state)));
    expect(states).toEqual(['clear', 'clear', 'opened', 'opened', 'failed', 'opened', 'opened', 'opened', 'opened']);
  });

  it('is the same however its bytes are cut', () => {
    const whole = new TlsSessionReader(keyLog());
    const cut = new TlsSessionReader(keyLog());
    for (const [dir, name] of RFC_8448_ORDER) {
      const expected = whole.push(dir, RFC_8448[name]);
      const got = [...RFC_8448[name]].flatMap((byte) => cut.push(dir, Uint8Array.of(byte)));
      expect(got).toEqual(expected);
    }
    expect(cut.facts).toEqual(whole.facts);
  });
});

describe('an update of the keys', () => {
  const suite = aeadOf(0x1301);
  const first = keyLog().secret('SERVER_TRAFFIC_SECRET_0', RFC_8448.clientHello.subarray(11, 43));
  if (suite === null || first === null) throw new Error('no secret');

  /** A record as a server would send it under a secret. */
  function seal(secret: Uint8Array, sequence: number, inner: Uint8Array): Uint8Array {
    const { key, iv } = trafficKeys({ aead: 'aes-gcm', keyLength: 16, hash: 'sha256' }, secret);
    const nonce = iv.slice();
    nonce[11] = (nonce[11] ?? 0) ^ sequence;
    const head = fromHex(`170303${(inner.length + 16).toString(16).padStart(4, '0')}`);
    return concatBytes(head, gcm(key, nonce, head).encrypt(inner));
  }

  it('is followed, as often as it comes, also when it stands between large records', () => {
    const session = new TlsSessionReader(keyLog());
    for (const [dir, name] of RFC_8448_ORDER.slice(0, 5)) session.push(dir, RFC_8448[name]);
    const update = fromHex('180000010016');
    const data = (size: number): Uint8Array => new Uint8Array(size + 1).fill(0x17);
    const second = nextSecret('sha256', first);
    const third = nextSecret('sha256', second);
    const sent = [seal(first, 1, data(6000)), seal(first, 2, update), seal(second, 0, data(6000)), seal(second, 1, update), seal(third, 0, data(10)), seal(third, 1, concatBytes(data(3), new Uint8Array(20)))];
    const records = sent.flatMap((bytes) => session.push('down', bytes));
    expect(records.map(({ opening, said }) => `${opening.state} ${said.map(({ name, length }) => `${name} ${length}`).join()}`)).toEqual([
      'deferred Application Data 6000', 'opened Key Update 5', 'deferred Application Data 6000', 'opened Key Update 5', 'opened Application Data 10', 'opened Application Data 3',
    ]);
    for (const { opening, bytes } of records) if (opening.state === 'deferred') expect(openRecord(opening.key, bytes)?.content).toHaveLength(6000);
    const padded = records[5]?.opening;
    if (padded?.state !== 'opened') throw new Error('closed');
    expect(findField(fieldsOfOpened(padded.record.inner, padded.record.contentType, padded.record.content.length), 'tls.record.padding_length')).toMatchObject({ value: 20, start: 4, length: 20 });
  });
});

describe('a key log', () => {
  it('is read line by line; what is no key is passed over', () => {
    const log = new KeyLog();
    expect(log.add(`# comment\r\n${RFC_8448_KEYS}\nCLIENT_RANDOM 00 11\nSOMETHING ${'00'.repeat(32)} ${'00'.repeat(32)}\n${'x'.repeat(5000)}\n`)).toBe(4);
    expect(log.size).toBe(4);
    expect(parseKeyLine(`CLIENT_RANDOM ${'ab'.repeat(32)} ${'CD'.repeat(48)}`)).toMatchObject({ label: 'CLIENT_RANDOM', secret: new Uint8Array(48).fill(0xcd) });
    expect(parseKeyLine(`CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)} more`)).toBeNull();
  });
});
