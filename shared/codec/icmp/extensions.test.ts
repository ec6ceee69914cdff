// What routers add to ICMP errors: the labels that a packet had, the interface it came in by, questions about an interface.

import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { internetChecksum } from '../../base/checksum';
import { findField, type FieldNode } from '../field';
import { codec as icmpv6 } from '../icmpv6/codec';
import { codec } from './codec';

const QUOTED = `450000548f2a4000010100000a0000010a000002${'00'.repeat(108)}`;
const LABELS = '2000 0000 0008 0101 0189 70fe';
const tree = (hex: string): FieldNode => codec.fields(fromHex(hex), {}, 0);
const values = (node: FieldNode, ...names: string[]): unknown[] => names.map((name) => findField(node, name)?.value);

/** The structure with its checksum made right. */
function summed(hex: string): string {
  const bytes = fromHex(hex);
  const sum = internetChecksum(bytes);
  bytes.set([sum >> 8, sum & 0xff], 2);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

describe('errors with more than the packet that they are about', () => {
  it('end the quoted packet where the length says, and read the label stack behind it', () => {
    const message = fromHex(`0b000000 00200000 ${QUOTED} ${summed(LABELS)}`);
    const answer = codec.decode(message, {});
    expect(answer).toMatchObject({ status: 'complete', payload: { start: 8, end: 136 } });
    if (answer.status !== 'complete') return;
    expect(codec.encode(answer.value, message.subarray(8, 136), {})).toEqual(message);
    const said = codec.fields(message, {}, 0);
    expect(values(said, 'icmp.length', 'icmp.length.original_datagram', 'icmp.ext.version', 'icmp.ext.checksum.status', 'icmp.ext.class', 'icmp.mpls.label', 'icmp.mpls.s', 'icmp.mpls.ttl')).toEqual([32, 128, 2, 1, 1, 0x01897, false, 0xfe]);
    expect(findField(said, 'icmp.ext.object')?.display).toBe('MPLS labels 6295');
  });

  it('without a length only behind 128 bytes, when version and checksum are right', () => {
    expect(values(tree(`0b000000 00000000 ${QUOTED} ${summed(LABELS)}`), 'icmp.mpls.label')).toEqual([0x01897]);
    expect(values(tree(`0b000000 00000000 ${QUOTED} 2000 1234 0008 0101 0189 70fe`), 'icmp.ext')).toEqual([undefined]);
    expect(values(tree(`0b000000 00000000 ${QUOTED}`), 'icmp.ext')).toEqual([undefined]);
  });

  it('name the interface that the packet came in by', () => {
    const said = tree(`03030000 00200000 ${QUOTED} 2000 0000 0019 020f 00000007 00010000 0a000001 05 65746830 000005dc`);
    expect(values(said, 'icmp.int_info.role', 'icmp.int_info.index', 'icmp.int_info.ipv4', 'icmp.int_info.name', 'icmp.int_info.mtu')).toEqual([0, 7, '10.0.0.1', 'eth0', 1500]);
  });

  it('are read no further than their bytes, whatever they say', () => {
    const message = fromHex(`0b000000 00200000 ${QUOTED} 2000 0000 ffff 0101 0189`);
    for (let end = 0; end <= message.length; end++) expect(() => codec.fields(message.subarray(0, end), {}, 0)).not.toThrow();
    expect(findField(codec.fields(message, {}, 0), 'icmp.ext.object')?.problem).toContain('65535');
  });
});

describe('extended echoes', () => {
  it('ask for an interface by its index, its name or its address', () => {
    expect(values(tree('2a000000 f6ea0001 20000000 00080302 00000001'), 'icmp.ident', 'icmp.ext.echo.seq', 'icmp.ext.echo.req.local', 'icmp.int_ident.index')).toEqual([0xf6ea, 0, true, 1]);
    expect(values(tree('2a000000 002a2a01 20000000 000c0301 6678703000000000'), 'icmp.int_ident.name')).toEqual(['fxp0']);
    expect(values(tree('2a000000 002a2a01 20000000 000c0303 00010400 951c4a01'), 'icmp.int_ident.ipv4')).toEqual(['149.28.74.1']);
  });

  it('are answered with a state, in both versions', () => {
    expect(values(tree('2b000000 f6ea0046'), 'icmp.ext.echo.rsp.state', 'icmp.ext.echo.rsp.active', 'icmp.ext.echo.rsp.ipv4', 'icmp.ext.echo.rsp.ipv6')).toEqual([2, true, true, false]);
    expect(values(icmpv6.fields(fromHex('a1000000 fb610007'), {}, 0), 'icmpv6.echo.identifier', 'icmpv6.ext.echo.rsp.active')).toEqual([0xfb61, true]);
  });
});
