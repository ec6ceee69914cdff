// What went wrong with a file that was to be saved or opened, in words: their own, because EACCES of a file is not that of a port.

import type { ReportedError } from '../../shared/ipc/contract';
import { wordsOf, type FailureWords } from './failure';

/** Codes with words of their own in the catalogues (`export.error.what.*`, `export.error.try.*`). */
export const FILE_CODES = [
  'ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR', 'EFBIG', 'EIO', 'ENAMETOOLONG', 'EXPORT_TOO_LARGE', 'FILE_TOO_LARGE', 'HAR_BROKEN', 'RUN_BROKEN', 'NOT_A_CAPTURE', 'FILE_UNKNOWN',
  'NOT_A_FILE', 'CAPTURE_VERSION', 'CAPTURE_EMPTY', 'CAPTURE_CUT', 'CAPTURE_DAMAGED', 'EXPANDED_TOO_LARGE', 'FILE_CHANGED', 'SESSION_ENDED', 'SESSION_MEMORY', 'SORT_TOO_MANY', 'FLOW_LAYER', 'NOTHING_TO_PLAY', 'RECORDING_SLOW', 'RECORDING_BUSY', 'RUN_STATE', 'RUN_UNKNOWN',
] as const;

export const fileWords = (error: ReportedError, t: (key: string) => string): FailureWords => wordsOf(error, 'export.error', FILE_CODES, t);
