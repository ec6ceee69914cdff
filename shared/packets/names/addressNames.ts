// Names of addresses as the capture itself tells them: those that the file brings (name resolution blocks), and those that its DNS answers gave.
// Nobody is asked for any. Kept in a Map, for peers choose them.

import { decodeMessage } from '../../codec/dns/message';
import { visibleText } from '../../codec/text';
import type { PacketBytes } from '../dissector';
import type { FlowTable } from '../flows/flowTable';
import { KIND } from '../index/linkHeader';
import { CHUNK, type PacketTable } from '../packetTable';

/** Names, answers that are read for them, and letters of one. What is beyond has no name. */
const NAME_LIMITS = { names: 100_000, answers: 200_000, letters: 120 } as const;

/** Ports of DNS, mDNS and LLMNR. */
const PORTS: ReadonlySet<number> = new Set([53, 5353, 5355]);

interface NamesInput {
  readonly table: PacketTable;
  readonly flows: FlowTable;
  readonly packets: PacketBytes;
  /** Of the file: address to name. They come before what DNS says. */
  readonly names: ReadonlyMap<string, string>;
}

export class AddressNames {
  readonly #names = new Map<string, string>();
  readonly #flows: Uint8Array;
  #next = 0;
  #answers = 0;

  /** `dns`: DNS answers are read; `file`: the file's own names count. */
  constructor(private readonly input: NamesInput, { dns, file }: { readonly dns: boolean; readonly file: boolean }) {
    const { columns, count } = input.flows;
    this.#flows = new Uint8Array(count + 1);
    for (let flow = 1; flow <= count; flow++) {
      const ports = columns.ports[flow] ?? 0;
      if (columns.kind[flow] === KIND.udp && (PORTS.has(ports >>> 16) || PORTS.has(ports & 0xffff))) this.#flows[flow] = 1;
    }
    if (file) for (const [address, name] of input.names) this.#add(address, name);
    if (!dns) this.#next = Infinity;
  }

  get count(): number {
    return this.#names.size;
  }

  /** The name of an address, or the address. */
  of(address: string): string {
    return this.#names.get(address) ?? address;
  }

  /** Looks at so many packets more for answers; true: all are seen. */
  advance(packets: number): boolean {
    const { table } = this.input;
    const end = Math.min(table.count, this.#next + packets);
    for (; this.#next < end && this.#answers < NAME_LIMITS.answers; this.#next++) {
      const chunk = table.chunks[Math.floor(this.#next / CHUNK)];
      if (this.#flows[chunk?.flow[this.#next % CHUNK] ?? 0] === 1) this.#read(this.#next);
    }
    return this.#next >= table.count || this.#answers >= NAME_LIMITS.answers;
  }

  #read(packet: number): void {
    const { chunk, row } = this.input.table.locate(packet);
    const at = chunk.payloadAt[row] ?? 0;
    const message = decodeMessage(this.input.packets.bytes(packet).subarray(at, at + (chunk.payload[row] ?? 0)));
    if (!('answers' in message) || !message.flags.qr) return;
    this.#answers++;
    for (const { name, data } of [...message.answers, ...message.additionals]) if (data.type === 'A' || data.type === 'AAAA') this.#add(data.address, name);
  }

  /** The first name of an address stays. */
  #add(address: string, name: string): void {
    const shown = visibleText(name.replace(/\.$/, '')).slice(0, NAME_LIMITS.letters);
    if (shown !== '' && !this.#names.has(address) && this.#names.size < NAME_LIMITS.names) this.#names.set(address, shown);
  }
}
