import { afterEach, expect, it } from 'vitest';
import { formatDuration, secondsText, writeNumbersAs } from './numbers';

afterEach(() => writeNumbersAs('en'));

it('writes times with the decimal mark of the language', () => {
  const said = (): string[] => [formatDuration(12_345).replace('\u00a0', ' '), formatDuration(7), secondsText(61_000_000_001, 9), secondsText(-1_500_000, 6)];
  expect(said()).toEqual(['12.3 ms', '7.00\u00a0µs', '61.000000001', '−0.001500']);
  writeNumbersAs('ru');
  expect(said()).toEqual(['12,3 ms', '7,00\u00a0µs', '61,000000001', '−0,001500']);
  writeNumbersAs('ko');
  expect(said()[0]).toBe('12.3 ms');
});
