// Reads one DNS message from its bytes, field by field. Throws WireFault where they end or cannot be: whoever decodes catches it.
// Made for speed: names that are plain text cost one pass and no escapes.

import { CODEC_LIMITS } from '../limits';
import { LABEL_LIMIT, labelSign, NAME_LIMIT, ROOT } from './name';

/** Where and why a message cannot be read on. `need`: bytes of the message that must be there; 0 when more would not help. */
export class WireFault extends Error {
  at = 0;
  why = '';
  need = 0;
}

const fault = new WireFault();

/** To be thrown at once. Always the same: whoever catches it takes what it says, and what an error knows of its stack costs more than all else of most datagrams that are none. */
export function wireFault(at: number, why: string, need = 0): WireFault {
  fault.at = at;
  fault.why = why;
  fault.need = need;
  return fault;
}

const SIMPLE = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) SIMPLE[byte] = labelSign(byte).length === 1 ? 1 : 0;

export class WireReader {
  at = 0;
  /** Where the message, or the data of the record that is being read, ends. */
  end: number;
  private inData = false;

  constructor(readonly bytes: Uint8Array) {
    this.end = bytes.length;
  }

  /** Reads the next `length` bytes, which are the data of a record and no more than that; goes on behind them, also after a fault that `read` caught. */
  data<T>(length: number, read: () => T): T {
    this.require(length);
    const outer = this.end;
    const end = this.at + length;
    this.end = end;
    this.inData = true;
    const value = read();
    this.inData = false;
    this.end = outer;
    this.at = end;
    return value;
  }

  /** Throws unless `count` more bytes are there. */
  require(count: number): void {
    if (this.at + count <= this.end) return;
    if (this.inData) throw wireFault(this.at, 'goes past the end of the record\'s data');
    throw wireFault(this.at, `ends ${this.at + count - this.end} bytes too early`, this.at + count);
  }

  uint8(): number {
    this.require(1);
    return this.bytes[this.at++] ?? 0;
  }

  uint16(): number {
    this.require(2);
    const value = ((this.bytes[this.at] ?? 0) << 8) | (this.bytes[this.at + 1] ?? 0);
    this.at += 2;
    return value;
  }

  uint32(): number {
    const high = this.uint16();
    return high * 0x10000 + this.uint16();
  }

  /** A view of the next bytes. */
  take(count: number): Uint8Array {
    this.require(count);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** All up to the end, copied. */
  rest(): Uint8Array<ArrayBuffer> {
    const rest = this.bytes.slice(this.at, this.end);
    this.at = this.end;
    return rest;
  }

  /** One character string: a length and as many bytes (RFC 1035 3.3). */
  string(): Uint8Array<ArrayBuffer> {
    const length = this.uint8();
    return this.take(length).slice();
  }

  /**
   * A name (RFC 1035 3.1, 4.1.4). Pointers go backwards only, to before the labels that they follow, and at most twenty times: so
   * reading ends, whatever the bytes.
   */
  name(): string {
    let at = this.at;
    let before = at;
    let end = this.end;
    let after = -1;
    let jumps = 0;
    let size = 1;
    let name = '';
    for (;;) {
      if (at >= end) this.outside(at);
      const length = this.bytes[at] ?? 0;
      if (length === 0) break;
      if (length > 0xbf) {
        if (at + 1 >= end) this.outside(at + 1);
        const target = ((length & 0x3f) << 8) | (this.bytes[at + 1] ?? 0);
        if (after < 0) after = at + 2;
        if (target >= before) throw wireFault(at, `the pointer to ${target} does not point backwards`);
        if (++jumps > CODEC_LIMITS.dnsPointers) throw wireFault(at, `more than ${CODEC_LIMITS.dnsPointers} pointers`);
        at = before = target;
        end = this.bytes.length;
        continue;
      }
      if (length > LABEL_LIMIT) throw wireFault(at, `no label begins with ${length}`);
      if (at + 1 + length > end) this.outside(at + length);
      size += 1 + length;
      if (size > NAME_LIMIT) throw wireFault(at, `a name over ${NAME_LIMIT} bytes`);
      name += this.label(at + 1, length);
      at += 1 + length;
    }
    this.at = after < 0 ? at + 1 : after;
    return name === '' ? ROOT : name;
  }

  private label(start: number, length: number): string {
    let text = '';
    for (let at = start; at < start + length; at++) {
      const byte = this.bytes[at] ?? 0;
      text += SIMPLE[byte] === 1 ? String.fromCharCode(byte) : labelSign(byte);
    }
    return `${text}.`;
  }

  private outside(at: number): never {
    if (this.inData) throw wireFault(this.at, 'the name goes past the end of the record\'s data');
    throw wireFault(this.at, 'the name goes past the end', at + 1);
  }
}
