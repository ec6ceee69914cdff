// `looplab exchanges` against tshark: real HTTP/1 and HTTP/2 exchanges under TLS, opened with the session's keys, in the same packets and with the same
// times.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createSecureServer } from 'node:http2';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { looplab } from '../../electron/cli/inProcess.fixture';
import { concatBytes } from '../../shared/base/bytes';
import { LINK_TYPE } from '../../shared/codec/dissect';
import { interfaceBlock, packetBlock, sectionBlock } from '../../shared/codec/pcapng/write';
import { makeCertificate } from '../../shared/codec/x509/certificate.fixture';
import { hasTshark } from './tshark.fixture';
import { framesOf, relayTo } from './webCapture.fixture';

const folder = mkdtempSync(join(tmpdir(), 'looplab-exchanges-'));
afterAll(() => rmSync(folder, { recursive: true }));
const missing = hasTshark ? '' : ' (skipped: tshark is not installed)';
const { cert, key } = await makeCertificate('localhost');
const LARGE = 'x'.repeat(100_000);

interface Told {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly response_bytes: number;
  readonly outcome: string;
  readonly request_packets: { readonly first: number; readonly last: number };
  readonly response_packets: { readonly first: number; readonly last: number };
  readonly timing_us: Readonly<Record<'connect' | 'tls' | 'send' | 'wait' | 'receive', number | null>>;
}

/** What `talk` says to a server through a relay, as a capture with its keys: in ours, and what tshark prints of `fields`, packet by packet. */
async function captured(name: string, talk: (port: number) => Promise<void>, filter: string, fields: readonly string[]): Promise<{ readonly ours: readonly Told[]; readonly theirs: readonly string[][] }> {
  const server = createSecureServer({ cert, key, allowHTTP1: true }, (asked, answer) => answer.end(asked.url === '/large' ? LARGE : 'small'));
  const lines: string[] = [];
  server.on('keylog', (line: Buffer) => lines.push(line.toString()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relay = await relayTo((server.address() as AddressInfo).port);
  await talk(relay.port);
  await relay.close();
  server.close();
  const [path, keys] = [join(folder, `${name}.pcapng`), join(folder, `${name}.keys`)];
  const frames = framesOf(relay.connections[0] ?? [], 50_000, 8000);
  writeFileSync(path, concatBytes(sectionBlock('test'), interfaceBlock(LINK_TYPE.ipv4, 'lo', ''), ...frames.map(({ bytes }, at) => packetBlock(0, 1_700_000_000_000_000_000n + BigInt(at) * 1_000_000n, bytes, bytes.length))));
  writeFileSync(keys, lines.join(''));
  const { out, err } = await looplab('exchanges', path, '--json', '--keys', keys, '-d', 'tcp.port==8000,tls');
  expect(err).toBe('');
  const printed = execFileSync('tshark', ['-n', '-r', path, '-o', `tls.keylog_file:${keys}`, '-d', 'tcp.port==8000,tls', '-Y', filter, '-T', 'fields', ...['frame.number', ...fields].flatMap((field) => ['-e', field])], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return { ours: out.trim().split('\n').map((line) => JSON.parse(line) as Told), theirs: printed.trimEnd().split('\n').map((line) => line.split('\t')) };
}

describe(`exchanges are those that tshark sees${missing}`, () => {
  it.skipIf(!hasTshark)('of HTTP/1 under TLS: packets and time', async () => {
    const { ours, theirs } = await captured('http1', async (port) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (const path of ['/small', '/large', '/again']) {
        const asked = request({ host: '127.0.0.1', port, path, agent, rejectUnauthorized: false }).end();
        const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
        answer.resume();
        await once(answer, 'end');
      }
      agent.destroy();
    }, 'http.response', ['http.request_in', 'http.time', 'http.response.code']);
    expect(ours.map(({ request_packets: asked, response_packets: told, timing_us: { wait, receive }, status }) => [told.last, asked.last, ((wait ?? 0) + (receive ?? 0)) / 1e6, status])).toEqual(theirs.map((line) => line.map(Number)));
    expect(ours.map(({ response_bytes: size, outcome, timing_us: { connect: opened, tls } }) => [size, outcome, opened !== null, tls !== null])).toEqual([[5, 'complete', true, true], [100_000, 'complete', false, false], [5, 'complete', false, false]]);
  });

  it.skipIf(!hasTshark)('of HTTP/2 under TLS: the packets of both header blocks', async () => {
    const { ours, theirs } = await captured('http2', async (port) => {
      const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
      await Promise.all(['/small', '/large'].map(async (path) => {
        const stream = session.request({ ':path': path });
        stream.resume();
        await once(stream, 'end');
      }));
      session.close();
      await once(session, 'close');
    }, 'http2.headers.path || http2.headers.status', ['http2.headers.path', 'http2.headers.status']);
    const found = (column: number): (string | undefined)[] => theirs.flatMap((line) => (line[column] ?? '').split(',').filter((one) => one !== '').map((one) => `${line[0] ?? ''} ${one}`)).sort();
    expect(ours.map(({ request_packets: { last }, url }) => `${last} ${new URL(url).pathname}`).sort()).toEqual(found(1));
    expect(ours.map(({ response_packets: { first }, status }) => `${first} ${status}`).sort()).toEqual(found(2));
    // Node ends a short stream with END_STREAM or with RST_STREAM: both are told as they are.
    expect(ours.map(({ response_bytes: size }) => size).sort((a, b) => a - b)).toEqual([5, 100_000]);
  });
});
