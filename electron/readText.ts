// A file that the user chose, as text: read within a bound, whatever its size claims to be (a pipe, a device). Errors are placed.

import { open } from 'node:fs/promises';
import { EngineError, errorCode } from './runtime/engineError';

const CHUNK = 1024 * 1024;
const WHY: Readonly<Record<string, string>> = { ENOENT: 'no such file', EISDIR: 'it is a folder', EACCES: 'permission denied', EIO: 'the device failed', ENOMEM: 'the machine is out of memory' };

/** UTF-8 text of at most `limit` bytes. Throws EngineError: an errno, or FILE_TOO_LARGE. */
export async function readText(path: string, limit: number): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const parts: Buffer[] = [];
      let size = 0;
      for (;;) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(CHUNK, limit + 1 - size)));
        if (bytesRead === 0) break;
        parts.push(buffer.subarray(0, bytesRead));
        size += bytesRead;
        if (size > limit) throw new EngineError('FILE_TOO_LARGE', `cannot read ${path}: it has more than ${limit} bytes`, path);
      }
      return Buffer.concat(parts).toString('utf8');
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (thrown instanceof EngineError) throw thrown;
    const code = errorCode(thrown);
    throw new EngineError(code, `cannot read ${path}: ${WHY[code] ?? (thrown instanceof Error ? thrown.message : String(thrown))}`, path);
  }
}
