// How the values of a fault lie on its slider, and how a typed number is read. Bytes go by powers of ten, the rest evenly; a number field
// takes more than its slider reaches.

import { FAULTS, type FaultSpec, type FaultValues, type RelayProtocol } from '../../shared/lab/faults';

export type NumberFault = Extract<FaultSpec, { readonly type: 'number' }>;

/** Where the slider ends. */
const END: Readonly<Record<NumberFault['unit'], number>> = { ms: 500, '%': 50, B: 10_000_000, 'B/s': 10_000_000 };
const BYTE_STEPS: readonly number[] = [0, ...[1, 2, 3, 4, 5, 6].flatMap((power) => [10 ** power, 2 * 10 ** power, 5 * 10 ** power]), 10_000_000];

const bySteps = (spec: NumberFault): boolean => spec.unit === 'B' || spec.unit === 'B/s';

export const sliderMax = (spec: NumberFault): number => (bySteps(spec) ? BYTE_STEPS.length - 1 : END[spec.unit]);

export function sliderOf(spec: NumberFault, value: number): number {
  if (!bySteps(spec)) return Math.min(value, END[spec.unit]);
  const above = BYTE_STEPS.findIndex((step) => step >= value);
  return above < 0 ? BYTE_STEPS.length - 1 : above;
}

export const valueAt = (spec: NumberFault, slider: number): number => (bySteps(spec) ? (BYTE_STEPS[slider] ?? 0) : slider);

/** What was typed, as a number of the fault; null when it is none. */
export function typedValue(spec: NumberFault, text: string): number | null {
  if (!/^\d{1,10}([.,]\d{1,3})?$/u.test(text.trim())) return null;
  const value = Number(text.trim().replace(',', '.'));
  return value <= spec.max && (!spec.whole || Number.isInteger(value)) ? value : null;
}

/** Whether these are all the faults of such a relay, each as in `preset`. */
export const isPreset = (protocol: RelayProtocol, values: FaultValues, preset: FaultValues): boolean => FAULTS[protocol].every(({ name }) => values[name] === preset[name]);
