import { afterEach, expect, it } from 'vitest';
import { formatDuration, marked, secondsText, spanText, tickText, writeNumbersAs } from './numbers';

afterEach(() => writeNumbersAs('en'));

it('writes times with the decimal mark of the language', () => {
  const said = (): string[] => [formatDuration(12_345).replace('\u00a0', ' '), formatDuration(7), secondsText(61_000_000_001, 9), secondsText(-1_500_000, 6)];
  expect(said()).toEqual(['12.3 ms', '7.00\u00a0µs', '61.000000001', '−0.001500']);
  writeNumbersAs('ru');
  expect(said()).toEqual(['12,3 ms', '7,00\u00a0µs', '61,000000001', '−0,001500']);
  writeNumbersAs('ko');
  expect(said()[0]).toBe('12.3 ms');
});

it('writes spans of captures as durations of runs, from nanoseconds to days', () => {
  const plain = (texts: readonly string[]): string[] => texts.map((text) => text.replace('\u00a0', ' '));
  const spans = [0, 12, 999, 3_400, 2.5e6, 47e6, 1.5e9, 59.96e9, 90e9, 5400e9, 3e14];
  expect(plain(spans.map(spanText))).toEqual(['0 µs', '12 ns', '999 ns', '3.40 µs', '2.50 ms', '47.0 ms', '1.50 s', '60.0 s', '1.50 min', '1.50 h', '3.47 d']);
  expect(spanText(47e6)).toBe(formatDuration(47_000));
  expect(plain([0, 5e6, 2.5e9, 250, 600e9].map(tickText))).toEqual(['0', '5 ms', '2.5 s', '250 ns', '10 min']);
  writeNumbersAs('ru');
  expect(plain([spanText(2.5e6), tickText(2.5e9), marked('1.5 KiB')])).toEqual(['2,50 ms', '2,5 s', '1,5 KiB']);
});
