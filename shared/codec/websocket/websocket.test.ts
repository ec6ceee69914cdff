// Frames of a WebSocket, most of them from RFC 6455 5.7.

import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import type { Context } from '../codec';
import { findField, type FieldNode } from '../field';
import { keepsPromises } from '../promises.fixture';
import { codec } from './codec';

const hello = fromHex('48656c6c6f');
const tree = (hex: string, context: Context = {}): FieldNode => codec.fields(fromHex(hex), context, 0);
const values = (node: FieldNode, ...names: string[]): unknown[] => names.map((name) => findField(node, `websocket.${name}`)?.value);

describe('an unmasked text', () => keepsPromises({ codec, bytes: '8105 48656c6c6f', after: '8900', value: { fin: true, rsv: 0, opcode: 1, mask: null, data: hello } }));
describe('a masked text', () => keepsPromises({ codec, bytes: '8185 37fa213d 7f9f4d5158', value: { fin: true, opcode: 1, mask: fromHex('37fa213d'), data: hello } }));
describe('256 bytes', () => keepsPromises({ codec, bytes: `827e0100 ${'aa'.repeat(256)}`, value: { fin: true, opcode: 2, mask: null } }, 40));

describe('a frame', () => {
  it('says what it is', () => {
    expect(values(tree('8185 37fa213d 7f9f4d5158'), 'fin', 'opcode', 'mask', 'payload_length', 'masked_payload', 'payload.text')).toEqual([true, 1, true, 5, fromHex('7f9f4d5158'), 'Hello']);
    expect(values(tree('8805 03e8 627965'), 'payload.close.status_code', 'payload.close.reason')).toEqual([1000, 'bye']);
    expect(values(tree('8905 48656c6c6f'), 'payload.ping')).toEqual([hello]);
    expect(values(tree('827f 0000000000000003 616263'), 'payload_length', 'payload_length_ext_64', 'payload')).toEqual([127, 3, fromHex('616263')]);
  });

  it('goes on with the kind of message that was begun, also after a ping', () => {
    const first = codec.decode(fromHex('0103 48656c 8900 8002 6c6f'), { transport: 'tcp' });
    if (first.status !== 'complete') throw new Error(first.status);
    const ping = codec.decode(fromHex('8900 8002 6c6f'), first.inside);
    if (ping.status !== 'complete') throw new Error(ping.status);
    expect(values(tree('8002 6c6f', ping.inside), 'payload.text')).toEqual(['lo']);
    expect(values(tree('8002 6c6f'), 'payload.text')).toEqual([undefined]);
  });

  it('that is compressed stays bytes', () => {
    expect(values(tree('c107 f248cdc9c90700'), 'rsv', 'payload.text', 'payload')).toEqual([4, undefined, fromHex('f248cdc9c90700')]);
  });

  it('that breaks the rules is told', () => {
    expect(tree('0900').problem).toBe('a control is one short frame');
    expect(tree('8300').problem).toBe('opcode 3 is reserved');
    expect(codec.decode(fromHex('827f 7fffffffffffffff'), {})).toMatchObject({ status: 'malformed', at: 2 });
    expect(() => codec.encode({ fin: true, rsv: 0, opcode: 16, mask: null, data: hello }, new Uint8Array(0), {})).toThrow(RangeError);
  });
});
