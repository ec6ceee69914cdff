// Axes of the chart: linear and logarithmic scales in px, and the ticks that people expect on an axis of times and of numbers.
// Pure; the words of the units are the view's.

export type AxisKind = 'linear' | 'log';

export interface Scale {
  readonly kind: AxisKind;
  readonly min: number;
  readonly max: number;
  /** Place of a value in px; what a logarithm does not know (0) lies at the lower end. */
  place(value: number): number;
}

/** From `min` at px `from` to `max` at px `to`; a log scale needs min > 0. */
export function scaleOf(kind: AxisKind, min: number, max: number, from: number, to: number): Scale {
  const of = (value: number): number => (kind === 'log' ? Math.log(Math.max(value, min)) : value);
  const [low, high] = [of(min), of(max)];
  return { kind, min, max, place: (value) => from + (high > low ? (of(value) - low) / (high - low) : 0) * (to - from) };
}

const S = 1000;
const [MIN, H, D] = [60 * S, 3600 * S, 86_400 * S];
/** Round times in ms, for a logarithmic axis. */
const TIMES = [0.1, 1, 10, 100, S, 10 * S, MIN, 10 * MIN, H, 10 * H, D, 10 * D, 100 * D, 1000 * D, 10_000 * D];

/** Unit of a time: SI symbols and those that may stand beside them. */
export type TimeUnit = 'ms' | 's' | 'min' | 'h' | 'd';

/** The unit that fits to a time in ms, and how many ms it has. Minutes and above only from so many of them on: 83 s say more than 1.38 min. */
export function unitOf(ms: number, least = 2): readonly [TimeUnit, number] {
  if (ms >= least * D) return ['d', D];
  if (ms >= least * H) return ['h', H];
  if (ms >= least * MIN) return ['min', MIN];
  return ms >= 999.5 ? ['s', S] : ['ms', 1];
}

/** A time in ms with its unit, to three digits. `name`: the unit's symbol; `write`: a number in the language's way. */
export function timeText(ms: number, name: (unit: TimeUnit) => string, write: (value: number) => string, least = 2): string {
  const [unit, size] = unitOf(ms, least);
  const value = ms / size;
  return `${write(value >= 1000 ? Math.round(value) : Number(value.toPrecision(3)))}\u00a0${name(unit)}`;
}

/** A number of a scale of 1, 2, 5 that is not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least * 0.999) ?? 10);
}

/** Values of the ticks of a scale that is `length` px long, at least `room` px apart. */
export function ticksOf(scale: Scale, length: number, room: number, of: 'time' | 'number'): number[] {
  const most = Math.max(Math.floor(length / room), 1);
  if (scale.kind === 'log') {
    const round = of === 'time' ? TIMES : Array.from({ length: 10 }, (_unused, power) => 10 ** power);
    const within = round.filter((value) => value >= scale.min * 0.999 && value <= scale.max * 1.001);
    // A short axis has few powers on it: numbers between them help.
    const all = within.length < 3 ? [...new Set(round.flatMap((value) => [value, 2 * value, 5 * value]))].filter((value) => value >= scale.min * 0.999 && value <= scale.max * 1.001) : within;
    let last = Number.NEGATIVE_INFINITY;
    return all.sort((a, b) => a - b).filter((value) => {
      const place = Math.abs(scale.place(value) - scale.place(scale.min));
      if (place - last < room) return false;
      last = place;
      return true;
    });
  }
  const [, ms] = of === 'time' ? unitOf(scale.max) : (['', 1] as const);
  const step = Math.max(roundStep((scale.max - scale.min) / most / ms) * ms, of === 'number' ? 1 : 0);
  return Array.from({ length: Math.floor((scale.max - scale.min) / step) + 1 }, (_unused, index) => index * step + (scale.min === 0 ? 0 : Math.ceil(scale.min / step) * step)).filter((value) => value <= scale.max);
}
