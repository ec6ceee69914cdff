// Hostile bytes for HTTP/2, HPACK, TLS and certificates: spoilt streams, cut anywhere, and bombs. Seeded, so that a failure can be run
// again. What is promised: nothing throws or hangs, what is held and shown stays bounded, and no cut changes what is read.

import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../shared/base/cpuTime.fixture';
import { concatBytes, fromHex, toHex } from '../../shared/base/bytes';
import { createRandom, type Random } from '../../shared/base/random';
import { walkFields, type FieldNode } from '../../shared/codec/field';
import { codec as http2 } from '../../shared/codec/http2/codec';
import { fieldsOfFrame } from '../../shared/codec/http2/fields';
import { encodeFrame, PREFACE, type FramePayload } from '../../shared/codec/http2/frame';
import { HpackDecoder } from '../../shared/codec/http2/hpack/decoder';
import { HpackEncoder } from '../../shared/codec/http2/hpack/encoder';
import { huffmanDecode } from '../../shared/codec/http2/hpack/huffman';
import { HTTP2_LIMITS } from '../../shared/codec/http2/limits';
import { Http2StreamReader } from '../../shared/codec/http2/stream';
import { CODEC_LIMITS } from '../../shared/codec/limits';
import { codec as tls } from '../../shared/codec/tls/codec';
import { KeyLog } from '../../shared/codec/tls/decrypt/keyLog';
import { openRecord } from '../../shared/codec/tls/decrypt/openRecord';
import { fieldsOfOpened, fieldsOfRecord } from '../../shared/codec/tls/fields';
import { TLS_LIMITS } from '../../shared/codec/tls/limits';
import { RFC_8448, RFC_8448_KEYS, RFC_8448_ORDER } from '../../shared/codec/tls/rfc8448.fixture';
import { TlsSessionReader, type SessionRecord } from '../../shared/codec/tls/session';
import { decodeCertificate } from '../../shared/codec/x509/certificate';
import { certificatePem } from '../../shared/codec/x509/certificatePem.fixture';
import { certificateNodes } from '../../shared/codec/x509/fields';
import { expectSame } from './same.fixture';

const ROUNDS = 800;

function spoil(model: Uint8Array, random: Random): Uint8Array {
  const bytes = model.slice(0, random.next() < 0.6 ? model.length : random.below(model.length + 1));
  for (let faults = random.below(5); faults > 0 && bytes.length > 0; faults--) bytes[random.below(bytes.length)] = random.next() < 0.4 ? ([0, 0xff, 0x7f, 0x80, 1][random.below(5)] ?? 0) : random.below(256);
  return bytes;
}

function pieces(bytes: Uint8Array, random: Random): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + random.below(random.next() < 0.5 ? 8 : 400);
    parts.push(bytes.slice(at, at + size));
    at += size;
  }
  return parts;
}

/** The tree stays inside its bytes and below its bounds. */
function check(tree: FieldNode, base: number, length: number, what: string): void {
  let items = 0;
  for (const { node, depth } of walkFields(tree)) {
    items++;
    if (node.start < base || node.start + node.length > base + length || depth > CODEC_LIMITS.treeDepth) expect.fail(`${what}: ${node.name} at ${node.start}+${node.length} of ${base}+${length}`);
  }
  if (items > CODEC_LIMITS.treeItems) expect.fail(`${what}: ${items} fields`);
}

const frame = (payload: FramePayload, flags: number, streamId: number): Uint8Array => encodeFrame({ ...payload, flags, reserved: false, streamId });
const encoder = new HpackEncoder();
const HEADERS = [[':method', 'GET'], [':path', '/api/user?id=1'], [':scheme', 'https'], [':authority', 'www.example.test'], ['user-agent', 'looplab'], ['accept', '*/*'], ['cookie', 'session=12345']].map(([name = '', value = '']) => ({ name, value }));
const first = encoder.encode(HEADERS);
const second = encoder.encode([...HEADERS, { name: 'authorization', value: 'Bearer abc', sensitive: true }]);
const UP = concatBytes(
  PREFACE, frame({ type: 'SETTINGS', settings: [{ id: 1, value: 65_536 }, { id: 3, value: 100 }, { id: 5, value: 16_384 }] }, 0, 0), frame({ type: 'WINDOW_UPDATE', increment: 1000, incrementReserved: false }, 0, 0),
  frame({ type: 'HEADERS', padding: null, priority: { exclusive: false, dependsOn: 0, weight: 200 }, fragment: first }, 5, 1), frame({ type: 'HEADERS', padding: new Uint8Array(4), priority: null, fragment: second.subarray(0, 3) }, 1, 3),
  frame({ type: 'CONTINUATION', fragment: second.subarray(3) }, 4, 3), frame({ type: 'DATA', padding: new Uint8Array(3), data: new Uint8Array(40).fill(0x61) }, 1, 5), frame({ type: 'PRIORITY', priority: { exclusive: true, dependsOn: 1, weight: 1 } }, 0, 7),
  frame({ type: 'RST_STREAM', error: 8 }, 0, 5), frame({ type: 'PING', data: new Uint8Array(8) }, 0, 0), frame({ type: 'OTHER', number: 16, bytes: fromHex('000000017531') }, 0, 0), frame({ type: 'GOAWAY', lastStream: 3, lastReserved: false, error: 0, debug: fromHex('6279') }, 0, 0),
);

describe('spoilt HTTP/2', () => {
  it('is read the same however it is cut, into small trees', { timeout: 120_000 }, () => {
    let whole = 0;
    let broken = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = createRandom(seed);
      const bytes = spoil(UP, random);
      const once = new Http2StreamReader('client');
      const frames = once.push(bytes);
      const cut = new Http2StreamReader('client');
      const again = pieces(bytes, random).flatMap((piece) => cut.push(piece));
      expectSame(again, frames, `seed ${seed}`);
      expect(cut.failure, `seed ${seed}`).toEqual(once.failure);
      let end = 0;
      for (const read of frames) {
        if (read.start !== end) expect.fail(`seed ${seed}: ${read.start} after ${end}`);
        end = read.end;
        check(fieldsOfFrame(read.bytes, read.headers === null ? null : { block: read.headers, fragmentAt: read.fragmentAt }, read.start), read.start, read.bytes.length, `seed ${seed}`);
        const decoded = http2.decode(read.bytes, {});
        if (decoded.status === 'complete') expect(toHex(http2.encode(decoded.value, new Uint8Array(0), {})), `seed ${seed}`).toBe(toHex(read.bytes));
      }
      if (once.failure !== null) {
        broken++;
        if (once.failure.at < end - HTTP2_LIMITS.frameSize || once.failure.at > bytes.length) expect.fail(`seed ${seed}: failure at ${once.failure.at}`);
      }
      whole += frames.length;
    }
    expect(whole).toBeGreaterThan(ROUNDS);
    expect(broken).toBeGreaterThan(ROUNDS / 20);
  });

  it('header blocks keep table and list bounded, and answer the same twice', { timeout: 120_000 }, () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = createRandom(seed);
      const blocks = [first, second].map((block) => spoil(block, random));
      blocks.push(Uint8Array.from({ length: random.below(200) }, () => random.below(256)));
      const [one, two] = [new HpackDecoder(), new HpackDecoder()];
      for (const block of blocks) {
        const decoded = one.decode(block);
        expectSame(two.decode(block), decoded, `seed ${seed}`);
        if (decoded.tableSize > decoded.tableMaximum || decoded.items.some(({ start, length }) => start + length > block.length)) expect.fail(`seed ${seed}`);
        expect(decoded.table.reduce((sum, { size }) => sum + size, 0)).toBe(decoded.tableSize);
      }
    }
  });

  it('bombs of every kind are answered at once', { timeout: 120_000 }, () => {
    const settings = frame({ type: 'SETTINGS', settings: [] }, 0, 0);
    const large = concatBytes(fromHex('400161'), fromHex('7f991f'), new Uint8Array(4120));
    const reader = new Http2StreamReader('server');
    reader.allow([{ id: 1, value: 4_000_000_000 }, { id: 5, value: 16_777_215 }]);
    reader.push(settings);
    // A table of 64 KiB with one field of 4 KiB, then blocks that name it by one byte each.
    reader.push(frame({ type: 'HEADERS', padding: null, priority: null, fragment: concatBytes(fromHex('3fe1ff03'), large.subarray(0, 3 + 3 + 4120)) }, 4, 1));
    const bomb = frame({ type: 'HEADERS', padding: null, priority: null, fragment: new Uint8Array(HTTP2_LIMITS.block).fill(0xbe) }, 4, 3);
    const before = cpuTime();
    for (let i = 0; i < 5; i++) {
      for (const { headers } of reader.push(bomb)) expect((headers?.fields ?? []).reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(HTTP2_LIMITS.headerList);
    }
    expect(before()).toBeLessThan(5000);
    // The shortest codes have five bits.
    expect(huffmanDecode(new Uint8Array(131_070))).toMatchObject({ octets: { length: (131_070 * 8) / 5 } });
  });

  it('a frame of 16 MB that comes byte by byte is held once', { timeout: 120_000 }, () => {
    const reader = new Http2StreamReader('server');
    reader.allow([{ id: 5, value: 16_777_215 }]);
    reader.push(frame({ type: 'SETTINGS', settings: [] }, 0, 0));
    reader.push(fromHex('100000 00 00 00000001'));
    const before = cpuTime();
    for (let i = 0; i < 20_000; i++) reader.push(new Uint8Array(20));
    expect(reader.partial).toEqual({ start: 9, have: 400_009, need: 1_048_585 });
    expect(before()).toBeLessThan(5000);
  });
});

const state = ({ opening }: SessionRecord): string => (opening.state === 'sealed' ? opening.why : opening.state);

describe('spoilt TLS', () => {
  it('is read the same however it is cut, and opened where its keys fit', { timeout: 120_000 }, () => {
    const log = new KeyLog();
    log.add(RFC_8448_KEYS);
    const states = new Map<string, number>();
    for (let seed = 1; seed <= ROUNDS / 2; seed++) {
      const random = createRandom(seed);
      const spoilt = random.below(RFC_8448_ORDER.length);
      const once = new TlsSessionReader(log);
      const cut = new TlsSessionReader(log);
      for (const [i, [dir, name]] of RFC_8448_ORDER.entries()) {
        const bytes = i === spoilt ? spoil(RFC_8448[name], random) : RFC_8448[name];
        const records = once.push(dir, bytes);
        expectSame(pieces(bytes, random).flatMap((piece) => cut.push(dir, piece)), records, `seed ${seed}`);
        for (const record of records) {
          states.set(state(record), (states.get(state(record)) ?? 0) + 1);
          check(fieldsOfRecord(record.bytes, { base: record.start, sealed: record.sealed, continued: record.continued }), record.start, record.bytes.length, `seed ${seed}`);
          if (record.opening.state !== 'opened') continue;
          const { inner, contentType, content } = record.opening.record;
          check(fieldsOfOpened(inner, contentType, content.length), 0, inner.length, `seed ${seed}`);
        }
      }
      expectSame(cut.facts, once.facts, `seed ${seed}`);
    }
    expect(states.get('opened')).toBeGreaterThan(ROUNDS);
    expect([...states.keys()]).toEqual(expect.arrayContaining(['clear', 'failed', 'no-hello']));
  });

  it('opened plaintexts that were spoilt before they were sealed are shown in small trees', { timeout: 120_000 }, () => {
    const log = new KeyLog();
    log.add(RFC_8448_KEYS);
    const session = new TlsSessionReader(log);
    const records = RFC_8448_ORDER.flatMap(([dir, name]) => session.push(dir, RFC_8448[name]));
    const models = records.flatMap(({ opening }) => (opening.state === 'opened' ? [opening.record.inner] : []));
    models.push(RFC_8448.clientHello.subarray(5), RFC_8448.serverHello.subarray(5));
    for (let seed = 1; seed <= ROUNDS * 2; seed++) {
      const random = createRandom(seed);
      const inner = spoil(models[random.below(models.length)] ?? new Uint8Array(0), random);
      const options = { tls13: random.next() < 0.5, continued: random.next() < 0.2 ? random.below(40) : 0, base: 1000 };
      check(fieldsOfOpened(inner, random.next() < 0.9 ? 22 : random.below(256), random.below(inner.length + 1), options), 1000, inner.length, `seed ${seed}`);
    }
  });

  it('records are written back as they were read, and never opened by a foreign key', { timeout: 120_000 }, () => {
    const key = { suite: { aead: 'aes-gcm', keyLength: 16, hash: 'sha256' }, key: new Uint8Array(16), iv: new Uint8Array(4), tls13: false, sequence: 7 } as const;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = createRandom(seed);
      const bytes = spoil(RFC_8448[RFC_8448_ORDER[random.below(RFC_8448_ORDER.length)]?.[1] ?? 'ticket'], random);
      const decoded = tls.decode(bytes, {});
      if (decoded.status !== 'complete') continue;
      expect(toHex(tls.encode(decoded.value, bytes.subarray(decoded.length), {}))).toBe(toHex(bytes));
      expect(openRecord(key, bytes.subarray(0, decoded.length))).toBeNull();
    }
  });

  it('a handshake message that never ends is held up to its bound', { timeout: 120_000 }, () => {
    const session = new TlsSessionReader();
    const record = concatBytes(fromHex('1603034000'), new Uint8Array(16_384));
    session.push('up', concatBytes(fromHex('160303000401'), fromHex('01ff00')));
    const before = cpuTime();
    for (let i = 0; i < 200; i++) session.push('up', record);
    expect(before()).toBeLessThan(5000);
    expect(TLS_LIMITS.handshake).toBeLessThan(200 * 16_384);
  });
});

it('spoilt certificates are read or not, never thrown at', { timeout: 120_000 }, () => {
  const model = new Uint8Array(new X509Certificate(certificatePem).raw);
  let read = 0;
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const bytes = spoil(model, createRandom(seed));
    if (decodeCertificate(bytes) !== null) read++;
    const { nodes, title } = certificateNodes(bytes, 0, bytes.length, 50, { left: 3000 });
    check({ name: 'x', value: null, display: title, start: 50, length: bytes.length, children: nodes }, 50, bytes.length, `seed ${seed}`);
  }
  expect(read).toBeGreaterThan(ROUNDS / 4);
});
