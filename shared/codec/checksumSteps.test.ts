import { describe, expect, it } from 'vitest';
import { fromHex } from '../base/bytes';
import { internetChecksum } from '../base/checksum';
import { createRandom } from '../base/random';
import { assemble, part } from './assemble';
import { checksumState, ipSummable, receiverSum, senderSum, summedBytes, sumSteps, transportSummable, writtenFor } from './checksumSteps';
import { codec as ipv4 } from './ipv4/codec';
import { codec as tcp, TCP_FLAGS } from './tcp/codec';
import { codec as udp } from './udp/codec';

const ENDS = { source: '127.0.75.1', destination: '127.0.75.2' };
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

describe('a sum of 16-bit words', () => {
  it('brings each carry round to the lower end (RFC 1071 section 3)', () => {
    // The RFC's own example: 00 01 f2 03 f4 f5 f6 f7 has the sum ddf2.
    const { steps, sum, complement } = sumSteps([{ part: 'payload', bytes: fromHex('0001f203f4f5f6f7') }], -1, null);
    expect(steps.map(({ word, raw, sum }) => [word, raw, sum].map((value) => value.toString(16)).join(' '))).toEqual(['1 1 1', 'f203 f204 f204', 'f4f5 1e6f9 e6fa', 'f6f7 1ddf1 ddf2']);
    expect([sum, complement]).toEqual([0xddf2, 0x220d]);
  });

  it('takes an odd last byte as the upper half of its word', () => {
    const { steps } = sumSteps([{ part: 'payload', bytes: ascii('hello') }], -1, null);
    expect(steps.map(({ at, word, padded }) => [at, word.toString(16), padded])).toEqual([[0, '6865', false], [2, '6c6c', false], [4, '6f00', true]]);
  });

  it('of nothing is nothing', () => expect(sumSteps([], -1, null)).toEqual({ steps: [], sum: 0, complement: 0xffff }));
});

describe('the checksum', () => {
  it('of an IPv4 header is the one that is known', () => {
    // A packet of the kernel's on lo: id 12084, DF, TTL 64, TCP, 57 bytes.
    const header = fromHex('450000392f344000400600007f004b017f004b02');
    const made = senderSum(ipSummable(header));
    header[10] = made.complement >> 8;
    header[11] = made.complement & 0xff;
    expect([checksumState(ipSummable(header)), receiverSum(ipSummable(header)).sum, internetChecksum(header)]).toEqual(['right', 0xffff, 0]);
  });

  it.each([0, 1, 2, 5, 536, 1461])('of segments and datagrams with %i bytes is what the codecs write', (length) => {
    const next = createRandom(length);
    const payload = Uint8Array.from({ length }, () => next.below(256));
    for (const [kind, header, bytes] of [
      ['tcp', 20, assemble([part(tcp, { sourcePort: 40_000, destinationPort: 7060, sequence: 1, flags: TCP_FLAGS.ACK }, { network: ENDS })], payload)],
      ['udp', 8, assemble([part(udp, { sourcePort: 40_000, destinationPort: 7061 }, { network: ENDS })], payload)],
    ] as const) {
      const summable = transportSummable(kind, ENDS.source, ENDS.destination, bytes.subarray(0, header), bytes.subarray(header));
      expect(writtenFor(kind, senderSum(summable).complement)).toBe(summable.written);
      expect([checksumState(summable), receiverSum(summable).sum]).toEqual(['right', 0xffff]);
      expect(internetChecksum(summedBytes(summable))).toBe(0);
    }
  });

  it('of IPv6 takes the long addresses in', () => {
    const network = { source: '::1', destination: '::1' };
    const bytes = assemble([part(udp, { sourcePort: 1, destinationPort: 2 }, { network })], ascii('six'));
    const summable = transportSummable('udp', '::1', '::1', bytes.subarray(0, 8), bytes.subarray(8));
    expect([summable.parts[0]?.bytes.length, checksumState(summable)]).toEqual([40, 'right']);
  });

  it('knows what is damaged, absent, or left for a card to finish', () => {
    const good = assemble([part(udp, { sourcePort: 1, destinationPort: 2 }, { network: ENDS })], ascii('hello'));
    const as = (checksum: number, payload = 'hello') => {
      const bytes = good.slice();
      bytes[6] = checksum >> 8;
      bytes[7] = checksum & 0xff;
      return checksumState(transportSummable('udp', ENDS.source, ENDS.destination, bytes.subarray(0, 8), ascii(payload)));
    };
    const { written } = transportSummable('udp', ENDS.source, ENDS.destination, good.subarray(0, 8), ascii('hello'));
    // 0x9422 is what tcpdump showed of such a datagram of 5 bytes on lo, "bad udp cksum".
    expect([as(written), as(written, 'hellp'), as(0), as(0x9422)]).toEqual(['right', 'wrong', 'absent', 'partial']);
  });

  it('of UDP is never written as 0', () => expect([writtenFor('udp', 0), writtenFor('tcp', 0)]).toEqual([0xffff, 0]));

  it('is in the place where IPv4 has it', () => {
    const bytes = assemble([part(ipv4, { ...ENDS, protocol: 17 })], ascii('payload'));
    expect(checksumState(ipSummable(bytes.subarray(0, 20)))).toBe('right');
  });
});
