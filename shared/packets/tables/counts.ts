// Counts of many groups of packets at once, on typed arrays: packets and bytes each way, begin and end. Beneath conversations.ts.

export class GroupCounts {
  readonly packets: Uint32Array;
  readonly bytes: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Groups in the order in which they appeared. */
  readonly order: number[] = [];

  constructor(groups: number) {
    this.packets = new Uint32Array(groups * 2);
    this.bytes = new Float64Array(groups * 2);
    this.start = new Float64Array(groups);
    this.end = new Float64Array(groups);
  }

  /** `side`: 0 from the first end, 1 from the second. */
  add(group: number, side: number, bytes: number, time: number): void {
    const at = group * 2 + side;
    if (this.packets[group * 2] === 0 && this.packets[group * 2 + 1] === 0) {
      this.order.push(group);
      this.start[group] = time;
      this.end[group] = time;
    } else if (time < (this.start[group] ?? 0)) this.start[group] = time;
    else if (time > (this.end[group] ?? 0)) this.end[group] = time;
    this.packets[at] = (this.packets[at] ?? 0) + 1;
    this.bytes[at] = (this.bytes[at] ?? 0) + bytes;
  }

  /** Packets, bytes, begin and end of a group, as a conversation has them. */
  of(group: number): { readonly packets: [number, number]; readonly bytes: [number, number]; readonly start: number; readonly end: number } {
    return {
      packets: [this.packets[group * 2] ?? 0, this.packets[group * 2 + 1] ?? 0], bytes: [this.bytes[group * 2] ?? 0, this.bytes[group * 2 + 1] ?? 0],
      start: this.start[group] ?? 0, end: this.end[group] ?? 0,
    };
  }
}
