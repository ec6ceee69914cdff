// What a capsule says: its flags or its size, and a second line with sequence numbers or a look at its bytes. The field's own words.

import { describeSegment, tcpFlags } from '../../../shared/trace/describe';
import { previewBytes } from '../../../shared/trace/preview';
import type { Segment } from '../../../shared/trace/story';
import { marked } from '../../ui/numbers';

export interface SegmentText {
  /** 'SYN', '32 B'. */
  readonly head: string;
  /** 'seq 97', '“GET READY…”'; empty when there is nothing more to say. Sequence numbers are relative, as Wireshark shows them. */
  readonly detail: string;
}

const PREVIEW = 12;
const NAME = 18;

/** `payload`: the bytes that are kept of it. `name`: what they say to their application (Labels.segment). */
export function segmentText(segment: Segment, payload: Uint8Array | null, name = ''): SegmentText {
  if (segment.kind === 'data' || segment.kind === 'datagram') {
    return { head: formatBytes(segment.size), detail: name !== '' ? (name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name) : payload === null ? '' : previewBytes(payload, PREVIEW, segment.size) };
  }
  const flags = tcpFlags(segment).join(', ');
  return flags === '' ? { head: describeSegment(segment, null).label, detail: '' } : { head: flags, detail: numbers(segment) };
}

/** The handshake counts as one byte in each direction (RFC 9293 3.4). */
function numbers(segment: Segment): string {
  switch (segment.kind) {
    case 'syn':
      return 'seq 0';
    case 'syn-ack':
      return 'seq 0, ack 1';
    case 'ack':
      return 'ack 1';
    case 'fin':
      return `seq ${segment.offset + 1}`;
    default:
      return '';
  }
}

/** '32 B', '1.5 KiB', '2 MiB'. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [value, unit] = bytes < 1024 * 1024 ? [bytes / 1024, 'KiB'] : [bytes / (1024 * 1024), 'MiB'];
  return `${value < 10 && !Number.isInteger(value) ? marked(value.toFixed(1)) : Math.round(value)} ${unit}`;
}
