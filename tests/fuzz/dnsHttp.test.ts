// Hostile bytes for DNS and HTTP/1: cut, flipped, overwritten, doubled, random. Seeded, so that a failure can be run again. What is
// promised: nothing throws, nothing hangs, trees stay small and name every byte, pieces of a stream tell what the whole tells.

import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex } from '../../shared/base/bytes';
import { walkFields, type FieldNode } from '../../shared/codec/field';
import { CODEC_LIMITS } from '../../shared/codec/limits';
import { dnsFields } from '../../shared/codec/dns/fields';
import { decodeMessage, encodeMessage, encodeWithin } from '../../shared/codec/dns/message';
import { recordText } from '../../shared/codec/dns/text';
import { parseZone } from '../../shared/codec/dns/zoneText';
import { latin1, latin1Bytes } from '../../shared/codec/http/chars';
import { encodeHttp } from '../../shared/codec/http/encode';
import { fieldsOfMessage } from '../../shared/codec/http/fields';
import { readMessage, valueOf } from '../../shared/codec/http/message';
import { HttpStreamReader, type HttpEvent } from '../../shared/codec/http/reader';

const DNS_SEEDS = [
  '2b1f 0120 0001 0000 0000 0001 03777777 076578616d706c65 0474657374 00 0001 0001 00 0029 04d0 0000 8000 000c 000a 0008 0123456789abcdef',
  '2b1f 8580 0001 0002 0001 0001 03777777 076578616d706c65 0474657374 00 0001 0001 c00c 0005 0001 0000003c 0004 0161 c010 c02e 0001 0001 0000012c 0004 7f002801 c010 0002 0001 00000e10 0006 036e7331 c010 00 0029 04d0 00000000 0000',
  '0001 8180 0001 0004 0000 0000 0161 00 00ff 0001 c00c 0006 0001 00000001 001a c00c 016d c00c 00000001 00000002 00000003 00000004 00000005 c00c 0010 0001 00000001 0005 0161 00 0162 c00c 0101 0001 00000001 0009 80 05 6973737565 6361 c00c 0041 0001 00000001 000e 0001 00 0001 0003 026832 0003 0002 01bb',
].map(fromHex);

const HTTP_SEEDS = [
  'GET /api/user?a=1 HTTP/1.1\r\nHost: 127.0.40.1:8080\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n',
  'POST /x HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Digest\r\n\r\n4\r\nWiki\r\n6;a="b"\r\npedia \r\n0\r\nDigest: x\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\n{}HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.0 404 Not Found\r\nServer: x\r\nX-Folded: a\r\n b\r\n\r\nuntil the close',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
].map((text) => latin1Bytes(text));

const ZONE_SEED = '$ORIGIN example.test.\n$TTL 1h\n@ IN SOA ns1 admin ( 1 2h 1h 2w 5m )\n NS ns1\nns1 A 127.0.40.53\nt TXT "a \\"b\\" \\195" c ; note\ns HTTPS 1 . alpn=h2,h3 port=443\n\\# TYPE731 \\# 2 abcd\n';

/** Mulberry32: small, seeded, good enough to spoil bytes. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `telling`: bytes that a format cares for. */
function spoil(seed: number, seeds: readonly Uint8Array[], telling: readonly number[]): Uint8Array {
  const next = random(seed);
  const pick = (below: number): number => Math.floor(next() * below);
  const model = seeds[pick(seeds.length)] ?? new Uint8Array(0);
  let bytes = next() < 0.05 ? Uint8Array.from({ length: pick(200) }, () => pick(256)) : model.slice(0, next() < 0.6 ? model.length : pick(model.length + 1));
  for (let faults = pick(5); faults > 0 && bytes.length > 0; faults--) {
    const at = pick(bytes.length);
    const how = next();
    if (how < 0.4) bytes[at] = telling[pick(telling.length)] ?? 0;
    else if (how < 0.6) bytes[at] = pick(256);
    else if (how < 0.8) bytes = concatBytes(bytes.subarray(0, at), bytes.subarray(Math.min(at + pick(9), bytes.length)));
    else bytes = concatBytes(bytes.subarray(0, at), bytes.subarray(Math.max(0, at - pick(20))));
  }
  return bytes;
}

/** The tree is small, stays inside, and each byte up to its end lies in exactly one leaf. */
function checkTree(tree: FieldNode, length: number, what: string, all: boolean): void {
  const times = new Uint8Array(length);
  let items = 0;
  for (const { node, depth } of walkFields(tree)) {
    items++;
    if (node.start < 0 || node.start + node.length > length || depth > CODEC_LIMITS.treeDepth) expect.fail(`${what}: ${node.name} at ${node.start}+${node.length} of ${length}`);
    if (node.generated === true || node.bits !== undefined || node.children.some((child) => child.generated !== true && child.bits === undefined)) continue;
    for (let at = node.start; at < node.start + node.length; at++) times[at] = (times[at] ?? 0) + 1;
  }
  if (items > CODEC_LIMITS.treeItems) expect.fail(`${what}: ${items} items`);
  const end = all ? length : tree.start + tree.length;
  for (let at = 0; at < end; at++) if (times[at] !== 1) expect.fail(`${what}: byte ${at} lies in ${times[at] ?? 0} fields`);
}

const ROUNDS = 5000;

describe('spoilt DNS messages', () => {
  it('are decoded or refused; what is decoded is written and read again the same', { timeout: 120_000 }, () => {
    let whole = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const bytes = spoil(seed, DNS_SEEDS, [0, 1, 2, 0x3f, 0x40, 0x80, 0xc0, 0x0c, 0xff, 41, 16, 6]);
      checkTree(dnsFields(bytes, false, 0), bytes.length, `seed ${seed}`, false);
      checkTree(dnsFields(bytes, true, 0), bytes.length, `seed ${seed} of a stream`, false);
      const message = decodeMessage(bytes);
      if ('error' in message) {
        if (message.at > bytes.length || (message.need > 0 && message.need <= bytes.length)) expect.fail(`seed ${seed}: ${message.error} at ${message.at}, needs ${message.need} of ${bytes.length}`);
        continue;
      }
      whole++;
      const again = encodeMessage(message);
      expect(decodeMessage(again), `seed ${seed}`).toEqual(message);
      const limit = 12 + (seed % 200);
      const short = decodeMessage(encodeWithin(message, limit));
      if ('error' in short) expect.fail(`seed ${seed}: ${short.error} in ${limit} bytes`);
      for (const record of [...message.answers, ...message.authorities, ...message.additionals]) recordText(record);
    }
    expect(whole).toBeGreaterThan(ROUNDS / 10);
  });

  it('spoilt zones are read to their end, each line a record, a fault or nothing', { timeout: 120_000 }, () => {
    let faults = 0;
    let records = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const zone = parseZone(latin1(spoil(seed, [latin1Bytes(ZONE_SEED)], [0x22, 0x28, 0x29, 0x3b, 0x5c, 0x0a, 0x20, 0x24, 0x40, 0x2e])));
      faults += zone.errors.length;
      records += zone.records.length;
      const text = zone.records.map(recordText).join('\n');
      expect(parseZone(text), `seed ${seed}`).toMatchObject({ records: zone.records, errors: [] });
    }
    expect(Math.min(faults, records)).toBeGreaterThan(ROUNDS);
  });
});

describe('spoilt HTTP messages', () => {
  const telling = [0x0d, 0x0a, 0x20, 0x09, 0x3a, 0, 0x30, 0x31, 0x3b, 0x2c, 0x7f, 0x80];
  /** Neighbouring pieces of a body as one. */
  const told = (bytes: Uint8Array, kind: 'request' | 'response', piece: number): HttpEvent[] => {
    const reader = new HttpStreamReader({ kind });
    const events: HttpEvent[] = [];
    for (let at = 0; at < bytes.length; at += piece) {
      for (const event of reader.push(bytes.subarray(at, at + piece))) {
        const last = events.at(-1);
        if (event.type === 'body' && last?.type === 'body' && last.end === event.start) events[events.length - 1] = { ...last, end: event.end };
        else events.push(event.type === 'handover' ? { ...event, bytes: new Uint8Array(0) } : event);
      }
    }
    return [...events, ...reader.finish()];
  };

  it('are told the same in whatever pieces they come, and in order', { timeout: 120_000 }, () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const bytes = spoil(seed, HTTP_SEEDS, telling);
      const kind = seed % 2 === 0 ? 'request' : 'response';
      const whole = told(bytes, kind, Math.max(1, bytes.length));
      for (const piece of [1, 2, 7, 30]) expect(told(bytes, kind, piece), `seed ${seed} by ${piece}`).toEqual(whole);
      let at = 0;
      for (const event of whole) {
        const [start, end] = 'end' in event ? ['start' in event ? event.start : event.at, event.end] : [event.at, event.at];
        if (start < at && event.type !== 'malformed' && event.type !== 'cut') expect.fail(`seed ${seed}: ${event.type} at ${start} after ${at}`);
        if (end > bytes.length) expect.fail(`seed ${seed}: ${event.type} to ${end} of ${bytes.length}`);
        at = Math.max(at, end);
      }
    }
  });

  it('have a tree of every byte; what is whole is written and read again the same', { timeout: 120_000 }, () => {
    let whole = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const bytes = spoil(seed, HTTP_SEEDS, telling);
      const kind = seed % 2 === 0 ? 'request' : 'response';
      const layout = readMessage(bytes, { kind });
      checkTree(fieldsOfMessage(bytes, { kind }), bytes.length, `seed ${seed}`, layout.state !== 'complete');
      if (layout.state !== 'complete' || layout.head === null) continue;
      whole++;
      const value = valueOf(bytes, { ...layout, head: layout.head });
      const again = encodeHttp(value);
      const second = readMessage(again, { kind });
      if (second.head === null) expect.fail(`seed ${seed}: ${second.why}`);
      expect(valueOf(again, { ...second, head: second.head }), `seed ${seed}`).toEqual(value);
    }
    expect(whole).toBeGreaterThan(ROUNDS / 10);
  });
});
