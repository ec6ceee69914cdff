import { expect, it } from 'vitest';
import { decode } from '../text';
import { isoTime } from './daytimeServer';
import { LINE_BYTES, messages } from './message';

it('messages are lines of 32 bytes, told apart by their number', () => {
  const lines = messages(1000);
  expect(lines.every((line) => line.length === LINE_BYTES && line.at(-1) === 0x0a)).toBe(true);
  expect(new Set(lines.map(decode)).size).toBe(1000);
  expect(decode(messages(3)[0] ?? new Uint8Array())).toBe('GET READY: line 1 of 3.........\n');
});

it('writes local time as Python does: ISO 8601 without a zone', () => {
  expect(isoTime(new Date(2025, 2, 1, 10, 20, 30, 456))).toBe('2025-03-01T10:20:30.456');
});
