// What it means for the user that the kernel's packets cannot be recorded: the reason. What would help, CaptureHelp.vue shows.

import type { ReportedError } from '../../shared/ipc/contract';

const KNOWN = ['ENOENT', 'EPERM', 'ENOTSUP', 'ENDED'] as const;

export const captureWords = ({ code, message, where }: ReportedError, t: (key: string, values: Readonly<Record<string, string>>) => string): string =>
  t(`settings.capture.${KNOWN.find((known) => known === code) ?? 'other'}`, { message, where: where === '' ? 'tcpdump' : where });
