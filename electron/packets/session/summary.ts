// What is told of an open capture file as a whole, while it is read and after.

import type { CaptureFacts } from '../../../shared/packets/captureFacts';
import type { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import type { CaptureSummary } from '../../../shared/packets/session';
import { RUN_BLOCK, RUN_MAGIC } from '../../../shared/trace/runFile/format';
import type { PacketFile } from '../packetFile';

/** `facts` null: nothing is read yet. */
export const summaryOf = (how: Pick<CaptureSummary, 'name' | 'state' | 'read' | 'retold'>, { span, table, flows, bytes }: PacketIndexer, file: PacketFile | null, facts: CaptureFacts | null): CaptureSummary => ({
  ...how, size: file?.size ?? 0, format: facts?.format ?? 'pcapng', gzip: file?.gzip ?? false, packets: table.count, flows: flows.count, bytes, first: span?.first ?? null, last: span?.last ?? null,
  interfaces: facts?.interfaces ?? [], comments: facts?.comments ?? [], application: facts?.application ?? '', damage: facts?.damage ?? null, keys: (facts?.keyLog ?? '') !== '',
  run: facts?.custom.some(({ pen, data }) => pen === RUN_BLOCK.pen && RUN_MAGIC.every((byte, at) => data[at] === byte)) ?? false,
});
