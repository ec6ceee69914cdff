// What an export of the shown run contains, and its bytes: made piece by piece, so that the window goes on living, with progress, and
// until the user changes their mind. Where they go is main's.

import { utf8Bytes } from '../../shared/base/bytesText';
import { MOST_SAVED, type ReportedError } from '../../shared/ipc/contract';
import type { AppStory } from '../../shared/trace/app/appStory';
import { hasCaptured, hasKeys, packetsOf, pcapngBlocks } from '../../shared/trace/export/pcapng';
import { harExchanges, harParts, type Side } from '../../shared/trace/har/writeHar';
import type { RunHead, RunNotes, RunPackets } from '../../shared/trace/runFile/meta';
import { runFileBlocks } from '../../shared/trace/runFile/write';
import { startedAt } from '../../shared/trace/startedAt';
import type { TraceStore } from '../../shared/trace/store';
import type { Story } from '../../shared/trace/story';
import { codingsOf, undo } from '../views/exchange/coding';

export type ExportKind = 'run' | 'pcapng' | 'har';

export interface Exported {
  readonly story: Story;
  readonly trace: TraceStore;
  readonly app: AppStory;
}

export interface ExportContent {
  /** Packets, and the bytes that they carried. */
  readonly packets: number;
  readonly bytes: number;
  readonly exchanges: number;
  /** Bodies, and the bytes of them as sent. */
  readonly bodyBytes: number;
  /** The trace holds keys of TLS, and packets of the kernel. */
  readonly keys: boolean;
  readonly captured: boolean;
  readonly facts: number;
}

export function contentOf({ story, trace, app }: Exported): ExportContent {
  const exchanges = harExchanges(app);
  const bodyBytes = exchanges.reduce((sum, { request, response }) => sum + request.bodySize + (response?.bodySize ?? 0), 0);
  return { ...packetsOf(story, trace), exchanges: exchanges.length, bodyBytes, keys: hasKeys(trace), captured: hasCaptured(trace), facts: trace.count };
}

/** 'looplab-https-20260801-140503.pcapng': by the time at which the run began, where it tells, in the user's zone. */
export function exportName({ story, trace }: Exported, kind: ExportKind): string {
  const started = startedAt(trace);
  const date = started === 0 ? new Date() : new Date(started / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const ending = kind === 'run' ? 'pcapng' : kind;
  const time = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
  return `looplab-${(story.lab?.id ?? 'run').slice(0, 40)}-${time}.${ending}`;
}

export interface ExportOptions {
  readonly kind: ExportKind;
  /** With the keys of TLS, and which packets; in a run and in packets only. */
  readonly keys: boolean;
  readonly packets: RunPackets;
  /** Of a run: what the user answered and marked; and the file that it was opened from, which is written again as it was. */
  readonly notes: RunNotes;
  readonly from: RunHead | null;
  /** The app's version. */
  readonly version: string;
  readonly signal: AbortSignal;
  /** From 0 to 1. */
  onProgress(share: number): void;
}

/** An error that the dialog explains by its code. */
export class ExportError extends Error implements ReportedError {
  readonly where = '';

  constructor(readonly code: 'EXPORT_TOO_LARGE' | 'EXPORT_CANCELLED', message: string) {
    super(message);
  }
}

/** ms of work between two breaths. */
const SLICE = 24;

/** The file's bytes. Rejects with ExportError: cancelled, or more than may be saved. */
export async function exportBytes(run: Exported, options: ExportOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { story, trace, app } = run;
  const { keys, packets, notes, from } = options;
  const application = `Looplab ${options.version}`;
  if (options.kind === 'pcapng') return collect(pcapngBlocks(story, trace, { application, keys, packets }), story.segments.count, options);
  if (options.kind === 'run') {
    const head: RunHead = { format: 'looplab-run', application, order: 'saved', lab: story.lab?.id ?? '', ...from, keys, packets };
    return collect(runFileBlocks({ story, trace, notes }, head), story.segments.count + trace.batches.length, options);
  }
  const bodies = await undoneBodies(app, options.signal);
  const parts = harParts(app, story, { creator: { name: 'Looplab', version: options.version }, origin: startedAt(trace), decoded: (exchange, side) => bodies.get(`${exchange} ${side}`) ?? null });
  return collect(parts, harExchanges(app).length, options);
}

/** Puts parts together; `total`: about as many as there are. `limit` in bytes. */
export async function collect(parts: Iterable<Uint8Array | string>, total: number, { signal, onProgress }: Pick<ExportOptions, 'signal' | 'onProgress'>, limit = MOST_SAVED): Promise<Uint8Array<ArrayBuffer>> {
  const made: Uint8Array[] = [];
  let size = 0;
  let breath = performance.now() + SLICE;
  for (const part of parts) {
    const bytes = typeof part === 'string' ? utf8Bytes(part) : part;
    made.push(bytes);
    size += bytes.length;
    if (size > limit) throw new ExportError('EXPORT_TOO_LARGE', `more than ${limit} bytes`);
    if (performance.now() < breath) continue;
    onProgress(Math.min(made.length / Math.max(total, 1), 1));
    await new Promise((resolve) => setTimeout(resolve));
    breath = performance.now() + SLICE;
    stopIf(signal);
  }
  stopIf(signal);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const bytes of made) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}

function stopIf(signal: AbortSignal): void {
  if (signal.aborted) throw new ExportError('EXPORT_CANCELLED', 'cancelled');
}

/** Bytes of undone bodies that are held at once; what is beyond stays as it was sent. */
const UNDONE = 64 * 1024 * 1024;

/** Bodies without their content coding, where the platform can undo it. */
async function undoneBodies(app: AppStory, signal: AbortSignal): Promise<Map<string, Uint8Array>> {
  const bodies = new Map<string, Uint8Array>();
  let size = 0;
  for (const { id } of harExchanges(app)) {
    for (const side of ['request', 'response'] satisfies Side[]) {
      const { bytes, kept, size: sent, coding = '' } = app.body(id, side);
      if (coding === '' || bytes.length === 0 || kept < sent || size > UNDONE) continue;
      const result = await undo(bytes, codingsOf(coding));
      stopIf(signal);
      if (result.state !== 'undone') continue;
      bodies.set(`${id} ${side}`, result.bytes);
      size += result.bytes.length;
    }
  }
  return bodies;
}
