// Reads the plainest frames, which nearly all are, without making an object of them: IPv4 in Ethernet, whole, without options, with TCP (no options,
// or timestamps alone) or UDP. What is not so plain headOf() reads (capturedPackets.ts), by the codecs; where both read they say the same.

import { u16, u32 } from '../../packets/index/numbers';
import type { EndpointTable } from '../foldHosts';
import type { WireSegment } from './life';

const ETHERNET = 1;
const LINK = 14;
const IP = 20;
/** Where the transport's header begins. */
const AT = LINK + IP;
const [TCP, UDP] = [6, 17];
const [TCP_HEADER, WITH_TIMESTAMPS, UDP_HEADER] = [20, 32, 8];
/** NOP, NOP, timestamps, 10 (RFC 7323 appendix A). */
const TIMESTAMPS = 0x0101_080a;

export interface Quick {
  readonly fromEnd: number;
  readonly toEnd: number;
  /** Bytes of payload on the wire; where they begin and end in the kept ones. */
  readonly size: number;
  readonly start: number;
  readonly end: number;
  /** Null: UDP. */
  readonly tcp: Pick<WireSegment, 'sequence' | 'acknowledgment' | 'flags' | 'window'> | null;
}

export class QuickHead {
  /** Ids of endpoints by their 48 bits of address and port. */
  private readonly known = new Map<number, number>();

  constructor(private readonly ends: EndpointTable) {}

  /** Null: not so plain. `size`: of the frame on the wire. */
  read(bytes: Uint8Array, linkType: number, size: number): Quick | null {
    if (linkType !== ETHERNET || bytes.length < AT + UDP_HEADER || u16(bytes, 12) !== 0x0800 || bytes[LINK] !== 0x45) return null;
    const total = u16(bytes, LINK + 2);
    // Neither a fragment nor one that claims more than there was.
    if (((bytes[LINK + 6] ?? 0) & 0xbf) !== 0 || bytes[LINK + 7] !== 0 || LINK + total > Math.max(size, bytes.length)) return null;
    const protocol = bytes[LINK + 9];
    let header = UDP_HEADER;
    if (protocol === TCP) {
      if (bytes.length < AT + TCP_HEADER) return null;
      header = ((bytes[AT + 12] ?? 0) >> 4) * 4;
      if (header !== TCP_HEADER && !(header === WITH_TIMESTAMPS && bytes.length >= AT + WITH_TIMESTAMPS && u32(bytes, AT + TCP_HEADER) === TIMESTAMPS)) return null;
    } else if (protocol !== UDP || u16(bytes, AT + 4) !== total - IP) return null;
    const payload = total - IP - header;
    if (payload < 0) return null;
    const start = AT + header;
    return {
      fromEnd: this.end(bytes, LINK + 12, AT), toEnd: this.end(bytes, LINK + 16, AT + 2), size: payload, start, end: Math.max(start, Math.min(bytes.length, LINK + total)),
      tcp: protocol === UDP ? null : { sequence: u32(bytes, AT + 4), acknowledgment: u32(bytes, AT + 8), flags: u16(bytes, AT + 12) & 0xfff, window: u16(bytes, AT + 14) },
    };
  }

  private end(bytes: Uint8Array, address: number, port: number): number {
    const key = u32(bytes, address) * 0x1_0000 + u16(bytes, port);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const made = this.ends.of(bytes.subarray(address, address + 4).join('.'), u16(bytes, port));
    this.known.set(key, made);
    return made;
  }
}
