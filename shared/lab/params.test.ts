import { describe, expect, it } from 'vitest';
import type { Parameter } from './manifest';
import { checkParams, describeParameter, parseAssignments } from './params';

const PARAMETERS: readonly Parameter[] = [
  { type: 'choice', id: 'client', options: ['early', 'half'], value: 'half' },
  { type: 'integer', id: 'clients', min: 1, max: 8, value: 2 },
  { type: 'text', id: 'line', maxLength: 12, value: 'hello' },
  { type: 'boolean', id: 'slow', value: false },
  { type: 'integer', id: 'delay', min: -5, max: 500, value: 0, unit: 'ms' },
];

const errorsOf = (given: Readonly<Record<string, unknown>>): readonly string[] => {
  const checked = checkParams(PARAMETERS, given);
  return checked.ok ? [] : checked.errors.map((error) => `${error.code}: ${error.message}`);
};

describe('checkParams', () => {
  it('fills in what is not given', () => {
    expect(checkParams(PARAMETERS, { clients: 5 })).toEqual({ ok: true, value: { client: 'half', clients: 5, line: 'hello', slow: false, delay: 0 } });
  });

  it('names the parameter and its range', () => {
    expect(errorsOf({ clients: 9 })).toEqual(['range: clients must be an integer from 1 to 8, not 9']);
    expect(errorsOf({ delay: 501 })).toEqual(['range: delay must be an integer from -5 to 500 (ms), not 501']);
    expect(errorsOf({ client: 'late' })).toEqual(['choice: client must be one of early | half, not "late"']);
    expect(errorsOf({ line: 'x'.repeat(13) })).toEqual(['length: line must be a text of at most 12 characters, not "xxxxxxxxxxxxx"']);
    expect(errorsOf({ slow: 1 })).toEqual(['type: slow must be true or false, not 1']);
  });

  it('lists what exists when a name is unknown, and reports all errors at once', () => {
    expect(errorsOf({ port: 7, clients: 0 })).toEqual([
      'unknown: no parameter "port"; there are: client, clients, line, slow, delay',
      'range: clients must be an integer from 1 to 8, not 0',
    ]);
    expect(checkParams([], { x: 1 })).toMatchObject({ ok: false, errors: [{ message: 'no parameter "x"; there are none' }] });
  });

  it('coerces nothing', () => {
    for (const value of ['3', 3.5, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, [3], { valueOf: () => 3 }, 3n, true]) {
      expect(errorsOf({ clients: value }), String(value)).toHaveLength(1);
    }
    expect(errorsOf({ line: 7 })).toHaveLength(1);
    expect(errorsOf({ client: ['early'] })).toHaveLength(1);
  });

  it('makes one zero of two', () => {
    const checked = checkParams(PARAMETERS, { delay: -0 });
    expect(checked.ok && Object.is(checked.value['delay'], 0)).toBe(true);
  });

  it('treats names of object properties as any other unknown name, and reads own properties only', () => {
    expect(errorsOf(JSON.parse('{"__proto__": 1, "constructor": 2}') as Record<string, unknown>)).toEqual([
      'unknown: no parameter "__proto__"; there are: client, clients, line, slow, delay',
      'unknown: no parameter "constructor"; there are: client, clients, line, slow, delay',
    ]);
    const inherited = Object.create({ clients: 99 }) as Record<string, unknown>;
    expect(errorsOf(inherited)).toEqual([]);
  });

  it('refuses text that has no UTF-8 form', () => {
    expect(errorsOf({ line: 'a\ud800b' })).toHaveLength(1);
    expect(errorsOf({ line: 'a\u{1f600}b' })).toEqual([]);
  });

  it('keeps its messages short and on one line, whatever was given', () => {
    const [message] = errorsOf({ line: `${'\n'.repeat(5)}${'x'.repeat(100_000)}` });
    expect(message?.length).toBeLessThan(150);
    expect(message).not.toContain('\n');
  });
});

describe('parseAssignments', () => {
  const parse = (...texts: string[]) => parseAssignments(PARAMETERS, texts);

  it('reads each type', () => {
    expect(parse('clients=3', 'slow=true', 'line=a=b', 'delay=-2')).toEqual({ ok: true, value: { clients: 3, slow: true, line: 'a=b', delay: -2 } });
  });

  it('lets the later one win', () => {
    expect(parse('clients=3', 'clients=4')).toEqual({ ok: true, value: { clients: 4 } });
  });

  it('keeps what stands for no value, so that the check names it', () => {
    const parsed = parse('clients=0x3', 'slow=yes', 'delay=');
    const checked = parsed.ok ? checkParams(PARAMETERS, parsed.value) : parsed;
    expect(checked.ok ? [] : checked.errors.map((error) => error.message)).toEqual([
      'clients must be an integer from 1 to 8, not "0x3"',
      'slow must be true or false, not "yes"',
      'delay must be an integer from -5 to 500 (ms), not ""',
    ]);
  });

  it('says when there is no name or no value', () => {
    for (const text of ['clients', '=3', '']) expect(parse(text)).toMatchObject({ ok: false, errors: [{ code: 'type' }] });
    expect(parse('__proto__=1')).toMatchObject({ ok: false, errors: [{ code: 'unknown' }] });
  });
});

it('describes every type of parameter', () => {
  expect(PARAMETERS.map(describeParameter)).toEqual([
    'one of early | half', 'an integer from 1 to 8', 'a text of at most 12 characters', 'true or false', 'an integer from -5 to 500 (ms)',
  ]);
});
