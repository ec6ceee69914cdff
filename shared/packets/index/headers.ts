// Finds in one packet what its columns need: addresses, ports, TCP's numbers, where the payload lies. The fast twin of codec/dissect.ts, for a
// million packets: no objects, only numbers left in fields. A test holds the two to the same answers. Knows no protocol above TCP and UDP.

import { CODEC_LIMITS } from '../../codec/limits';
import { isExtension } from '../../codec/ipv6/extensions';
import { PACKET_FLAG } from '../packetTable';
import { ARP, KIND, LINK_ETHERNET, linkHeader, NOTHING, RARP, type LinkEnd } from './linkHeader';
import { u16, u32, u8 } from './numbers';
import { plainHeaders } from './plainHeaders';

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
/** The protocol number of IP for a frame of Ethernet (RFC 8986 9.1). */
const ETHERNET = 143;
const FRAGMENT_HEADER = 44;
const AUTHENTICATION_HEADER = 51;
const HOP_BY_HOP = 0;
const JUMBO_OPTION = 0xc2;

/** What was found in the packet that was scanned last. */
export class HeaderScan {
  kind = 0;
  flags = 0;
  /** Not a small integer from the first: so that its place never changes its shape (V8). */
  sequence = Number.NaN;
  acknowledgment = Number.NaN;
  window = 0;
  /** From the packet's first byte; 0 without a transport header. */
  payloadAt = 0;
  payload = 0;
  /** Of the innermost IP header whose addresses are whole: 4 or 6; 0: there is none. */
  version = 0;
  /** Where its addresses lie in the bytes that were scanned. */
  sourceAt = 0;
  destinationAt = 0;
  /** True when there are ports and enough of the header that a flow can be told (as Wireshark does: 16 B of TCP, 8 B of UDP). */
  ported = false;
  sourcePort = 0;
  destinationPort = 0;
  /** Ethernet's addresses (destination, then source) in the bytes; -1: there are none. */
  linkAt = -1;
  /** TCP's options in the bytes, as far as they were kept. */
  optionsAt = 0;
  optionsEnd = 0;
  /** Of the bytes that were scanned. */
  view: DataView = new DataView(new ArrayBuffer(0));
  readonly #link: LinkEnd = { at: 0, end: 0, next: NOTHING, linkAt: -1, damaged: false };
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #at = 0;
  #end = 0;
  #missing = 0;

  /** Scans the `captured` bytes from `start` of a packet that was `wire` bytes long. */
  scan(linkType: number, bytes: Uint8Array, start: number, captured: number, wire: number): void {
    if (bytes !== this.#bytes) this.#look(bytes);
    if (linkType !== LINK_ETHERNET || !plainHeaders(this, this.view, start, captured, wire)) this.#scan(linkType, bytes, start, captured, wire);
  }

  /** Many packets lie in the same bytes. */
  #look(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #scan(linkType: number, bytes: Uint8Array, start: number, captured: number, wire: number): void {
    this.kind = KIND.other;
    this.flags = this.sequence = this.acknowledgment = this.window = this.payloadAt = this.payload = 0;
    this.version = this.sourcePort = this.destinationPort = this.optionsAt = this.optionsEnd = 0;
    this.ported = false;
    this.#start = start;
    this.#end = start + captured;
    this.#missing = wire > captured ? wire - captured : 0;
    const link = this.#link;
    linkHeader(link, linkType, bytes, start, this.#end);
    this.linkAt = link.linkAt;
    if (link.damaged) this.flags |= PACKET_FLAG.damaged;
    this.#at = link.at;
    this.#end = link.end;
    if (link.next === IPV4 || link.next === IPV6) this.#network(link.next);
    else if (link.next === ARP || link.next === RARP) this.#arp();
  }

  /** True when a next header begins; one that was cut off right at its beginning counts as damage. */
  #goesOn(): boolean {
    if (this.#at < this.#end) return true;
    if (this.#missing > 0) this.flags |= PACKET_FLAG.damaged;
    return false;
  }

  #arp(): void {
    if (!this.#goesOn()) return;
    this.kind = KIND.arp;
    const room = this.#end - this.#at;
    if (room < 8 || room < 8 + 2 * (u8(this.#bytes, this.#at + 4) + u8(this.#bytes, this.#at + 5))) this.flags |= PACKET_FLAG.damaged;
  }

  /** IP, and IP within IP (RFC 2003, RFC 2473), until a transport header ends it. */
  #network(first: number): void {
    let type = first;
    for (let layers = 0; layers < CODEC_LIMITS.layers; layers++) {
      if (!this.#goesOn()) return;
      if (layers > 0) this.flags |= PACKET_FLAG.more;
      const protocol = type === IPV4 ? this.#ipv4() : this.#ipv6();
      if (protocol < 0 || !this.#goesOn()) return;
      if (protocol === 6) return this.#tcp();
      if (protocol === 17) return this.#udp();
      if (protocol === 1 || protocol === 58) return this.#icmp(protocol);
      if (protocol === ETHERNET) {
        type = this.#innerEthernet();
        if (type === ARP || type === RARP) return this.#arp();
        if (type !== IPV4 && type !== IPV6) return;
      } else if (protocol === 4 || protocol === 41) type = protocol === 4 ? IPV4 : IPV6;
      else return;
    }
  }

  /** A whole frame within IP (RFC 8986 9.1). The type of what it carries. */
  #innerEthernet(): number {
    const link = this.#link;
    linkHeader(link, LINK_ETHERNET, this.#bytes, this.#at, this.#end);
    if (link.damaged) this.flags |= PACKET_FLAG.damaged;
    this.#at = link.at;
    this.#end = link.end;
    return link.next;
  }

  #damaged(): number {
    this.flags |= PACKET_FLAG.damaged;
    return -1;
  }

  /** RFC 791 3.1. The protocol of what follows; -1: nothing that can be read. */
  #ipv4(): number {
    const bytes = this.#bytes;
    const at = this.#at;
    const room = this.#end - at;
    this.kind = KIND.ip;
    const first = u8(bytes, at);
    const header = (first & 0x0f) * 4;
    if (first >>> 4 !== 4 || header < 20 || room < header) return this.#damaged();
    // Length 0: segmentation offload, seen only on the sending machine.
    const total = u16(bytes, at + 2) || room + this.#missing;
    if (total < header) return this.#damaged();
    this.version = 4;
    this.sourceAt = at + 12;
    this.destinationAt = at + 16;
    this.#within(total, room);
    this.#at = at + header;
    const cut = u16(bytes, at + 6);
    if ((cut & 0x3fff) !== 0) this.flags |= PACKET_FLAG.fragment;
    return (cut & 0x1fff) === 0 ? u8(bytes, at + 9) : -1;
  }

  /** Ends what is read at a packet of `total` bytes, of which `room` could be here. */
  #within(total: number, room: number): void {
    if (total < room) this.#end = this.#at + total;
    const lacking = total > room ? total - room : 0;
    if (lacking < this.#missing) this.#missing = lacking;
  }

  /** RFC 8200 3 and 4. The protocol after the extension headers; -1: nothing that can be read. */
  #ipv6(): number {
    const bytes = this.#bytes;
    const at = this.#at;
    const room = this.#end - at;
    this.kind = KIND.ipv6;
    if (u8(bytes, at) >>> 4 !== 6 || room < 40) return this.#damaged();
    this.version = 6;
    this.sourceAt = at + 8;
    this.destinationAt = at + 24;
    const first = u8(bytes, at + 6);
    const announced = u16(bytes, at + 4);
    this.#within(announced > 0 ? 40 + announced : this.#unannounced(first, room), room);
    this.#at = at + 40;
    return isExtension(first) ? this.#extensions(first) : first === 59 || first === 50 ? -1 : first;
  }

  /** Length of a packet that announces none: a jumbogram (RFC 2675 2) or segmentation offload, as the codec has it. */
  #unannounced(first: number, room: number): number {
    if (first !== HOP_BY_HOP) return isExtension(first) ? 40 : room + this.#missing;
    const bytes = this.#bytes;
    const at = this.#at + 40;
    if (room < 48) return 40;
    const end = at + (u8(bytes, at + 1) + 1) * 8;
    if (end > this.#end) return 40;
    for (let option = at + 2; option + 1 < end;) {
      const kind = u8(bytes, option);
      const length = kind === 0 ? 1 : u8(bytes, option + 1) + 2;
      if (option + length > end) break;
      if (kind === JUMBO_OPTION && length === 6) return 40 + u32(bytes, option + 2);
      option += length;
    }
    return 40;
  }

  #extensions(first: number): number {
    const bytes = this.#bytes;
    let type = first;
    for (let count = 0; isExtension(type) && count < CODEC_LIMITS.extensions; count++) {
      const at = this.#at;
      if (this.#end < at + 8) return this.#damaged();
      const second = u8(bytes, at + 1);
      const length = type === FRAGMENT_HEADER ? 8 : type === AUTHENTICATION_HEADER ? (second + 2) * 4 : (second + 1) * 8;
      if (this.#end < at + length) return this.#damaged();
      this.#at = at + length;
      if (type === FRAGMENT_HEADER) {
        const cut = u16(bytes, at + 2);
        if ((cut & 0xfff9) !== 0) this.flags |= PACKET_FLAG.fragment;
        if ((cut & 0xfff8) !== 0) return -1;
      }
      type = u8(bytes, at);
    }
    return type === 59 || type === 50 || isExtension(type) ? -1 : type;
  }

  #icmp(protocol: number): void {
    this.kind = protocol === 1 ? KIND.icmp : KIND.icmpv6;
    if (this.#end - this.#at < 4) this.flags |= PACKET_FLAG.damaged;
  }

  /** RFC 9293 3.1. A header whose options were cut off still tells its numbers and how long the payload was. */
  #tcp(): void {
    const bytes = this.#bytes;
    const at = this.#at;
    const room = this.#end - at;
    this.kind = KIND.tcp;
    if (room >= 16) this.#ports();
    if (room < 20) this.flags |= PACKET_FLAG.damaged;
    if (room < 16) return;
    this.sequence = u32(bytes, at + 4);
    this.acknowledgment = u32(bytes, at + 8);
    const word = u16(bytes, at + 12);
    this.flags |= word & 0x1ff;
    if ((word & 0x0e00) !== 0) this.flags |= PACKET_FLAG.more;
    this.window = u16(bytes, at + 14);
    const header = (word >>> 12) * 4;
    if (header < 20 || room < header) this.flags |= PACKET_FLAG.damaged;
    const whole = room + this.#missing;
    if (header < 20 || whole < header) return;
    this.payloadAt = at + header - this.#start;
    this.payload = whole - header;
    this.optionsAt = at + 20;
    this.optionsEnd = Math.min(at + header, this.#end);
  }

  /** RFC 768; length 0 is a jumbogram's (RFC 2675 4). */
  #udp(): void {
    const at = this.#at;
    const room = this.#end - at;
    this.kind = KIND.udp;
    if (room < 8) {
      this.flags |= PACKET_FLAG.damaged;
      return;
    }
    this.#ports();
    const length = u16(this.#bytes, at + 4) || room + this.#missing;
    if (length < 8) {
      this.flags |= PACKET_FLAG.damaged;
      return;
    }
    this.payloadAt = at + 8 - this.#start;
    this.payload = length <= room ? length - 8 : room - 8 + Math.min(length - room, this.#missing);
  }

  #ports(): void {
    this.sourcePort = u16(this.#bytes, this.#at);
    this.destinationPort = u16(this.#bytes, this.#at + 2);
    this.ported = true;
  }
}
