// The flows of one protocol, TCP or UDP, in order of appearance: their streams are numbered from 0. Owned by FlowTable.

import { grown } from './growing';

export class StreamNumbers {
  #count = 0;
  #flows = new Uint32Array(256);

  get count(): number {
    return this.#count;
  }

  /** Number of the stream that this flow is. */
  add(flow: number): number {
    if (this.#count === this.#flows.length) this.#flows = grown(this.#flows, this.#count * 2);
    this.#flows[this.#count] = flow;
    return this.#count++;
  }

  /** Flow number of a stream; 0: there is none. */
  flow(stream: number): number {
    return stream < this.#count ? this.#flows[stream] ?? 0 : 0;
  }
}
