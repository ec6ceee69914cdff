// What of a capture only other packets, or a person, can tell, against tshark: ports that are said to speak a protocol, datagrams and messages that
// become whole later, STARTTLS, names from DNS answers, LLMNR and SSDP.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { looplab } from '../../electron/cli/inProcess.fixture';
import { fromHex } from '../../shared/base/bytes';
import { assemble, part } from '../../shared/codec/assemble';
import { codec as dns } from '../../shared/codec/dns/codec';
import { NO_FLAGS } from '../../shared/codec/dns/records';
import { codec as ethernet } from '../../shared/codec/ethernet/codec';
import { latin1Bytes } from '../../shared/codec/http/chars';
import { codec as ipv4 } from '../../shared/codec/ipv4/codec';
import { RFC_8448, RFC_8448_ORDER } from '../../shared/codec/tls/rfc8448.fixture';
import { codec as udp } from '../../shared/codec/udp/codec';
import { Line } from '../../shared/packets/dissection/captured.fixture';
import { fileOf } from '../../shared/packets/follow/web.fixture';
import { hasTshark } from './tshark.fixture';

const folder = mkdtempSync(join(tmpdir(), 'looplab-decode-as-'));
afterAll(() => rmSync(folder, { recursive: true }));
const missing = hasTshark ? '' : ' (skipped: tshark is not installed)';

function kept(name: string, frames: readonly Uint8Array[]): string {
  const path = join(folder, name);
  writeFileSync(path, fileOf(frames));
  return path;
}
const MAC = { destination: '02:00:00:00:00:02', source: '02:00:00:00:00:01', type: 0x0800 };
function datagram(from: readonly [string, number], to: readonly [string, number], payload: Uint8Array): Uint8Array {
  const network = { source: from[0], destination: to[0] };
  return assemble([part(ethernet, MAC), part(ipv4, { ...network, protocol: 17 }), part(udp, { sourcePort: from[1], destinationPort: to[1] }, { network })], payload);
}
const question = (id: number, qr: boolean, transport: 'tcp' | 'udp'): Uint8Array => dns.encode({
  id, flags: { ...NO_FLAGS, qr }, questions: [{ name: 'www.a.test.', type: 1, class: 1 }], authorities: [], additionals: [],
  answers: qr ? [{ name: 'www.a.test.', class: 1, ttl: 60, data: { type: 'A', address: '10.0.0.7' } }] : [],
}, new Uint8Array(0), { transport });

/** The same fields of all packets, by both. */
async function both(path: string, fields: readonly string[], options: readonly string[] = [], theirs: readonly string[] = options): Promise<readonly [string[], string[]]> {
  const told = await looplab('decode', path, '--fields', fields.join(','), ...options);
  const out = execFileSync('tshark', ['-n', '-r', path, ...theirs, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return [told.out.split('\n'), out.split('\n')];
}

describe(`what others tell of a packet is what tshark tells${missing}`, () => {
  it.skipIf(!hasTshark)('ports that are said to speak a protocol, over UDP and TCP', async () => {
    const line = new Line(5301).say('up', question(1, false, 'tcp')).say('down', question(1, true, 'tcp'));
    const path = kept('ports.pcapng', [datagram(['10.0.0.1', 4000], ['10.0.0.2', 5300], question(7, false, 'udp')), datagram(['10.0.0.2', 5300], ['10.0.0.1', 4000], question(7, true, 'udp')), ...line.frames, ...new Line(8888).say('up', 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n').frames.slice(2)]);
    const [ours, theirs] = await both(path, ['frame.number', 'dns.id', 'dns.qry.name', 'dns.a', 'dns.response_to', 'dns.time', 'http.request.method'], ['-d', 'udp.port==5300,dns', '-d', 'tcp.port==5301,dns', '-d', 'tcp.port==8888,http']);
    expect(ours).toEqual(theirs);
    expect(ours[1]).toBe('2\t0x0007\twww.a.test\t10.0.0.7\t1\t0.001000000\t');
  });

  it.skipIf(!hasTshark)('with a second pass: where fragments and segments become whole, and what answers them', async () => {
    const whole = datagram(['10.0.0.1', 4000], ['10.0.0.2', 7000], new Uint8Array(60).fill(65)).subarray(34);
    const pieces = [[0, 24, 0x1], [24, 48, 0x1], [48, whole.length, 0]] as const;
    const fragments = pieces.map(([from, to, flags]) => assemble([part(ethernet, MAC), part(ipv4, { source: '10.0.0.1', destination: '10.0.0.2', protocol: 17, identification: 9, flags, fragmentOffset: from / 8 })], whole.slice(from, to)));
    const web = new Line(80).say('up', 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n').pieces('down', 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n12345678901234567890', 20);
    const [ours, theirs] = await both(kept('later.pcapng', [...fragments, ...web.frames]), ['frame.number', 'ip.reassembled_in', 'tcp.reassembled_in', 'http.response_in', 'udp.length'], ['-2']);
    expect(ours).toEqual(theirs);
    expect(ours.slice(0, 3)).toEqual(['1\t3\t\t\t', '2\t3\t\t\t', '3\t\t\t\t68']);
  });

  it.skipIf(!hasTshark)('behind STARTTLS and its kind it is TLS', async () => {
    for (const [port, talk] of [[25, [['down', '220 mail.test ESMTP\r\n'], ['up', 'EHLO a\r\n'], ['down', '250-mail.test\r\n250 STARTTLS\r\n'], ['up', 'STARTTLS\r\n'], ['down', '220 go ahead\r\n']]], [143, [['down', '* OK here\r\n'], ['up', 'a1 STARTTLS\r\n'], ['down', 'a1 OK begin\r\n']]]] as const) {
      const line = new Line(port);
      for (const [dir, text] of talk) line.say(dir, text);
      for (const [dir, name] of RFC_8448_ORDER) line.say(dir, RFC_8448[name]);
      const [ours, theirs] = await both(kept(`clear-${port}.pcapng`, line.frames), ['frame.number', 'tls.record.content_type', 'tls.handshake.type']);
      expect(ours).toEqual(theirs);
      expect(ours.join('')).toContain('\t22\t1');
    }
  });

  it.skipIf(!hasTshark)('names of DNS answers; LLMNR; SSDP', async () => {
    const path = kept('names.pcapng', [
      datagram(['10.0.0.1', 4000], ['10.0.0.2', 53], question(7, false, 'udp')), datagram(['10.0.0.2', 53], ['10.0.0.1', 4000], question(7, true, 'udp')), datagram(['10.0.0.7', 4001], ['10.0.0.1', 4002], latin1Bytes('hello')),
      datagram(['10.0.0.1', 4003], ['224.0.0.252', 5355], fromHex('abcd 0000 0001 0000 0000 0000 046c61623100 0001 0001')),
      datagram(['10.0.0.1', 4004], ['239.255.255.250', 1900], latin1Bytes('M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n')),
    ]);
    const [ours, theirs] = await both(path, ['frame.protocols', 'dns.qry.name', 'dns.flags.conflict', 'dns.flags.tentative', 'http.request.method', 'http.request.uri', 'http.request.line']);
    expect(ours.slice(2)).toEqual(theirs.slice(2));
    const named = execFileSync('tshark', ['-N', 'dn', '-r', path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n');
    const lines = (await looplab('decode', path, '-N', 'd')).out.split('\n');
    const sources = (all: readonly string[]): string[] => all.map((line) => line.trim().split(/\s+/)[2] ?? '').slice(2, 3);
    expect(sources(lines)).toEqual(['www.a.test']);
    expect(sources(lines)).toEqual(sources(named));
  });
});

it('what -d and -N cannot mean is said', async () => {
  const path = kept('one.pcapng', [datagram(['10.0.0.1', 1], ['10.0.0.2', 2], latin1Bytes('x'))]);
  expect(await looplab('decode', path, '-d', 'udp.port==1,http')).toMatchObject({ status: 2, err: expect.stringContaining('no udp port speaks "http"') });
  expect(await looplab('decode', path, '-N', 'N')).toMatchObject({ status: 2, err: expect.stringContaining('-N takes d') });
  expect(await looplab('follow', path, 'udp', '4')).toMatchObject({ status: 2, err: expect.stringContaining('there is no udp stream 4') });
});
