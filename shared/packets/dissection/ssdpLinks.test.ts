// Which request of its flow a message of SSDP is.

import { describe, expect, it } from 'vitest';
import { assemble, part } from '../../codec/assemble';
import { codec as ethernet } from '../../codec/ethernet/codec';
import { latin1Bytes } from '../../codec/http/chars';
import { codec as ipv4 } from '../../codec/ipv4/codec';
import { codec as udp } from '../../codec/udp/codec';
import { openFrames } from './captured.fixture';
import { createDissector } from './dissector';
import { PacketFields } from './packetFields';

function datagram(from: number, text: string): Uint8Array {
  const network = { source: '10.0.0.1', destination: '239.255.255.250' };
  return assemble([part(ethernet, { destination: '01:00:5e:7f:ff:fa', source: '02:00:00:00:00:01', type: 0x0800 }), part(ipv4, { ...network, protocol: 17 }), part(udp, { sourcePort: from, destinationPort: 1900 }, { network })], latin1Bytes(text));
}
const ASKED = 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nST: ssdp:all\r\n\r\n';

describe('requests of SSDP', () => {
  it('are numbered in their flow, within bounds', () => {
    const frames = [datagram(4000, ASKED), datagram(4001, ASKED), datagram(4000, 'no message'), datagram(4000, ASKED), ...Array.from({ length: 70 }, () => datagram(4000, ASKED))];
    const dissector = createDissector(openFrames(frames));
    const told = frames.map((_, number) => {
      const fields = new PacketFields(dissector.dissect(number));
      return ['http.request_number', 'http.prev_request_in', 'http.request.full_uri'].map((name) => fields.texts(name).join());
    });
    expect(told.slice(0, 5)).toEqual([['1', '', 'http://239.255.255.250:1900*'], ['1', '', 'http://239.255.255.250:1900*'], ['', '', ''], ['2', '1', 'http://239.255.255.250:1900*'], ['3', '4', 'http://239.255.255.250:1900*']]);
    // Too far from its beginning for a number, but the one before is known.
    expect(told.at(-1)).toEqual(['', '73', 'http://239.255.255.250:1900*']);
  });

  it('what only tells of an event is none of them', () => {
    const notify = ASKED.replace('M-SEARCH', 'NOTIFY');
    const frames = [datagram(4000, notify), datagram(4000, ASKED)];
    const dissector = createDissector(openFrames(frames));
    const told = frames.map((_, number) => {
      const fields = new PacketFields(dissector.dissect(number));
      return ['http.notification', 'http.request', 'http.request_number', 'http.prev_request_in', 'http.request.full_uri', 'http.request.line', 'http.response.line'].map((name) => fields.texts(name).length);
    });
    expect(told).toEqual([[1, 0, 0, 0, 1, 0, 0], [0, 1, 1, 0, 1, 3, 0]]);
  });
});
