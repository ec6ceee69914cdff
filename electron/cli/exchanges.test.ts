// The HTTP exchanges of capture files on the command line: as a table, as JSON, and what could not be told.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Line } from '../../shared/packets/dissection/captured.fixture';
import { fileOf } from '../../shared/packets/follow/web.fixture';
import { looplab } from './inProcess.fixture';

const folder = mkdtempSync(join(tmpdir(), 'looplab-exchanges-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, line: Line, bytes = Infinity): string {
  const path = join(folder, name);
  writeFileSync(path, fileOf(line.frames).subarray(0, bytes));
  return path;
}
const web = (port = 80): Line => new Line(port).segment('up', 1, '').say('up', 'GET /a HTTP/1.1\r\nHost: web.test\r\n\r\n')
  .say('down', 'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 8\r\n\r\nonce').say('down', 'more').say('up', 'DELETE /b HTTP/1.1\r\nHost: web.test\r\n\r\n');

describe('looplab exchanges', () => {
  it('prints a table', async () => {
    const { status, out, err } = await looplab('exchanges', file('table.pcapng', web()));
    expect([status, err]).toEqual([0, '']);
    expect(out).toBe([
      '  start  method  status      bytes  request  response  connect  tls  send     wait  receive  type       URL',
      '3.00 ms  GET     200             8        4       5-6  2.00 ms    ·  0 µs  1.00 ms  1.00 ms  text/html  http://web.test/a',
      '6.00 ms  DELETE  unanswered               7                  ·    ·  0 µs        ·        ·             http://web.test/b',
      '',
    ].join('\n'));
  });

  it('prints JSON, an exchange a line', async () => {
    const lines = (await looplab('exchanges', file('json.pcapng', web()), '--json')).out.trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      start_us: 3000, method: 'GET', host: 'web.test', url: 'http://web.test/a', version: 'HTTP/1.1', tls: false, stream: 0, http2_stream: null, status: 200, outcome: 'complete',
      content_type: 'text/html; charset=utf-8', request_bytes: 0, response_bytes: 8, request_packets: { first: 4, last: 4 }, response_packets: { first: 5, last: 6 },
      timing_us: { connect: 2000, tls: null, send: 0, wait: 1000, receive: 1000 },
    });
  });

  it('reads a port as it is told to, and says when there is nothing', async () => {
    const path = file('port.pcapng', web(9999));
    expect((await looplab('exchanges', path, '-d', 'tcp.port==9999,dns')).err).toBe('looplab: there is no HTTP exchange in it that could be read\n');
    expect((await looplab('exchanges', path, '-d', 'tcp.port==9999,http')).out).toContain('DELETE');
  });

  it('prints what comes before the damage, and names what is wrong', async () => {
    const whole = fileOf(web().frames).length;
    expect(await looplab('exchanges', file('damaged.pcapng', web(), whole - 10))).toMatchObject({ status: 1, out: expect.stringContaining('GET') as string, err: expect.stringMatching(/damaged\.pcapng: .* \(byte \d+\)\n$/u) as string });
    expect(await looplab('exchanges')).toMatchObject({ status: 2, err: expect.stringContaining('which file?') as string });
    expect(await looplab('exchanges', 'a', 'b')).toMatchObject({ status: 2, err: expect.stringContaining('one file at a time') as string });
    const help = await looplab('exchanges', '--help');
    for (const line of help.out.split('\n')) expect(line.length).toBeLessThanOrEqual(128);
  });
});
