// Packets of a capture file on the command line.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes } from '../../shared/base/bytes';
import { interfaceBlock, packetBlock, sectionBlock } from '../../shared/codec/pcapng/write';
import { RFC_8448, RFC_8448_KEYS, RFC_8448_ORDER } from '../../shared/codec/tls/rfc8448.fixture';
import { Line } from '../../shared/packets/dissection/captured.fixture';
import type { Io } from './io';
import { main } from './main';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-decode-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function looplab(args: readonly string[], signal = new AbortController().signal): Promise<{ readonly status: number; readonly out: string[]; readonly err: string }> {
  const said = { out: '', err: '' };
  const io: Io = {
    out: (text) => {
      said.out += text;
      return Promise.resolve();
    },
    err: (text) => void (said.err += text), signal, onFault: () => undefined, version: () => Promise.resolve('1.2.3'), labs: () => [],
  };
  const status = await main(args, io);
  return { status, out: said.out.split('\n').slice(0, -1), err: said.err };
}

const file = async (name: string, bytes: Uint8Array): Promise<string> => {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
};
const capture = ({ frames }: Line): Uint8Array => concatBytes(sectionBlock('test'), interfaceBlock(1, 'lo', ''), ...frames.map((frame, n) => packetBlock(0, 1_700_000_000_000_000_000n + BigInt(n) * 1_000_000n, frame, frame.length)));
const web = (): Line => new Line(80).say('up', 'GET /a?b=1 HTTP/1.1\r\nHost: h\r\n\r\n').pieces('down', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 30);

describe('looplab decode', () => {
  it('prints a line a packet', async () => {
    const { status, out, err } = await looplab(['decode', await file('web.pcapng', capture(web()))]);
    expect([status, err]).toEqual([0, '']);
    expect(out).toEqual([
      '    1     0.000000       127.0.0.1 → 127.0.0.2       TCP 54 40000 → 80 [SYN] Seq=0 Win=65535 Len=0',
      '    2     0.001000       127.0.0.2 → 127.0.0.1       TCP 54 80 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=65535 Len=0',
      '    3     0.002000       127.0.0.1 → 127.0.0.2       HTTP 86 GET /a?b=1 HTTP/1.1',
      '    4     0.003000       127.0.0.2 → 127.0.0.1       TCP 84 [TCP segment of a reassembled PDU] 80 → 40000 [PSH, ACK] Seq=1 Ack=33 Win=65535 Len=30',
      '    5     0.004000       127.0.0.2 → 127.0.0.1       HTTP 67 HTTP/1.1 200 OK',
    ]);
  });

  it('prints the columns of the list as fields, in both spellings', async () => {
    const path = await file('columns.pcapng', capture(web()));
    const { out, err } = await looplab(['decode', path, '--fields', '_ws.col.No.,_ws.col.number,_ws.col.Time,_ws.col.source,_ws.col.Destination,_ws.col.Protocol,_ws.col.length,_ws.col.Info,ip.ttl', '--filter', 'http.request']);
    expect([err, out]).toEqual(['', ['3\t3\t0.002000\t127.0.0.1\t127.0.0.2\tHTTP\t86\tGET /a?b=1 HTTP/1.1\t64']]);
    expect((await looplab(['decode', path, '--fields', '_ws.col.Protocol', '--json', '--filter', 'frame.number == 1'])).out).toEqual(['{"_ws.col.Protocol":["TCP"]}']);
    expect((await looplab(['decode', path, '--fields', '_ws.col.Host'])).err).toContain('Similar: _ws.col.No.');
    expect((await looplab(['decode', path, '--fields', '_ws.expert.severity,_ws.expert.message', '--filter', '_ws.expert.severity == Chat && http'])).out[0]).toBe('2097152\tGET /a?b=1 HTTP/1.1\\r\\n');
  });

  it('prints fields as tshark does, of the packets that a filter takes', async () => {
    const path = await file('web.pcapng.gz', gzipSync(capture(web())));
    const fields = await looplab(['decode', path, '--fields', 'frame.number,tcp.port,tcp.flags,tcp.flags.ack,frame.time_delta_displayed,http.request.method,http.request_in,tcp.payload', '--filter', 'http']);
    expect(fields).toEqual({ status: 0, err: '', out: [
      `3\t40000,80\t0x0018\t1\t0.000000000\tGET\t\t${Buffer.from('GET /a?b=1 HTTP/1.1\r\nHost: h\r\n\r\n').toString('hex')}`,
      `5\t80,40000\t0x0018\t1\t0.002000000\t\t3\t${Buffer.from('h: 5\r\n\r\nhello').toString('hex')}`,
    ] });
    expect((await looplab(['decode', path, '--filter', 'tcp.len > 0 and not http'])).out).toHaveLength(1);
  });

  it('prints JSON, one object a packet', async () => {
    const path = await file('web.pcapng', capture(web()));
    const { out } = await looplab(['decode', path, '--json', '--filter', 'http.request']);
    const said = JSON.parse(out[0] ?? '') as { number: number; protocol: string; layers: { protocol: string; fields: Record<string, string[]> }[] };
    expect([out.length, said.number, said.protocol, said.layers.map(({ protocol }) => protocol)]).toEqual([1, 3, 'HTTP', ['frame', 'eth', 'ip', 'tcp', 'http']]);
    expect(said.layers[2]?.fields['ip.src']).toEqual(['127.0.0.1']);
    expect((await looplab(['decode', path, '--json', '--fields', 'tcp.srcport,http.host'])).out[2]).toBe('{"tcp.srcport":["40000"],"http.host":["h"]}');
  });

  it('opens what keys open', async () => {
    const line = new Line(443);
    for (const [dir, name] of RFC_8448_ORDER) line.say(dir, RFC_8448[name]);
    const path = await file('tls.pcapng', capture(line));
    const keys = await file('keys.txt', Buffer.from(RFC_8448_KEYS));
    const handshakes = async (...more: string[]): Promise<string> => (await looplab(['decode', path, '--fields', 'tls.handshake.type', ...more])).out.filter((one) => one !== '').join(' ');
    expect(await handshakes()).toBe('1 2');
    expect(await handshakes('--keys', keys)).toBe('1 2 8,11,15,20 20 4');
  });

  it('prints what comes before damage, and says where that is', async () => {
    const bytes = capture(web());
    const { status, out, err } = await looplab(['decode', await file('cut.pcapng', bytes.subarray(0, bytes.length - 10))]);
    expect([status, out.length]).toEqual([1, 4]);
    expect(err).toMatch(/cut\.pcapng: the file is cut/);
  });

  it('says what is wrong with the command line', async () => {
    const path = await file('web.pcapng', capture(web()));
    expect(await looplab(['decode', path, '--fields', 'tcp.srcprot'])).toMatchObject({ status: 2, out: [], err: expect.stringContaining('there is no field "tcp.srcprot"') as string });
    const wrong = await looplab(['decode', path, '--filter', 'tcp.port == and']);
    expect([wrong.status, wrong.out, wrong.err]).toMatchObject([2, [], expect.stringContaining('^')]);
    expect((await looplab(['decode'])).status).toBe(2);
    expect((await looplab(['decode', join(folder, 'none.pcap')])).err).toContain('no such file');
  });

  it('ends when nobody reads any more', async () => {
    const gone = new AbortController();
    gone.abort();
    expect((await looplab(['decode', await file('web.pcapng', capture(web()))], gone.signal)).status).toBe(130);
  });
});
