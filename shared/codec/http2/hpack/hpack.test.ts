// HPACK by the examples of RFC 7541 Appendix C, both ways; and what it must refuse or bound.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../../base/bytes';
import { HTTP2_LIMITS } from '../limits';
import { HpackDecoder, type HeaderBlock } from './decoder';
import { HpackEncoder } from './encoder';
import { huffmanDecode, huffmanEncode } from './huffman';
import { readInteger, writeInteger } from './primitives';

const lines = (block: HeaderBlock): string[] => block.fields.map(({ name, value }) => `${name}: ${value}`);
const hex = (text: string): string => text.replace(/\s/g, '');

const REQUESTS = [
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache'],
  [':method: GET', ':scheme: https', ':path: /index.html', ':authority: www.example.com', 'custom-key: custom-value'],
];
const RESPONSES = [
  [':status: 302', 'cache-control: private', 'date: Mon, 21 Oct 2013 20:13:21 GMT', 'location: https://www.example.com'],
  [':status: 307', 'cache-control: private', 'date: Mon, 21 Oct 2013 20:13:21 GMT', 'location: https://www.example.com'],
  [':status: 200', 'cache-control: private', 'date: Mon, 21 Oct 2013 20:13:22 GMT', 'location: https://www.example.com', 'content-encoding: gzip', 'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
];

/** Name of the section, headers, blocks, size of the table after each, and its maximum. */
const EXAMPLES = [
  { name: 'C.3 requests without Huffman', headers: REQUESTS, huffman: 'never', maximum: 4096, sizes: [57, 110, 164], blocks: ['828684410f7777772e6578616d706c652e636f6d', '828684be58086e6f2d6361636865', '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565'] },
  { name: 'C.4 requests with Huffman', headers: REQUESTS, huffman: 'always', maximum: 4096, sizes: [57, 110, 164], blocks: ['828684418cf1e3c2e5f23a6ba0ab90f4ff', '828684be5886a8eb10649cbf', '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf'] },
  {
    name: 'C.5 responses without Huffman', headers: RESPONSES, huffman: 'never', maximum: 256, sizes: [222, 222, 215],
    blocks: [
      '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d', '4803333037c1c0bf',
      '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
    ],
  },
  {
    name: 'C.6 responses with Huffman', headers: RESPONSES, huffman: 'always', maximum: 256, sizes: [222, 222, 215],
    blocks: [
      '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3', '4883640effc1c0bf',
      '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
    ],
  },
] as const;

describe.each(EXAMPLES)('RFC 7541 $name', ({ headers, huffman, maximum, sizes, blocks }) => {
  it('are decoded, with the tables that the RFC shows', () => {
    const decoder = new HpackDecoder();
    decoder.decode(writeInteger(maximum, 5, 0x20));
    blocks.forEach((block, i) => {
      const decoded = decoder.decode(fromHex(block));
      expect(lines(decoded)).toEqual(headers[i]);
      expect(decoded).toMatchObject({ fault: null, dropped: 0, tableSize: sizes[i], tableMaximum: maximum });
      // Every byte of the block belongs to one field.
      expect(decoded.items.map(({ start, length }) => [start, start + length])).toEqual(decoded.items.map(({ length }, at, all) => {
        const start = all.slice(0, at).reduce((sum, item) => sum + item.length, 0);
        return [start, start + length];
      }));
      expect(decoded.items.reduce((sum, { length }) => sum + length, 0)).toBe(block.length / 2);
    });
  });

  it('are encoded', () => {
    const encoder = new HpackEncoder(huffman);
    encoder.resize(maximum);
    encoder.encode([]);
    blocks.forEach((block, i) => {
      const pairs = (headers[i] ?? []).map((line) => ({ name: line.slice(0, line.indexOf(': ', 1)), value: line.slice(line.indexOf(': ', 1) + 2) }));
      expect(toHex(encoder.encode(pairs))).toBe(block);
    });
  });
});

describe('a field says how it was written', () => {
  const only = (block: string): HeaderBlock['fields'][number] | undefined => new HpackDecoder().decode(fromHex(block)).fields[0];

  it('RFC 7541 C.2: literal with indexing, without, never indexed, and indexed', () => {
    expect(only('400a637573746f6d2d6b65790d637573746f6d2d686561646572')).toMatchObject({
      name: 'custom-key', value: 'custom-header', representation: 'incremental', index: 0, table: null, entered: true, size: 55,
      nameAt: { start: 1, length: 11, octets: 2, huffman: false }, valueAt: { start: 12, length: 14, octets: 13, huffman: false },
    });
    expect(only('040c2f73616d706c652f70617468')).toMatchObject({ name: ':path', value: '/sample/path', representation: 'without', index: 4, table: 'static', nameAt: null, entered: false });
    expect(only('100870617373776f726406736563726574')).toMatchObject({ name: 'password', value: 'secret', representation: 'never', entered: false });
    expect(only('82')).toMatchObject({ name: ':method', value: 'GET', representation: 'indexed', index: 2, table: 'static', start: 0, length: 1, nameAt: null, valueAt: null });
  });

  it('and which older fields had to leave', () => {
    const decoder = new HpackDecoder();
    decoder.decode(fromHex('3fe101'));
    decoder.decode(fromHex(EXAMPLES[2].blocks[0]));
    const [status] = decoder.decode(fromHex(EXAMPLES[2].blocks[1])).fields;
    expect(status).toMatchObject({ value: '307', entered: true, evicted: 1 });
    expect(decoder.decode(fromHex('20')).items).toEqual([{ kind: 'size', maximum: 0, start: 0, length: 1, evicted: 4 }]);
  });
});

describe('the primitives', () => {
  it('write the integers of RFC 7541 C.1', () => {
    expect([toHex(writeInteger(10, 5, 0)), toHex(writeInteger(1337, 5, 0)), toHex(writeInteger(42, 8, 0))]).toEqual(['0a', '1f9a0a', '2a']);
    expect(readInteger(fromHex('1f9a0a'), 0, 5)).toEqual({ value: 1337, next: 3 });
  });

  it('give back every octet and every number', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      expect(huffmanDecode(huffmanEncode(octets))).toEqual({ octets });
    }));
    expect(huffmanDecode(huffmanEncode(Uint8Array.from({ length: 256 }, (_, i) => i)))).toEqual({ octets: Uint8Array.from({ length: 256 }, (_, i) => i) });
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 8 }), (value, bits) => {
      expect(readInteger(writeInteger(value, bits, 0), 0, bits)).toMatchObject({ value });
    }));
  });

  it('give back every list of fields, over a connection', () => {
    const header = fc.record({ name: fc.stringMatching(/^[a-z-]{1,12}$/), value: fc.string({ unit: 'grapheme', maxLength: 40 }), sensitive: fc.boolean() });
    fc.assert(fc.property(fc.array(fc.array(header, { maxLength: 8 }), { maxLength: 5 }), fc.constantFrom('always', 'never', 'shorter' as const), (blocks, huffman) => {
      const encoder = new HpackEncoder(huffman);
      const decoder = new HpackDecoder();
      for (const headers of blocks) expect(lines(decoder.decode(encoder.encode(headers)))).toEqual(headers.map(({ name, value }) => `${name}: ${value}`));
    }));
  });
});

describe('what must be refused', () => {
  it.each([
    ['index 0', '80', 0, 'index 0 is not in a table'],
    ['an index of no entry', 'be', 0, 'index 62 is not in a table'],
    ['the end of the code in a string', '0085ffffffffff00', 2, 'the end of the code appears in a string'],
    ['padding that is no beginning of the end', '00811800', 2, 'padding is not the beginning of the end\'s code'],
    ['a byte of padding', '00821fff00', 2, '11 bits of padding'],
    ['a string past the block', '000561', 1, 'a string of 5 bytes goes past the block'],
    ['a number without end', '7fffffffffffffffff', 0, 'an integer of more than 32 bits'],
    ['a cut number', '7f80', 2, 'the block ends within an integer'],
    ['a table larger than allowed', '3fe21f', 0, 'a table of 4097 where 4096 is allowed'],
    ['a size update behind a field', '8220', 1, 'a table size update after a field'],
  ])('%s', (_name, block, at, why) => {
    const decoder = new HpackDecoder();
    expect(decoder.decode(fromHex(block)).fault).toEqual({ at, why });
    // Both ends' tables have parted: nothing is read any more.
    expect(decoder.decode(fromHex('82'))).toMatchObject({ fields: [], fault: { at, why } });
  });

  it('is refused at every prefix that cuts a field, and never throws', () => {
    const block = fromHex(hex(EXAMPLES[3].blocks[0]));
    for (let length = 0; length <= block.length; length++) {
      const decoded = new HpackDecoder().decode(block.subarray(0, length));
      const cut = ![0, 4, 11, 35, block.length].includes(length);
      expect(decoded.fault !== null, `${length} bytes`).toBe(cut && !decoded.items.some(({ start, length: size }) => start + size === length));
    }
  });
});

describe('a bomb', () => {
  it('of one large field, repeated by its index, gives a bounded list and keeps the table right', () => {
    const decoder = new HpackDecoder();
    const large = concatBytes(fromHex('40016178'.slice(0, 6)), writeInteger(3900, 7, 0), new Uint8Array(3900).fill(0x62));
    expect(decoder.decode(large).fault).toBeNull();
    const decoded = decoder.decode(new Uint8Array(HTTP2_LIMITS.block).fill(0xbe));
    expect(decoded.fault).toBeNull();
    expect(decoded.fields.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(HTTP2_LIMITS.headerList);
    expect(decoded.fields.length + decoded.dropped).toBe(HTTP2_LIMITS.block);
    expect(decoded.size).toBe(HTTP2_LIMITS.block * 3933);
    expect(decoder.decode(fromHex('be')).fields[0]?.value).toHaveLength(3900);
  });

  it('of entries and updates of the size keeps neither', () => {
    const decoder = new HpackDecoder();
    const entries = new Uint8Array(HTTP2_LIMITS.block).map((_, i) => (i % 2 === 0 ? 0x41 : 0));
    const decoded = decoder.decode(entries);
    expect(decoded.tableSize).toBeLessThanOrEqual(4096);
    expect(decoded.items.length).toBeLessThanOrEqual(HTTP2_LIMITS.headerList / 32);
    expect(decoder.decode(new Uint8Array(HTTP2_LIMITS.block).fill(0x20)).items.length).toBeLessThanOrEqual(HTTP2_LIMITS.headerList / 32);
  });

  it('of Huffman code is as long as its bits allow', () => {
    expect(huffmanDecode(new Uint8Array(10_000))).toMatchObject({ octets: { length: 16_000 } });
  });
});
