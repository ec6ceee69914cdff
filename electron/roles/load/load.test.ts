// What a crowd shares: a gate that lets so many through at once, a place to meet, and a tally.
import { describe, expect, it } from 'vitest';
import { createGate, createMeeting } from './crowd';
import { Tally } from './tally';

describe('a gate', () => {
  it('lets so many through at once, and the next when one leaves', async () => {
    const gate = createGate(2);
    const first = await gate();
    await gate();
    let third = false;
    const waits = gate().then((leave) => {
      third = true;
      return leave;
    });
    await Promise.resolve();
    expect(third).toBe(false);
    first();
    first(); // leaves once only
    (await waits)();
    expect(third).toBe(true);
  });
});

it('a meeting begins when the last one comes', async () => {
  const meet = createMeeting(3);
  const order: number[] = [];
  const come = (who: number): Promise<unknown> => meet().then(() => order.push(who));
  const [one, two] = [come(1), come(2)];
  await Promise.resolve();
  expect(order).toEqual([]);
  await Promise.all([one, two, come(3)]);
  expect(order).toEqual([1, 2, 3]);
});

describe('a tally', () => {
  it('says how requests ended, how long answers took, and how many were connected at once', () => {
    const tally = new Tally();
    for (let ms = 1; ms <= 20; ms++) {
      tally.opened();
      tally.ended('ok', ms);
      if (ms > 5) tally.closed();
    }
    tally.ended('timeout', 400);
    expect(tally.text()).toBe('21 requests: 20 ok, 1 timeout; half within 10.0 ms, 95 % within 19.0 ms, the slowest 20.0 ms; 6 connections at once');
    tally.missed('EMFILE: no descriptor is left');
    expect(tally.text()).toMatch(/; 6 connections at once; 1 could not be connected with them: EMFILE: no descriptor is left$/);
    expect(new Tally().text()).toBe('0 requests: ; 0 connections at once');
  });

  it('keeps a fair sample of very many', () => {
    const tally = new Tally();
    for (let at = 0; at < 1_000_000; at++) tally.ended('ok', at < 500_000 ? 1 : 3);
    expect(tally.text()).toMatch(/^1000000 requests: 1000000 ok; half within [13]\.0 ms, 95 % within 3\.0 ms/);
  });
});
