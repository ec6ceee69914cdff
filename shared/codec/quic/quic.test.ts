// QUIC from outside: what RFC 8999 promises of every version, and where the packets of one datagram end.

import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { dissect, LINK_TYPE } from '../dissect';
import { assemble, part } from '../assemble';
import { findField, walkFields, type FieldNode } from '../field';
import { codec as ipv4 } from '../ipv4/codec';
import { keepsPromises } from '../promises.fixture';
import { codec as udp } from '../udp/codec';
import { codec } from './codec';

const IDS = '08 8394c8f03e515708 08 f067a5502a4262b5';
const INITIAL = `c3 00000001 ${IDS} 03 aabbcc 4020 ${'11'.repeat(32)}`;
const HANDSHAKE = `e3 00000001 ${IDS} 10 ${'22'.repeat(16)}`;
const NEGOTIATION = `80 00000000 ${IDS} 00000001 6b3343cf 1a2a3a4a`;
const tree = (hex: string): FieldNode => codec.fields(fromHex(hex), {}, 0);
const values = (node: FieldNode, ...names: string[]): unknown[] => names.map((name) => findField(node, `quic.${name}`)?.value);

describe('an initial packet, another behind it', () => keepsPromises({ codec, bytes: INITIAL, after: HANDSHAKE, datagram: true, value: { form: 'long', version: 1, destination: fromHex('8394c8f03e515708'), source: fromHex('f067a5502a4262b5') } }));
describe('version negotiation', () => keepsPromises({ codec, bytes: NEGOTIATION, datagram: true, value: { form: 'long', version: 0 } }));
describe('a short header', () => keepsPromises({ codec, bytes: `43 8394c8f03e515708 ${'33'.repeat(30)}`, datagram: true, value: { form: 'short', first: 0x43 } }));
describe('an unknown version', () => keepsPromises({ codec, bytes: 'c0 12345678 01 aa 15 000102030405060708090a0b0c0d0e0f1011121314 0102', datagram: true, value: { form: 'long', version: 0x12345678 } }));

describe('a packet', () => {
  it('says its type, its version and whose it is', () => {
    expect(values(tree(INITIAL), 'header_form', 'fixed_bit', 'long.packet_type', 'version', 'dcid', 'scil', 'token_length', 'length')).toEqual([1, true, 0, 1, fromHex('8394c8f03e515708'), 8, 3, 32]);
    expect(tree(INITIAL).display).toBe('QUIC Initial');
    expect(tree(`d3 6b3343cf ${IDS} 00 01 00`).display).toBe('QUIC Initial');
    expect(tree(`f0 00000001 ${IDS} 746f6b656e ${'00'.repeat(16)}`).display).toBe('QUIC Retry');
    expect(values(tree(`f0 00000001 ${IDS} 746f6b656e ${'00'.repeat(16)}`), 'retry_token')).toEqual([fromHex('746f6b656e')]);
  });

  it('may offer versions', () => {
    expect([...walkFields(tree(NEGOTIATION))].filter(({ node }) => node.name === 'quic.supported_version').map(({ node }) => node.display)).toEqual(['1 (0x00000001)', '2 (0x6b3343cf)', 'reserved (0x1a2a3a4a)']);
  });

  it('shares its datagram with others', () => {
    const context = { network: { source: '10.0.0.1', destination: '10.0.0.2' } };
    const frame = assemble([part(ipv4, { ...context.network, protocol: 17 }), part(udp, { sourcePort: 50_000, destinationPort: 443 }, context)], fromHex(INITIAL + HANDSHAKE));
    expect(dissect(frame, LINK_TYPE.ipv4).map(({ protocol, length }) => [protocol, length]).slice(2)).toEqual([['quic', 61], ['quic', 40]]);
  });

  it('that none could be is refused', () => {
    expect(codec.decode(fromHex('00'), {})).toMatchObject({ status: 'malformed', at: 0 });
    expect(codec.decode(fromHex(`83 00000001 ${IDS} 00 01 00`), {})).toMatchObject({ status: 'malformed', at: 0 });
    expect(codec.decode(fromHex('c3 00000001 15'), { missing: 0 })).toMatchObject({ status: 'malformed' });
  });
});
