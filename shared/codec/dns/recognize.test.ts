// A DNS message on a port that nobody knows is shown as one; what only resembles it stays data.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { assemble, part } from '../assemble';
import { dissect } from '../dissect';
import { codec as ethernet } from '../ethernet/codec';
import { codec as ipv4 } from '../ipv4/codec';
import { codec as udp } from '../udp/codec';
import { encodeMessage } from './message';
import { NO_FLAGS, queryFor, type DnsMessage } from './records';
import { looksLikeMessage } from './recognize';
import { DNS_CLASS } from './types';

const QUERY = queryFor(7, 'www.example.test.', 1, { rd: true });
const ANSWER: DnsMessage = {
  ...QUERY, flags: { ...NO_FLAGS, qr: true, ra: true },
  answers: [{ name: 'www.example.test.', class: DNS_CLASS.IN, ttl: 60, data: { type: 'A', address: '127.0.60.2' } }],
};

const protocolsAt = (port: number, payload: Uint8Array): string => dissect(assemble(
  [part(ethernet, { destination: '00:00:00:00:00:00', source: '00:00:00:00:00:00', type: 0x0800 }), part(ipv4, { source: '127.0.10.1', destination: '127.0.53.53', protocol: 17 }), part(udp, { sourcePort: 40_000, destinationPort: port }, { network: { source: '127.0.10.1', destination: '127.0.53.53' } })],
  payload,
)).map(({ protocol }) => protocol).join(':');

describe('a datagram on a port that stands for nothing', () => {
  it('is DNS when it is a query or a response from its first byte to its last', () => {
    expect(protocolsAt(5300, encodeMessage(QUERY))).toBe('eth:ip:udp:dns');
    expect(protocolsAt(5300, encodeMessage(ANSWER))).toBe('eth:ip:udp:dns');
  });

  it('is data when a byte follows, when it is an update, or when its name is one of NetBIOS', () => {
    expect(protocolsAt(5300, Uint8Array.from([...encodeMessage(QUERY), 0]))).toBe('eth:ip:udp:data');
    expect(protocolsAt(5300, encodeMessage({ ...QUERY, flags: { ...NO_FLAGS, opcode: 5 } }))).toBe('eth:ip:udp:data');
    expect(protocolsAt(137, fromHex(`82280110000100000000000020${'43'.repeat(32)}0000200001`))).toBe('eth:ip:udp:data');
    expect(protocolsAt(7, new TextEncoder().encode('hello, world, hello'))).toBe('eth:ip:udp:data');
  });

  it('is hardly ever DNS by chance, and no bytes throw', () => {
    let taken = 0;
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      if (looksLikeMessage(bytes)) taken++;
    }), { seed: 53, numRuns: 2000 });
    expect(taken).toBe(0);
  });
});
