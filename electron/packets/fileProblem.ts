// What kept a capture file from being read, as an EngineError that names the file: the system's reasons and those of the file's own bytes.

import { CaptureError } from '../../shared/packets/file/captureError';
import { whyOf } from '../outFile';
import { EngineError, errorCode } from '../runtime/engineError';

/** Any error of opening or reading `path`, as one of the engine. Aborts and errors of the engine stay as they are. */
export function fileProblem(path: string, thrown: unknown): unknown {
  if (thrown instanceof EngineError || (thrown instanceof Error && thrown.name === 'AbortError')) return thrown;
  const code = errorCode(thrown);
  if (thrown instanceof CaptureError) return new EngineError(thrown.code, `${path}: ${thrown.message}`, path);
  return new EngineError(code, `cannot read ${path}: ${whyOf(thrown, true)}`, path);
}
