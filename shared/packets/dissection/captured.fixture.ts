// Captures in memory for the tests of the dissection: a file's bytes, or a TCP connection that is told as a script, indexed as an open capture is.

import { concatBytes } from '../../base/bytes';
import { latin1Bytes } from '../../codec/http/chars';
import { interfaceBlock, packetBlock, sectionBlock } from '../../codec/pcapng/write';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { segmentFrame } from '../index/frames.fixture';
import { CaptureReader } from '../file/captureReader';
import type { CaptureFacts, CaptureSink } from '../captureFacts';
import { PacketIndexer } from '../index/packetIndexer';
import type { DissectorInput } from './dissector';

/** A whole file in memory, read and indexed. */
export function openBytes(file: Uint8Array): DissectorInput & { readonly indexer: PacketIndexer } {
  const indexer = new PacketIndexer();
  const kept: Uint8Array[] = [];
  const sink: CaptureSink = {
    interface: (one) => indexer.interface(one),
    packet: (iface, seconds, nanos, bytes, start, captured, wire, offset, comment) => {
      kept.push(bytes.slice(start, start + captured));
      indexer.packet(iface, seconds, nanos, bytes, start, captured, wire, offset, comment);
    },
  };
  const reader = new CaptureReader(sink);
  reader.push(file);
  const facts: CaptureFacts = reader.end();
  return { table: indexer.table, flows: indexer.flows, facts, packets: { bytes: (number) => kept[number] ?? new Uint8Array(0) }, indexer };
}

/** A capture of these frames, a millisecond apart. */
export const openFrames = (frames: readonly Uint8Array[]): ReturnType<typeof openBytes> => openBytes(concatBytes(sectionBlock('test'), interfaceBlock(1, 'lo', ''), ...frames.map((frame, n) => packetBlock(0, 1_700_000_000_000_000_000n + BigInt(n) * 1_000_000n, frame, frame.length))));

/** A TCP connection whose segments are frames; 'up' is from the client. */
export class Line {
  readonly frames: Uint8Array[] = [];
  private readonly sent = { up: 1, down: 1 };

  constructor(private readonly port = 8007, private readonly isn = { up: 1000, down: 5000 }) {
    this.segment('up', 0, '', TCP_FLAGS.SYN);
    this.segment('down', 0, '', TCP_FLAGS.SYN | TCP_FLAGS.ACK);
  }

  /** The next bytes of a direction, in one segment. */
  say(dir: 'up' | 'down', payload: string | Uint8Array, flags: number = TCP_FLAGS.PSH | TCP_FLAGS.ACK): this {
    const bytes = typeof payload === 'string' ? latin1Bytes(payload) : payload;
    this.segment(dir, this.sent[dir], bytes, flags);
    this.sent[dir] += bytes.length;
    return this;
  }

  /** The same in segments of `size` bytes at most. */
  pieces(dir: 'up' | 'down', payload: string | Uint8Array, size: number): this {
    const bytes = typeof payload === 'string' ? latin1Bytes(payload) : payload;
    for (let at = 0; at < bytes.length; at += size) this.say(dir, bytes.slice(at, at + size));
    return this;
  }

  /** Bytes that are sent and not captured. */
  lose(dir: 'up' | 'down', count: number): this {
    this.sent[dir] += count;
    return this;
  }

  close(dir: 'up' | 'down'): this {
    return this.say(dir, '', TCP_FLAGS.FIN | TCP_FLAGS.ACK);
  }

  /** `at`: relative sequence number. */
  segment(dir: 'up' | 'down', at: number, payload: string | Uint8Array, flags: number = TCP_FLAGS.ACK): this {
    const bytes = typeof payload === 'string' ? latin1Bytes(payload) : payload;
    const client = ['127.0.0.1', 40_000] as const;
    const server = ['127.0.0.2', this.port] as const;
    const other = dir === 'up' ? 'down' : 'up';
    this.frames.push(segmentFrame({
      from: dir === 'up' ? client : server, to: dir === 'up' ? server : client, payload: bytes,
      tcp: { sequence: (this.isn[dir] + at) >>> 0, acknowledgment: (flags & TCP_FLAGS.ACK) === 0 ? 0 : (this.isn[other] + this.sent[other]) >>> 0, flags },
    }));
    return this;
  }
}
