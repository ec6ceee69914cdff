// Asks tshark what it sees in frames: the second opinion on our codecs. Test code only.

import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeFrames, type Frame } from './captureFile.fixture';

export const hasTshark = spawnSync('tshark', ['--version']).status === 0;

const SEPARATOR = '\u001f';
const OPTIONS = [
  'tcp.check_checksum:TRUE', 'ip.check_checksum:TRUE', 'udp.check_checksum:TRUE', 'ip.defragment:FALSE', 'ipv6.defragment:FALSE', 'tcp.desegment_tcp_streams:FALSE',
  'tcp.relative_sequence_numbers:FALSE',
];

/** Between the values of one field, where all are asked for. */
export const BETWEEN = '\u001e';

/** For each frame the first value of each field, or all with BETWEEN between them; '' where it has none. Rejects when tshark fails. */
export async function tsharkFields(frames: readonly Frame[], fields: readonly string[], values: 'first' | 'all' = 'first'): Promise<string[][]> {
  // A file and not a pipe: the pipes of Node are sockets, which tshark refuses to read.
  const folder = await mkdtemp(join(tmpdir(), 'looplab-tshark-'));
  try {
    const file = join(folder, 'frames.pcapng');
    await writeFile(file, writeFrames(frames));
    const args = ['-n', '-r', file, ...OPTIONS.flatMap((option) => ['-o', option]), '-T', 'fields', '-E', `separator=${SEPARATOR}`, '-E', `occurrence=${values === 'first' ? 'f' : 'a'}`, '-E', `aggregator=${BETWEEN}`, ...fields.flatMap((field) => ['-e', field])];
    const { stdout } = await promisify(execFile)('tshark', args, { maxBuffer: 256 * 1024 * 1024 });
    const rows = stdout.split('\n').slice(0, -1).map((line) => line.split(SEPARATOR));
    if (rows.length !== frames.length) throw new Error(`tshark gave ${rows.length} rows for ${frames.length} frames`);
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}
