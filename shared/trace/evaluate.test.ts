import { describe, expect, it } from 'vitest';
import { evaluate, findMatch, quantity } from './evaluate';
import { scenario } from './fixture';
import { connectRefused, echoClosesEarly, udpUppercase } from './fixtureScenes';
import type { Condition, Matcher, Quantity } from './match';

const echo = echoClosesEarly().told();
const holds = (condition: Condition): boolean => evaluate(condition, echo.story, echo.trace);
const find = (matcher: Matcher): number | null => findMatch(matcher, echo.story, echo.trace);
/** The fact kind or segment kind at the moment that was found. */
const foundKind = (matcher: Matcher): string | null => {
  const index = find(matcher);
  if (index === null) return null;
  const moment = echo.story.moments.at(index);
  return moment.seq !== null ? echo.trace.kind(moment.seq) : echo.story.segments.at(moment.segment ?? -1).kind;
};

describe('a matcher', () => {
  it('finds the first fact of its kind, or the nth', () => {
    expect(foundKind({ fact: 'connection.accepted' })).toBe('connection.accepted');
    const first = find({ fact: 'bytes.sent', role: 'client' });
    const third = find({ fact: 'bytes.sent', role: 'client', nth: 3 });
    expect([first, third].map((index) => echo.story.moments.at(index ?? -1).segment).map((id) => echo.story.segments.at(id ?? -1).offset)).toEqual([0, 18]);
    expect(find({ fact: 'bytes.sent', role: 'client', nth: 4 })).toBe(null);
  });

  it('finds segments, seen and inferred, in the order of the picture', () => {
    expect(foundKind({ segment: 'syn' })).toBe('syn');
    expect(foundKind({ segment: 'data', role: 'server', to: 'client' })).toBe('bytes.sent');
    expect(find({ segment: 'rst', role: 'server' })).toBe(null);
    expect(foundKind({ segment: 'rst', role: 'client', to: 'server' })).toBe('rst');
  });

  it('asks for errors: none, any, or one', () => {
    const failed = (err: string): boolean => find({ fact: 'call.failed', err }) !== null;
    expect([failed('ECONNRESET'), failed('*'), failed('EPIPE'), failed('')]).toEqual([true, true, false, false]);
  });

  it('takes role ids by their beginning', () => {
    const s = scenario();
    for (const id of ['client-1', 'client-2', 'clock']) s.role(id, '127.0.0.9', 'client').print(id);
    const { story, trace } = s.told();
    const count = (role: string): number => quantity({ count: { fact: 'role.printed', role } }, story, trace);
    expect([count('client*'), count('client-2'), count('cl*'), count('*'), count('client')]).toEqual([2, 1, 3, 3, 0]);
  });

  it('looks into a text', () => {
    const s = scenario();
    s.role('client', '127.0.0.9', 'client').print('time is 12:00');
    s.action('kill-server');
    const { story, trace } = s.told();
    expect(evaluate({ exists: { fact: 'role.printed', text: '12:00' } }, story, trace)).toBe(true);
    expect(evaluate({ exists: { fact: 'action.taken', text: '"kill-server"' } }, story, trace)).toBe(true);
    expect(evaluate({ exists: { fact: 'role.printed', text: 'date' } }, story, trace)).toBe(false);
  });
});

describe('a condition', () => {
  it('compares counts and bytes', () => {
    const sent: Matcher = { fact: 'bytes.sent', role: 'client' };
    const read: Matcher = { fact: 'bytes.received', role: 'client' };
    expect(quantity({ bytes: sent }, echo.story, echo.trace)).toBe(21);
    expect(quantity({ count: sent }, echo.story, echo.trace)).toBe(3);
    expect(quantity({ bytes: { segment: 'data' } }, echo.story, echo.trace)).toBe(42);
    expect(holds({ compare: '<', left: { bytes: read }, right: { bytes: sent } })).toBe(true);
    expect(holds({ compare: '=', left: { count: sent }, right: 3 })).toBe(true);
    expect((['<', '<=', '=', '!=', '>=', '>'] as const).map((compare) => holds({ compare, left: 2, right: 2 }))).toEqual([false, true, true, false, true, false]);
  });

  it('does not count the bytes of a call that failed', () => {
    const s = scenario();
    s.role('client', '127.0.0.9', 'client').udp().send(new Uint8Array(70_000), { address: '127.0.0.1', port: 9 });
    const { story, trace } = s.told();
    expect(quantity({ bytes: { fact: 'datagram.sent' } }, story, trace)).toBe(0);
    expect(quantity({ count: { fact: 'datagram.sent', err: 'EMSGSIZE' } }, story, trace)).toBe(1);
  });

  it('compares numbers that facts tell, and multiples of them', () => {
    const s = scenario();
    const role = s.role('conductor', '127.0.0.9', 'client');
    for (const [receivers, ms] of [[1, 130.5], [10, 1300]] as const) role.note({ topic: 'dist.end', way: 'server', receivers, ms, why: [] });
    const { story, trace } = s.told();
    const ms = (receivers: number): Quantity => ({ number: 'ms', of: { fact: 'role.noted', text: `"receivers":${receivers},` } });
    expect(quantity(ms(1), story, trace)).toBe(130.5);
    expect(quantity({ number: 'ms', of: { fact: 'role.noted', nth: 2 } }, story, trace)).toBe(1300);
    expect(evaluate({ compare: '>=', left: ms(10), right: { times: 9, what: ms(1) } }, story, trace)).toBe(true);
    expect(evaluate({ compare: '>=', left: ms(10), right: { times: 10, what: ms(1) } }, story, trace)).toBe(false);
    // What nobody told is in no comparison, whichever it is.
    for (const compare of ['<', '<=', '=', '!=', '>=', '>'] as const) expect(evaluate({ compare, left: ms(20), right: 0 }, story, trace)).toBe(false);
    for (const name of ['way', 'why', 'toString', 'lacking']) expect(quantity({ number: name, of: { fact: 'role.noted' } }, story, trace)).toBeNaN();
    expect(quantity({ number: 'ms', of: { segment: 'data' } }, story, trace)).toBeNaN();
  });

  it('knows before and after', () => {
    expect(holds({ before: [{ segment: 'syn' }, { fact: 'connection.accepted' }] })).toBe(true);
    expect(holds({ before: [{ fact: 'connection.accepted' }, { segment: 'syn' }] })).toBe(false);
    expect(holds({ before: [{ segment: 'syn' }, { fact: 'datagram.sent' }] })).toBe(false);
  });

  it('joins and denies', () => {
    const yes: Condition = { always: true };
    const no: Condition = { not: yes };
    expect([holds({ all: [yes, yes] }), holds({ all: [yes, no] }), holds({ any: [no, yes] }), holds({ any: [] }), holds({ all: [] })]).toEqual([true, false, true, false, true]);
  });

  it('holds of a run that failed as of one that did not', () => {
    const refused = connectRefused().told();
    expect(evaluate({ exists: { fact: 'connect.ended', err: 'ECONNREFUSED' } }, refused.story, refused.trace)).toBe(true);
    const udp = udpUppercase().told();
    expect(evaluate({ compare: '>', left: { count: { segment: 'datagram', role: 'client' } }, right: { count: { fact: 'datagram.received', role: 'server' } } }, udp.story, udp.trace)).toBe(true);
  });
});
