// The first bytes of a file that the user wants opened, expanded when it is gzip: enough to tell a run of ours from other captures, however big
// the file is. What is no regular file (a pipe, a device) is refused.

import { constants as system } from 'node:fs';
import { open } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';
import { captureKind } from '../../shared/packets/file/captureKind';
import { isRunFile, RUN_LIMITS } from '../../shared/trace/runFile/format';
import { whyOf } from '../outFile';
import { EngineError, errorCode } from '../runtime/engineError';

/** What a file is; null: nothing that we know, which whoever reads it says better. Throws EngineError with the errno. */
export async function kindOfFile(path: string): Promise<'run' | 'capture' | null> {
  const head = expanded(await headOf(path));
  if (isRunFile(head)) return 'run';
  return captureKind(head) === null ? null : 'capture';
}

async function headOf(path: string): Promise<Uint8Array> {
  try {
    // A pipe that nobody writes into would be waited for.
    const file = await open(path, process.platform === 'win32' ? 'r' : system.O_RDONLY | system.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (stat.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
      if (!stat.isFile()) throw Object.assign(new Error('it is no regular file'), { code: 'NOT_A_FILE' });
      const head = new Uint8Array(RUN_LIMITS.recognised);
      let read = 0;
      while (read < head.length) {
        const { bytesRead } = await file.read(head, read, head.length - read);
        if (bytesRead === 0) break;
        read += bytesRead;
      }
      return head.subarray(0, read);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw new EngineError(errorCode(thrown), `cannot read ${path}: ${whyOf(thrown, true)}`, path);
  }
}

function expanded(head: Uint8Array): Uint8Array {
  if (head[0] !== 0x1f || head[1] !== 0x8b) return head;
  try {
    // The rest is not here: what comes out up to then is enough.
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * RUN_LIMITS.recognised });
  } catch {
    return head;
  }
}
