// The checksums of a frame, ready to be summed step by step, and which of the steps are shown. Pure.

import { ipSummable, transportSummable, type Summable, type SumStep } from '../../../shared/codec/checksumSteps';
import type { FrameModel } from './model';

/** The checksums that a frame has, the transport's first. Of a frame that was not kept whole only that of the IPv4 header. */
export function summablesOf(model: FrameModel): readonly Summable[] {
  const { bytes, missing } = model.frame;
  const found: Summable[] = [];
  const transport = model.layers.find(({ protocol }) => protocol === 'tcp' || protocol === 'udp');
  const network = model.layers.find(({ protocol }) => protocol === 'ip' || protocol === 'ipv6');
  const value = (name: string): string => String(network?.tree.children.find((node) => node.name === `${network.protocol}.${name}`)?.value ?? '');
  if (transport !== undefined && network !== undefined && missing === 0) {
    const kind = transport.protocol === 'tcp' ? 'tcp' : 'udp';
    found.push(transportSummable(kind, value('src'), value('dst'), bytes.subarray(transport.start, transport.start + transport.length), bytes.subarray(transport.payload.start, transport.payload.end)));
  }
  if (network?.protocol === 'ip') found.push(ipSummable(bytes.subarray(network.start, network.start + network.length)));
  return found;
}

/** Words of a payload that are shown at first, and at its end. */
const FIRST = 16;
const LAST = 2;

export interface ShownSteps {
  readonly before: readonly SumStep[];
  /** Words between them that are not shown. */
  readonly hidden: number;
  readonly after: readonly SumStep[];
}

/** All words but the middle of a long payload; `more`: words of it that were asked for. */
export function shownSteps(steps: readonly SumStep[], more: number): ShownSteps {
  const start = steps.findIndex(({ part }) => part === 'payload');
  const until = start < 0 ? steps.length : start + FIRST + more;
  const rest = Math.max(until, steps.length - LAST);
  return rest - until <= 1 ? { before: steps, hidden: 0, after: [] } : { before: steps.slice(0, until), hidden: rest - until, after: steps.slice(rest) };
}
