// Where the headers of a plain packet stand: TCP or UDP right behind IP right behind Ethernet, whole and told by its headers. What is not plain - tags,
// tunnels, fragments, extension headers, what was cut short - is left to the dissection. Looks at the columns and two bytes; makes no object a packet.

import { LINK_TYPE } from '../../codec/dissect';
import type { CaptureFacts } from '../captureFacts';
import { KIND } from '../index/linkHeader';
import { u16 } from '../index/numbers';
import type { PacketWindow } from '../matching/packetWindow';
import { UNSURE, type PacketTable } from '../packetTable';

export const ETHERNET_LENGTH = 14;
const IPV6_LENGTH = 40;
const TCP = 6;
const UDP = 17;

/** The packet that was placed last; places count in `bytes`, and hold until the next one is placed. */
export class PlainPacket {
  number = 0;
  bytes: Uint8Array = new Uint8Array(0);
  /** First byte of the frame, and the one behind the last that was captured. */
  at = 0;
  captured = 0;
  /** KIND.tcp or KIND.udp, and 4 or 6. */
  kind = 0;
  version = 4;
  /** First byte of the transport's header, of what it carries, and the one behind that. */
  transport = 0;
  payload = 0;
  end = 0;

  constructor(private readonly table: PacketTable, private readonly facts: Pick<CaptureFacts, 'interfaces'>, private readonly window: PacketWindow) {}

  /** Only where its bytes lie, whatever it is. Throws what reading a file throws. */
  frame(number: number): void {
    const { chunk, row } = this.table.locate(number);
    this.number = number;
    this.at = this.window.place(number);
    this.bytes = this.window.bytes;
    this.captured = this.at + (chunk.captured[row] ?? 0);
  }

  /** False: only the dissection can tell of it. Throws what reading a file throws. */
  place(number: number): boolean {
    const { chunk, row } = this.table.locate(number);
    const kind = chunk.kind[row] ?? 0;
    if ((kind !== KIND.tcp && kind !== KIND.udp) || ((chunk.flags[row] ?? 0) & UNSURE) !== 0) return false;
    if (this.facts.interfaces[chunk.iface[row] ?? 0]?.linkType !== LINK_TYPE.ethernet) return false;
    this.frame(number);
    const { at, bytes } = this;
    const type = u16(bytes, at + 12);
    if (type === 0x0800) {
      this.version = 4;
      this.transport = at + ETHERNET_LENGTH + ((bytes[at + ETHERNET_LENGTH] ?? 0) & 15) * 4;
    } else if (type === 0x86dd && bytes[at + ETHERNET_LENGTH + 6] === (kind === KIND.tcp ? TCP : UDP)) {
      this.version = 6;
      this.transport = at + ETHERNET_LENGTH + IPV6_LENGTH;
    } else return false;
    this.kind = kind;
    this.payload = at + (chunk.payloadAt[row] ?? 0);
    this.end = this.payload + (chunk.payload[row] ?? 0);
    return this.end <= this.captured && this.payload > this.transport;
  }
}
