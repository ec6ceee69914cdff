// Finds the flow of two ends by hashing numbers: an open-addressing table on typed arrays, no text and no object a packet. Beneath FlowTable (of a whole
// capture) and FlowRuns (of a stretch that is read ahead), which make what is not there yet.

import type { HeaderScan } from '../index/headers';
import { KIND } from '../index/linkHeader';

/** A power of two. */
const RECENT = 1024;
/** Where `words` has the hash. */
const HASH = 8;

/** What tells flows apart, a row each; row 0 is nobody's. */
export interface FlowKeys {
  /** Index of PACKET_KINDS. */
  readonly kind: Uint8Array;
  /** Of IP: 4 or 6. */
  readonly version: Uint8Array;
  /** Four words an end, first end first; IPv4 has its address in the first of each. */
  readonly addresses: Uint32Array;
  /** First end's in the high 16 bits. */
  readonly ports: Uint32Array;
}

/** What a packet's flow is a flow of. */
export const flowKind = (scan: HeaderScan): number => (scan.ported || scan.kind === KIND.icmp || scan.kind === KIND.icmpv6 ? scan.kind : scan.version === 4 ? KIND.ip : KIND.ipv6);

export abstract class FlowSlots {
  abstract readonly columns: FlowKeys;
  /** Flow number (0: free) and hash of each slot. The length is a power of two, at most half are taken. */
  protected slots = new Int32Array(2048);
  /** Source's four words, destination's four, the hash. */
  protected readonly words = new Int32Array(9);
  /** 1: the flow's second end sent the packet that was looked for last. */
  protected side: 0 | 1 = 0;
  #taken = 0;
  /** Slots that were found last; what stands there is looked at before it is believed. */
  readonly #recent = new Int32Array(RECENT);
  /** Differs from run to run, so that nobody can prepare a file whose flows all fall into one place. */
  readonly #seed = Math.floor(Math.random() * 0x1_0000_0000) | 0;

  /**
   * Where the packet's flow stands in `slots`, or would: the flow there is 0. Sets `side`; keeps addresses and, for one that is not there, the hash in
   * `words`. (Signed numbers throughout: others would be objects of V8's where a call is not inlined.)
   */
  protected find(scan: HeaderScan, kind: number): number {
    const { view, version, sourceAt, destinationAt, sourcePort, destinationPort } = scan;
    const { words } = this;
    const count = version === 4 ? 1 : 4;
    let near = sourcePort ^ destinationPort;
    for (let word = 0; word < count; word++) {
      const from = view.getInt32(sourceAt + word * 4);
      const to = view.getInt32(destinationAt + word * 4);
      words[word] = from;
      words[4 + word] = to;
      near ^= from ^ to;
    }
    const ahead = (sourcePort << 16) | destinationPort;
    const back = (destinationPort << 16) | sourcePort;
    // Packets of one flow come close together: most stand where the last one of the like stood.
    const place = (near ^ (near >>> 10) ^ (near >>> 20)) & (RECENT - 1);
    const guess = this.#recent[place] ?? 0;
    const likely = this.slots[guess] ?? 0;
    if (likely !== 0 && this.#is(likely, kind, version, ahead, back)) return guess;
    const slot = this.#search(kind, version, ahead, back);
    this.#recent[place] = slot;
    return slot;
  }

  /** As `find`, for the ends of a row of other columns. */
  protected findRow({ kind, version, addresses, ports }: FlowKeys, row: number): number {
    for (let word = 0; word < 8; word++) this.words[word] = addresses[row * 8 + word] ?? 0;
    const ahead = (ports[row] ?? 0) | 0;
    return this.#search(kind[row] ?? 0, version[row] ?? 0, ahead, (ahead << 16) | (ahead >>> 16));
  }

  /** By the hash of the addresses in `words`, ports and kind, which is the same for both directions. */
  #search(kind: number, version: number, ahead: number, back: number): number {
    const { slots, words } = this;
    const mask = slots.length - 2;
    let source = ahead >>> 16;
    let destination = back >>> 16;
    for (let word = 0; word < (version === 4 ? 1 : 4); word++) {
      source = mix(source ^ (words[word] ?? 0) ^ this.#seed);
      destination = mix(destination ^ (words[4 + word] ?? 0) ^ this.#seed);
    }
    const hash = mix((source + destination + kind) | 0);
    words[HASH] = hash;
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const flow = slots[slot] ?? 0;
      if (flow === 0 || (slots[slot + 1] === hash && this.#is(flow, kind, version, ahead, back))) return slot;
    }
  }

  /** Whether it is the flow of the packet whose addresses are in `words`; sets `side` then. */
  #is(flow: number, kind: number, version: number, ahead: number, back: number): boolean {
    const { ports, kind: kinds, version: versions } = this.columns;
    const both = (ports[flow] ?? 0) | 0;
    if (kinds[flow] !== kind || versions[flow] !== version) return false;
    if (both === ahead && this.#addressed(flow, version, 0)) this.side = 0;
    else if (both === back && this.#addressed(flow, version, 4)) this.side = 1;
    else return false;
    return true;
  }

  /** True when the flow's first end is the source (turn 0) or the destination (turn 4), and its second the other. */
  #addressed(flow: number, version: number, turn: number): boolean {
    const { addresses } = this.columns;
    const { words } = this;
    const at = flow * 8;
    if (version === 4) return ((addresses[at] ?? 0) | 0) === words[turn] && ((addresses[at + 4] ?? 0) | 0) === words[4 ^ turn];
    for (let word = 0; word < 4; word++) {
      if (((addresses[at + word] ?? 0) | 0) !== words[word ^ turn] || ((addresses[at + 4 + word] ?? 0) | 0) !== words[(4 + word) ^ turn]) return false;
    }
    return true;
  }

  /** Takes a free slot for the packet that was looked for; where it is, after the table was made larger if it had to be. */
  protected take(slot: number): number {
    const hash = this.words[HASH] ?? 0;
    let at = slot;
    if (++this.#taken * 4 > this.slots.length) {
      this.#widen();
      const mask = this.slots.length - 2;
      for (at = (hash << 1) & mask; this.slots[at] !== 0;) at = (at + 2) & mask;
    }
    this.slots[at + 1] = hash;
    return at;
  }

  /** Forgets all flows. */
  protected clear(): void {
    this.slots.fill(0);
    this.#taken = 0;
  }

  #widen(): void {
    const old = this.slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 2;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      let slot = ((old[from + 1] ?? 0) << 1) & mask;
      while (slots[slot] !== 0) slot = (slot + 2) & mask;
      slots[slot] = old[from] ?? 0;
      slots[slot + 1] = old[from + 1] ?? 0;
    }
    this.slots = slots;
  }
}

/** Spreads the bits of a 32-bit number: the finish of MurmurHash3. */
function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
