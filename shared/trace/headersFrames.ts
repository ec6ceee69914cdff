// The frames of a segment as the picture of headers shows them: captured ones where there are any, else one that is rebuilt; and of each
// field how its value is known. Pure.

import { LINK_TYPE } from '../codec/dissect';
import type { EventSeq } from '../base/brand';
import { reconstruct } from './headers';
import { capturedFrames } from './headersCaptured';
import type { TraceStore } from './store';
import type { Story } from './story';

export interface HeadersFrame {
  readonly source: 'captured' | 'reconstructed';
  readonly bytes: Uint8Array;
  readonly linkType: number;
  /** Bytes at the end of it that are not in `bytes`. */
  readonly missing: number;
  readonly payloadStart: number;
  /** Bytes of the segment before its payload, and in it. */
  readonly offset: number;
  readonly size: number;
  /** Bytes of the segment that no frame here carries. */
  readonly omitted: number;
  /** The fact of a captured one. */
  readonly seq: EventSeq | null;
}

/** Empty when too little is known of it: the port of an end, or a socket that has no headers at all (AF_UNIX). */
export function headersFrames(story: Story, trace: TraceStore, segment: number): readonly HeadersFrame[] {
  const captured = capturedFrames(story, trace, segment);
  if (captured.length > 0) {
    return captured.map(({ bytes, linkType, missing, payload, offset, size, seq }) => ({ source: 'captured', bytes, linkType, missing, payloadStart: payload.start, offset, size, omitted: 0, seq }));
  }
  const made = reconstruct(story, trace, segment);
  if (made === null) return [];
  return [{ source: 'reconstructed', bytes: made.bytes, linkType: LINK_TYPE.ethernet, missing: 0, payloadStart: made.payloadStart, offset: 0, size: made.bytes.length - made.payloadStart, omitted: made.omitted, seq: null }];
}

/**
 * How a field's value is known. 'captured': it was on the wire. 'told': a call told it. 'follows': from what the calls told, by the
 * specification. 'made': known to the kernel alone; it has the plainest value that it can have.
 */
export type Ground = 'captured' | 'told' | 'follows' | 'made';

const TOLD: ReadonlySet<string> = new Set(['ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'tcp.srcport', 'tcp.dstport', 'udp.srcport', 'udp.dstport', 'data.data', 'data.text', 'data.len']);
/** MAC addresses: on lo they are zero. Of TCP, what options it had is not known, and so no length or checksum. */
const FOLLOWS: ReadonlySet<string> = new Set(['eth.dst', 'eth.src', 'eth.type', 'ip.version', 'ip.hdr_len', 'ip.proto', 'ip.frag_offset', 'ipv6.version', 'ipv6.nxt', 'udp.length', 'udp.checksum']);
const LENGTHS: ReadonlySet<string> = new Set(['ip.len', 'ipv6.plen']);

/** `name`: Wireshark's. `transport`: of the segment. */
export function groundOf(name: string, source: HeadersFrame['source'], transport: 'tcp' | 'udp' | 'icmp'): Ground {
  if (source === 'captured') return 'captured';
  if (TOLD.has(name)) return 'told';
  return FOLLOWS.has(name) || (LENGTHS.has(name) && transport === 'udp') ? 'follows' : 'made';
}
