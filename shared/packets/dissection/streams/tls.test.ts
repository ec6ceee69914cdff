// What the records of a connection say by what came before them: what is inside, the form of a key exchange, and that TLS 1.3 was chosen.

import { expect, it } from 'vitest';
import { concatBytes, fromHex } from '../../../base/bytes';
import { makeExtension, type Extension } from '../../../codec/tls/extension';
import { encodeClientHello, encodeHandshake, encodeServerHello } from '../../../codec/tls/hello';
import { CONTENT, HANDSHAKE } from '../../../codec/tls/names';
import { encodeRecord } from '../../../codec/tls/record';
import { vectorBytes } from '../../../codec/tls/wire';
import { Line, openFrames } from '../captured.fixture';
import { createDissector } from '../dissector';
import { PacketFields } from '../packetFields';

const START = { version: 0x0303, random: new Uint8Array(32).fill(7), sessionId: new Uint8Array(0) };
const RETRY = fromHex('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');
const record = (fragment: Uint8Array, contentType: number = CONTENT.handshake): Uint8Array => encodeRecord({ contentType, version: 0x0303, fragment });
const message = (type: number, body: Uint8Array): Uint8Array => record(encodeHandshake(type, body));
const CLIENT = message(HANDSHAKE.clientHello, encodeClientHello({ ...START, cipherSuites: [0x009e, 0x1301], compressionMethods: [0], extensions: [makeExtension.versions([0x0304, 0x0303])] }));
const server = (cipherSuite: number, extensions: readonly Extension[], random = START.random): Uint8Array => message(HANDSHAKE.serverHello, encodeServerHello({ ...START, random, cipherSuite, compressionMethod: 0, extensions }));
const DATA = record(fromHex('0011223344'), CONTENT.applicationData);

function talk(port: number, ...said: readonly (readonly ['up' | 'down', Uint8Array])[]): PacketFields[] {
  const line = new Line(port);
  for (const [dir, bytes] of said) line.say(dir, bytes);
  const dissector = createDissector(openFrames(line.frames));
  return line.frames.map((_, number) => new PacketFields(dissector.dissect(number))).slice(-said.length);
}
const last = (packets: readonly PacketFields[], name: string): string[] => packets.at(-1)?.texts(name) ?? [];

it('names what is inside by ALPN, and by the port where nothing was agreed on', () => {
  const alpn = server(0x009e, [makeExtension.alpn(['h2'])]);
  expect(last(talk(443, ['up', CLIENT], ['down', server(0x009e, [])], ['up', DATA]), 'tls.app_data_proto')).toEqual(['Hypertext Transfer Protocol']);
  expect(last(talk(443, ['up', CLIENT], ['down', alpn], ['up', DATA]), 'tls.app_data_proto')).toEqual(['HyperText Transfer Protocol 2']);
  expect(last(talk(993, ['up', CLIENT], ['down', server(0x009e, [])], ['up', DATA]), 'tls.app_data_proto')).toEqual(['Internet Message Access Protocol']);
  expect(last(talk(8443, ['up', CLIENT], ['down', server(0x009e, [])], ['up', DATA]), 'tls.app_data_proto')).toEqual([]);
});

it('reads a key exchange by the suite that the server chose', () => {
  const number = vectorBytes(fromHex('0102'), 2);
  const packets = talk(443, ['up', CLIENT], ['down', server(0x009e, [])], ['down', message(HANDSHAKE.serverKeyExchange, concatBytes(number, number, number, fromHex('0401'), number))], ['up', message(HANDSHAKE.clientKeyExchange, number)]);
  expect([packets[2]?.texts('tls.handshake.ys'), last(packets, 'tls.handshake.yc'), last(packets, 'tls.handshake.epms')]).toEqual([['0102'], ['0102'], []]);
});

it('knows TLS 1.3 from the answer on, be it the wish for another hello, or one of a draft', () => {
  const chosen = makeExtension.selectedVersion(0x0304);
  const plain = talk(443, ['up', CLIENT], ['down', server(0x1301, [chosen])], ['down', DATA]);
  expect(plain.map((packet) => packet.texts('tls.handshake.random_time').length)).toEqual([1, 0, 0]);
  expect([last(plain, 'tls.record.opaque_type'), last(plain, 'tls.record.content_type')]).toEqual([['23'], []]);
  const again = talk(443, ['up', CLIENT], ['down', server(0x1301, [chosen], RETRY)], ['up', CLIENT]);
  expect(again.map((packet) => packet.texts('tls.handshake.random_time').length)).toEqual([1, 0, 0]);
  expect(last(talk(443, ['up', CLIENT], ['down', server(0x1301, [makeExtension.selectedVersion(0x7f1c)])], ['down', DATA]), 'tls.record.opaque_type')).toEqual(['23']);
});
