// Mail whose connection turns to TLS in its middle (RFC 3207), by programs of others, captured by tcpdump and opened with the client's key log: what is
// said inside is what tshark says, with TLS 1.3 and 1.2; without keys nothing of it.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { looplab } from '../../electron/cli/inProcess.fixture';
import { runInOwnNetwork, worksInOwnNetwork } from './ownNetwork.fixture';
import { hasTshark } from './tshark.fixture';

const folder = mkdtempSync(join(tmpdir(), 'looplab-starttls-'));
afterAll(() => rmSync(folder, { recursive: true }));
const missing = ((): string => {
  if (!hasTshark) return ' (skipped: tshark is not installed)';
  if (process.getuid?.() !== 0) return ' (skipped: not root)';
  return worksInOwnNetwork('tcpdump --version && openssl version && python3 -c "import ssl; ssl.TLSVersion.TLSv1_3"') ? '' : ' (skipped: no network namespace, ip, tcpdump, openssl or python3)';
})();

const FIELDS = ['tcp.stream', 'smtp.req.command', 'smtp.req.parameter', 'smtp.response.code', 'smtp.rsp.parameter', 'tls.handshake.type', 'tls.handshake.ciphersuite', 'tls.record.content_type'];

describe(`mail that turns to TLS${missing}`, () => {
  it.skipIf(missing !== '')('says inside what tshark finds there', { timeout: 240_000 }, async () => {
    await runInOwnNetwork('startTls.fixture.py', folder);
    const [capture, keys] = [join(folder, 'mail.pcap'), join(folder, 'keys.txt')];
    const theirs = execFileSync('tshark', ['-n', '-r', capture, '-o', `tls.keylog_file:${keys}`, '-T', 'fields', ...FIELDS.flatMap((field) => ['-e', field])], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const ours = await looplab('decode', capture, '--keys', keys, '--fields', FIELDS.join());
    expect([ours.status, ours.err]).toEqual([0, '']);
    // tshark cuts a verb before the connection is secured after four letters: RFC 3207 4 has eight here.
    expect(ours.out.split('\n')).toEqual(theirs.replaceAll('\tSTAR\tTLS\t', '\tSTARTTLS\t\t').split('\n'));
    for (const stream of ['0', '1']) {
      const followed = await looplab('follow', capture, 'tls', stream, '--keys', keys);
      expect(followed.out).toContain('rcpt TO:<carol@example>');
      expect(followed.out).toContain('... and dots');
    }
    const lines = (await looplab('decode', capture, '--keys', keys)).out;
    expect(lines.match(/ SMTP .*C: rcpt TO:<bob@example>/gu)).toHaveLength(2);
    const sealed = (await looplab('decode', capture)).out;
    expect(sealed.match(/C: STARTTLS/gu)).toHaveLength(2);
    expect(sealed).not.toContain('rcpt');
    const { out: ladder } = await looplab('ladder', capture, '--keys', keys);
    expect(ladder).toContain('SMTP C: rcpt TO:<carol@example>');
  });
});
