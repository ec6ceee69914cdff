// Fills the columns of a session: reads the file into them, then finds in them what TCP did. A file whose reading was cancelled keeps what was read, and
// that is analysed as a whole file is: what is asked of it then is answered as fast.

import { TcpAnalyser } from '../../../shared/packets/analysis/tcpAnalyser';
import type { CaptureFacts } from '../../../shared/packets/captureFacts';
import type { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import type { PacketFile } from '../packetFile';
import { Breath } from './breath';

/** Packets that are analysed between two looks at the clock. */
const ANALYSED = 8_192;

/** What the file says besides packets; null: it was cancelled. Rejects as PacketFile.read does. */
export async function readInto(index: PacketIndexer, file: PacketFile, signal: AbortSignal, progress: (read: number, facts: CaptureFacts) => void): Promise<CaptureFacts | null> {
  try {
    return await file.read(index, { signal, onProgress: (read, _packets, facts) => progress(read, facts) });
  } catch (thrown) {
    if (signal.aborted) return null;
    throw thrown;
  }
}

/** Filters, colours and the dissection use it. */
export async function analyse({ table, flows }: PacketIndexer): Promise<void> {
  const analyser = new TcpAnalyser(table, flows);
  const breath = new Breath(() => true);
  while (!analyser.advance(table.count, ANALYSED)) if (breath.due) await breath.take();
}
