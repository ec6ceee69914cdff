import { describe, expect, it } from 'vitest';
import { durationParts, formatDuration } from './time';

describe('a duration', () => {
  it.each([
    [0, '0', 'µs'], [0.25, '0.25', 'µs'], [9.994, '9.99', 'µs'], [9.996, '10.0', 'µs'], [12.34, '12.3', 'µs'], [999.4, '999', 'µs'],
    [999.6, '1.00', 'ms'], [1500, '1.50', 'ms'], [23_456, '23.5', 'ms'], [999_600, '1.00', 's'], [61_234_000, '61.2', 's'], [3_600_000_000, '3600', 's'],
    [-1500, '-1.50', 'ms'],
  ])('of %d µs is %s %s', (us, value, unit) => {
    expect(durationParts(us)).toEqual({ value, unit });
  });

  it('keeps number and unit on one line', () => {
    expect(formatDuration(1500)).toBe('1.50\u00a0ms');
  });
});
