import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import https from '../../electron/labs/https/lab';
import { LabTest } from '../../electron/labs/run.fixture';
import { concatBytes } from '../../shared/base/bytes';
import { hasKeys, pcapngBlocks } from '../../shared/trace/export/pcapng';

const folder = mkdtempSync(join(tmpdir(), 'looplab-pcapng-'));
afterAll(() => rmSync(folder, { recursive: true }));

function saved(run: LabTest, name: string, keys: boolean): string {
  const file = join(folder, name);
  writeFileSync(file, concatBytes(...pcapngBlocks(run.story, run.store, { application: 'Looplab test', keys })));
  return file;
}

/** Lines of tshark; it must end with status 0 and say nothing. */
const tshark = (file: string, ...args: string[]): string[] =>
  execFileSync('tshark', ['-r', file, '-n', '-d', 'tcp.port==8443,tls', '-d', 'tcp.port==8090,http', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n').filter((line) => line !== '');

describe('a run as a pcapng', () => {
  let run: LabTest;
  beforeAll(async () => {
    run = await LabTest.play(https, { keys: true });
  });

  it('decrypts in Wireshark when the keys were saved', () => {
    const file = saved(run, 'with-keys.pcapng', true);
    expect(hasKeys(run.store)).toBe(true);
    expect(tshark(file, '-Y', 'http.request', '-T', 'fields', '-e', 'tcp.dstport', '-e', 'http.request.uri', '-e', 'http.cookie')).toEqual(['8090\t/account\tsession=open-sesame', '8443\t/account\tsession=open-sesame']);
    expect(tshark(file, '-Y', 'http.response', '-T', 'fields', '-e', 'http.response.code')).toEqual(['200', '200']);
    expect(tshark(file, '-Y', 'tls.handshake.type == 11', '-T', 'fields', '-e', 'x509ce.dNSName')[0]).toContain('www.example.test');
  });

  it('says nothing of the secret when they were not', () => {
    const file = saved(run, 'without-keys.pcapng', false);
    expect(tshark(file, '-Y', 'http.request', '-T', 'fields', '-e', 'tcp.dstport')).toEqual(['8090']);
    expect(tshark(file, '-Y', 'tls.app_data', '-T', 'fields', '-e', 'frame.number').length).toBeGreaterThan(1);
  });

  it('has good checksums, whole streams and the hosts’ names', () => {
    const file = saved(run, 'sums.pcapng', true);
    const on = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
    expect(tshark(file, ...on, '-Y', 'tcp.checksum.status != 1 || ip.checksum.status != 1')).toEqual([]);
    expect(tshark(file, '-Y', 'tcp.analysis.lost_segment || tcp.analysis.retransmission || tcp.analysis.out_of_order')).toEqual([]);
    expect(execFileSync('capinfos', ['-t', '-E', '-c', file], { encoding: 'utf8' })).toMatch(/pcapng/);
    expect(execFileSync('tshark', ['-r', file, '-N', 'n', '-c', '1', '-T', 'fields', '-e', 'ip.src_host'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()).toBe('client');
  });
});
