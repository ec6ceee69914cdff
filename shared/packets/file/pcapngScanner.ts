// The way through a pcapng file: block after block (draft-ietf-opsawg-pcapng, section 3), sections in either byte order. Packets go to the sink
// without an object each; what other blocks say goes to the facts. A block of an unknown type is skipped, whatever its length.

import { BLOCK, BLOCK_FRAME, BYTE_ORDER_MAGIC, STATISTICS_OPTION } from '../../codec/pcapng/format';
import { BlockFault, commentsOf, optionUint, readInterface, readNames, readOptions, readSecrets, readSection } from '../../codec/pcapng/read';
import type { DamageKind } from '../captureFacts';
import { CaptureError } from './captureError';
import { TimeSplitter } from './captureTime';
import type { FactsBuilder } from './factsBuilder';
import { CAPTURE_LIMITS, longestPacket } from './limits';
import type { Scanner } from './scanner';

/** What must be there to know a block's length and byte order. */
const BLOCK_START = 12;
const KNOWN: ReadonlySet<number> = new Set(Object.values(BLOCK));

interface LocalInterface {
  readonly time: TimeSplitter;
  readonly snapLength: number;
  readonly longest: number;
}

export class PcapngScanner implements Scanner {
  need = BLOCK_START;
  #little = true;
  #section = -1;
  /** Interfaces of this section, and how many there were before it. */
  #interfaces: LocalInterface[] = [];
  #before = 0;
  /** Bytes of a block that is skipped which are still to come. */
  #skip = 0;
  #skipAt = 0;
  #packetBlocks = 0;

  constructor(private readonly facts: FactsBuilder) {}

  get begun(): boolean {
    return this.#section >= 0;
  }

  scan(bytes: Uint8Array, view: DataView, start: number, end: number, base: number): number {
    let at = start + Math.min(this.#skip, end - start);
    this.#skip -= at - start;
    this.need = BLOCK_START;
    while (end - at >= BLOCK_START) {
      const type = view.getUint32(at, this.#little);
      // Its type reads the same in both byte orders; the number after its length tells which.
      if (type === BLOCK.section) {
        const order = view.getUint32(at + 8, true);
        if (order !== BYTE_ORDER_MAGIC && view.getUint32(at + 8, false) !== BYTE_ORDER_MAGIC) return this.#damaged(at, base, 'byteOrder', 'a section without its byte order');
        this.#little = order === BYTE_ORDER_MAGIC;
      }
      const little = this.#little;
      const length = view.getUint32(at + 4, little);
      if (length < BLOCK_FRAME || length % 4 !== 0) return this.#wrongLength(at, base, length, `it must be a multiple of 4 and at least ${BLOCK_FRAME}`);
      if (length > CAPTURE_LIMITS.block) {
        if (KNOWN.has(type)) return this.#wrongLength(at, base, length, `more than ${CAPTURE_LIMITS.block}`);
        this.facts.countBlock(type);
        const there = Math.min(length, end - at);
        this.#skip = length - there;
        this.#skipAt = base + at;
        at += there;
        continue;
      }
      if (end - at < length) {
        this.need = length;
        return at;
      }
      const again = view.getUint32(at + length - 4, little);
      if (again !== length) return this.#wrongEnd(at, base, length, again);
      try {
        if (type === BLOCK.packet) this.#packet(bytes, view, at, length, base);
        else this.#other(type, bytes, view, at, length, base);
      } catch (thrown) {
        if (!(thrown instanceof BlockFault)) throw thrown;
        return this.#damaged(at, base, thrown.kind, thrown.message);
      }
      at += length;
    }
    return at;
  }

  finish(_bytes: Uint8Array, _view: DataView, start: number): number {
    if (this.#packetBlocks > 0) this.facts.blocks.set(BLOCK.packet, this.#packetBlocks);
    if (this.#skip > 0) this.facts.damage = { offset: this.#skipAt, kind: 'cut', why: `the file is cut: ${this.#skip} B of a block are missing` };
    return start;
  }

  /** Stops here. A file that is wrong before its first section is there is none. */
  #damaged(at: number, base: number, kind: DamageKind, why: string): number {
    if (!this.begun) throw new CaptureError('CAPTURE_DAMAGED', `damaged at its beginning: ${why}`);
    this.facts.damage = { offset: base + at, kind, why };
    return at;
  }

  // Texts with numbers are made here: where `scan` made them, V8 would write each block's length as text before it knew that none is wanted.

  #wrongLength(at: number, base: number, length: number, why: string): number {
    return this.#damaged(at, base, 'blockLength', `a block of ${length} B: ${why}`);
  }

  #wrongEnd(at: number, base: number, length: number, again: number): number {
    return this.#damaged(at, base, 'blockLength', `a block of ${length} B that ends saying ${again}`);
  }

  #noInterface(number: number): never {
    throw new BlockFault(`a packet of interface ${number}: the section has ${this.#interfaces.length}`, 'interface');
  }

  /** Section 4.3: interface, time, two lengths, the packet, options. */
  #packet(bytes: Uint8Array, view: DataView, at: number, length: number, base: number): void {
    if (length < 32) throw new BlockFault(`a packet block of ${length} B`, 'blockLength');
    const little = this.#little;
    this.#tell(view.getUint32(at + 8, little), view.getUint32(at + 12, little), view.getUint32(at + 16, little), bytes, view, at, length, base);
    this.#packetBlocks++;
  }

  /** What both packet blocks have: the lengths 20 bytes into the block, then the packet, then options. */
  #tell(number: number, high: number, low: number, bytes: Uint8Array, view: DataView, at: number, length: number, base: number): void {
    const { facts } = this;
    const local = this.#interfaces[number] ?? this.#noInterface(number);
    const captured = view.getUint32(at + 20, this.#little);
    const start = at + 28;
    // Compared before it is padded: a length near 2^32 must not wrap.
    if (captured > length - 32) beyondBlock(captured, length);
    if (captured > local.longest) tooLong(captured, local.longest);
    const options = start + ((captured + 3) & ~3);
    const comment = at + length - 4 - options >= 4 ? this.#options(bytes, options, at + length - 4) : '';
    const { time } = local;
    time.split(high, low);
    facts.sink.packet(this.#before + number, time.seconds, time.nanos, bytes, start, captured, view.getUint32(at + 24, this.#little), base + start, comment);
    facts.packets++;
  }

  /** Its comments, a line each. */
  #options(bytes: Uint8Array, from: number, end: number): string {
    const { facts } = this;
    const all = readOptions(bytes, from, end, this.#little);
    const comments = commentsOf(all);
    const comment = comments.join('\n');
    if (all.length > comments.length) facts.packetOptions++;
    facts.addPacketComment(comment);
    return comment;
  }

  #other(type: number, bytes: Uint8Array, view: DataView, at: number, length: number, base: number): void {
    const { facts } = this;
    const little = this.#little;
    const start = at + 8;
    const end = at + length - 4;
    switch (type) {
      case BLOCK.section:
        this.#begin(bytes, start, end);
        break;
      case BLOCK.interface:
        this.#describe(bytes, start, end);
        break;
      case BLOCK.oldPacket:
        // Appendix A: as an enhanced packet, with the interface and a count of drops in 16 bits each.
        if (length < 32) throw new BlockFault(`a packet block of ${length} B`, 'blockLength');
        this.#tell(view.getUint16(start, little), view.getUint32(at + 12, little), view.getUint32(at + 16, little), bytes, view, at, length, base);
        break;
      case BLOCK.simplePacket:
        this.#simple(bytes, view, at, length, base);
        break;
      case BLOCK.names:
        readNames(bytes, start, end, little, (address, name) => facts.addName(address, name));
        break;
      case BLOCK.statistics:
        this.#statistics(bytes, view, start, end);
        break;
      case BLOCK.secrets: {
        const { kind, data } = readSecrets(bytes, start, end, little);
        facts.addSecrets(kind, data);
        break;
      }
      case BLOCK.custom:
      case BLOCK.customLocal:
        if (end - start < 4) throw new BlockFault('a custom block is too short');
        facts.addCustom({ pen: view.getUint32(start, little), data: bytes.slice(start + 4, end), offset: base + start + 4 });
        break;
    }
    facts.countBlock(type);
  }

  #begin(bytes: Uint8Array, start: number, end: number): void {
    const section = readSection(bytes, start, end, this.#little);
    const [major, minor] = section.version;
    // Section 4.1: 1.0; 1.2 is read as the same, since some writers have it.
    if (major !== 1 || (minor !== 0 && minor !== 2)) {
      const why = `pcapng of version ${major}.${minor} is not read: 1.0 is`;
      if (this.#section < 0) throw new CaptureError('CAPTURE_VERSION', why);
      throw new BlockFault(why, 'version');
    }
    this.#section++;
    this.#before += this.#interfaces.length;
    this.#interfaces = [];
    if (this.#section === 0) this.facts.byteOrder = this.#little ? 'little' : 'big';
    this.facts.addSection(section);
  }

  #describe(bytes: Uint8Array, start: number, end: number): void {
    const one = readInterface(bytes, start, end, this.#little);
    if (this.facts.interfaces.length >= CAPTURE_LIMITS.interfaces) throw new BlockFault(`more than ${CAPTURE_LIMITS.interfaces} interfaces`, 'other');
    this.#interfaces.push({ time: new TimeSplitter(one.resolution, one.offset), snapLength: one.snapLength, longest: longestPacket(one.linkType) });
    this.facts.addInterface(this.#section, one);
  }

  /** Section 4.4: of the first interface, without a time; what is kept follows from its snap length. */
  #simple(bytes: Uint8Array, view: DataView, at: number, length: number, base: number): void {
    const { facts } = this;
    if (length < 16) throw new BlockFault(`a packet block of ${length} B`, 'blockLength');
    const { snapLength, longest } = this.#interfaces[0] ?? this.#noInterface(0);
    const wire = view.getUint32(at + 8, this.#little);
    const captured = snapLength === 0 ? wire : Math.min(wire, snapLength);
    if (captured > length - 16) beyondBlock(captured, length);
    if (captured > longest) tooLong(captured, longest);
    facts.sink.packet(this.#before, 0, 0, bytes, at + 12, captured, wire, base + at + 12, '');
    facts.packets++;
  }

  #statistics(bytes: Uint8Array, view: DataView, start: number, end: number): void {
    if (end - start < 12) throw new BlockFault('interface statistics are too short');
    const options = readOptions(bytes, start + 12, end, this.#little);
    const dropped = optionUint(options.find(({ code }) => code === STATISTICS_OPTION.dropped)?.value, this.#little);
    if (dropped !== null) this.facts.drops.set(this.#before + view.getUint32(start, this.#little), Number(dropped));
  }
}

function beyondBlock(captured: number, length: number): never {
  throw new BlockFault(`a packet of ${captured} B in a block of ${length}`);
}

function tooLong(captured: number, longest: number): never {
  throw new BlockFault(`a packet of ${captured} B: more than ${longest}`, 'packetLength');
}
