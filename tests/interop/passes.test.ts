// What a packet is told by what is gone through with it, beside tshark: where a request is answered far ahead of it (tshark -2), and the time since the
// packet that the same filter let through before.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { looplab } from '../../electron/cli/inProcess.fixture';
import { Line } from '../../shared/packets/dissection/captured.fixture';
import { fileOf } from '../../shared/packets/follow/web.fixture';
import { hasTshark } from './tshark.fixture';

const folder = mkdtempSync(join(tmpdir(), 'looplab-passes-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The lines that tshark prints, and ours. */
async function both(path: string, fields: readonly string[], filter: string, ...options: readonly string[]): Promise<readonly [theirs: string, ours: string]> {
  const theirs = execFileSync('tshark', ['-n', '-r', path, ...options, '-Y', filter, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  return [theirs, (await looplab('decode', path, '--fields', fields.join(','), '--filter', filter, ...options)).out];
}

describe.runIf(hasTshark)('going through a file, beside tshark', () => {
  it('requests are told where they are answered, however far ahead', async () => {
    const line = new Line(80);
    for (const [name, length] of [['far', 900], ['near', 5], ['farther', 1500]] as const) {
      line.say('up', `GET /${name} HTTP/1.1\r\nHost: h\r\n\r\n`).say('down', `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`);
      for (let byte = 0; byte < length; byte++) line.say('down', 'x');
    }
    line.say('up', 'GET /unanswered HTTP/1.1\r\nHost: h\r\n\r\n');
    const path = join(folder, 'far.pcapng');
    writeFileSync(path, fileOf(line.frames));
    const fields = ['frame.number', 'http.response_in', 'http.request_in'];
    for (const filter of ['http', 'http.response_in', 'http.response_in > 1000', 'http.request && !http.response_in']) {
      const [theirs, ours] = await both(path, fields, filter, '-2');
      expect(ours, filter).toBe(theirs);
      expect(ours, filter).not.toBe('');
    }
  });

  it('times since the packet that was shown before are those of the filter itself', async () => {
    const line = new Line(80);
    for (let n = 0; n < 40; n++) line.say(n % 3 === 0 ? 'up' : 'down', `line ${n}`);
    const path = join(folder, 'displayed.pcapng');
    writeFileSync(path, fileOf(line.frames));
    const fields = ['frame.number', 'frame.time_delta_displayed'];
    for (const filter of ['frame.time_delta_displayed > 0.002', 'frame.time_delta_displayed < 0.01', 'frame.number == 3 or frame.time_delta_displayed > 0.004', 'tcp.srcport == 80 && frame.time_delta_displayed <= 0.001', '!(frame.time_delta_displayed == 0.001)']) {
      for (const options of [[], ['-2']]) {
        const [theirs, ours] = await both(path, fields, filter, ...options);
        expect(ours, filter).toBe(theirs);
      }
    }
  });
});
