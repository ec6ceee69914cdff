// What no header says but other packets do (frames, relative numbers, analysis of TCP, messages put together, who answers whom) has a name and a
// sentence in every language: all nodes of a conversation that was dissected, and every word of the analysis.

import { expect, it } from 'vitest';
import { fromHex } from '../../shared/base/bytes';
import { assemble, part } from '../../shared/codec/assemble';
import { codec as ethernet } from '../../shared/codec/ethernet/codec';
import { codec as icmp } from '../../shared/codec/icmp/codec';
import { codec as icmpv6 } from '../../shared/codec/icmpv6/codec';
import { codec as ipv4 } from '../../shared/codec/ipv4/codec';
import { codec as ipv6 } from '../../shared/codec/ipv6/codec';
import { walkFields } from '../../shared/codec/field';
import { TCP_ANALYSIS } from '../../shared/packets/analysis/tcpAnalysis';
import { Line, openFrames } from '../../shared/packets/dissection/captured.fixture';
import { createDissector } from '../../shared/packets/dissection/dissector';
import { catalog as en } from './catalog.en';
import { catalog as ko } from './catalog.ko';
import { catalog as ru } from './catalog.ru';

const talk = new Line(80).say('up', 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n').pieces('down', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 30);
/** Echoes, with the time in their data. */
const link = (type: number) => part(ethernet, { destination: '02:00:00:00:00:02', source: '02:00:00:00:00:01', type });
const [v4, v6] = [['10.0.0.1', '10.0.0.2'], ['fd00::1', 'fd00::2']] as const;
const echo4 = (type: number, [source, destination]: readonly [string, string], sequence = 1): Uint8Array => assemble([link(0x0800), part(ipv4, { source, destination, protocol: 1 }), part(icmp, { type, code: 0, rest: sequence })], fromHex('6553f100 00000000'));
const echo6 = (type: number, [source, destination]: readonly [string, string], sequence = 1): Uint8Array => assemble([link(0x86dd), part(ipv6, { source, destination, nextHeader: 58 }), part(icmpv6, { type, code: 0, rest: sequence }, { network: { source, destination } })], fromHex('01'));
const pings = [echo4(8, v4), echo4(0, [v4[1], v4[0]]), echo4(8, v4, 2), echo6(128, v6), echo6(129, [v6[1], v6[0]]), echo6(128, v6, 2)];

it.each([['en', en], ['ko', ko], ['ru', ru]] as const)('%s', (_locale, { fields }) => {
  const capture = openFrames([...talk.frames, ...pings]);
  const dissector = createDissector({ ...capture, lookAhead: true });
  const names = new Set(Object.keys(TCP_ANALYSIS));
  for (let number = 0; number < capture.table.count; number++) {
    for (const { tree, protocol } of dissector.dissect(number).layers) for (const { node } of walkFields(tree)) if (node.name !== protocol) names.add(node.name);
  }
  expect([...names]).toEqual(expect.arrayContaining(['frame.number', 'tcp.stream', 'tcp.reassembled_in', 'http.response_in', 'tcp.analysis.ack_rtt', 'icmp.resp_in', 'icmp.resptime', 'icmp.no_resp', 'icmp.data_time_relative', 'icmpv6.resp_in', 'icmpv6.resp_to', 'icmpv6.no_resp']));
  const said = fields as unknown as Readonly<Record<string, unknown>> & { readonly name: Readonly<Record<string, string>> };
  const keys = [...names].map((name) => name.replaceAll('.', '_'));
  expect(keys.filter((key) => said.name[key] === undefined)).toEqual([]);
  expect(keys.filter((key) => said[key] === undefined)).toEqual([]);
});
