// A capture file that a command reads through once for its index, then packet by packet. Closing it is the caller's.

import { KeyLog } from '../../shared/codec/tls/decrypt/keyLog';
import type { CaptureFacts } from '../../shared/packets/captureFacts';
import { AddressNames } from '../../shared/packets/names/addressNames';
import { PacketIndexer } from '../../shared/packets/index/packetIndexer';
import { PacketFile } from '../packets/packetFile';
import { readText } from '../readText';
import type { NamesWanted } from './arguments';
import { EXIT, type Io } from './io';

const KEY_BYTES = 16 * 1024 * 1024;

export interface IndexedCapture {
  readonly index: PacketIndexer;
  readonly file: PacketFile;
  readonly facts: CaptureFacts;
  /** Lines of a key log that was named, besides those in the file. */
  readonly keyLog: string;
  /** Of the file and of `keyLog`. */
  readonly keys: KeyLog;
  /** The captured bytes of a packet. Throws as PacketFile.bytesAt. */
  bytes(packet: number): Uint8Array;
}

/** Reads and indexes a file, has `use` do its work, closes it. Gives the exit status: of an interrupted and of a damaged file, after what could be told. */
export async function withCapture(path: string, keyFile: string | undefined, io: Io, use: (capture: IndexedCapture) => Promise<void>): Promise<number> {
  const keyLog = keyFile === undefined ? '' : await readText(keyFile, KEY_BYTES);
  const file = await PacketFile.open(path);
  try {
    const index = new PacketIndexer();
    const facts = await file.read(index, { signal: io.signal });
    const keys = new KeyLog();
    keys.add(facts.keyLog);
    keys.add(keyLog);
    const bytes = (packet: number): Uint8Array => {
      const { chunk, row } = index.table.locate(packet);
      return file.bytesAt(chunk.offset[row] ?? 0, chunk.captured[row] ?? 0);
    };
    await use({ index, file, facts, keyLog, keys, bytes });
    if (io.signal.aborted) return EXIT.interrupted;
    if (facts.damage === null) return EXIT.reached;
    io.err(`looplab: ${path}: ${facts.damage.why} (byte ${facts.damage.offset})\n`);
    return EXIT.failed;
  } catch (thrown) {
    if (io.signal.aborted) return EXIT.interrupted;
    throw thrown;
  } finally {
    await file.close();
  }
}

/** What an address is called in this capture, or it itself. `wanted` null: addresses. */
export function namesOf({ index: { table, flows }, facts, bytes }: IndexedCapture, wanted: NamesWanted | null): (address: string) => string {
  if (wanted === null) return (address) => address;
  const names = new AddressNames({ table, flows, packets: { bytes }, names: facts.names }, wanted);
  names.advance(table.count);
  return (address) => names.of(address);
}
