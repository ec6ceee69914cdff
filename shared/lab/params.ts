// Checks the values that somebody gives for a lab's parameters (or an action's arguments) against its manifest, and fills in the
// defaults. Used where values come in: the engine, the command line, the page's form. Knows nothing of the labs themselves.

import { never } from '../base/assert';
import type { Parameter, ParameterValue, ParameterValues } from './manifest';

/** What is wrong with one value; `message` names the parameter and what it may be. */
export interface ParameterError {
  /** As it was given; for an unknown parameter: the name that is not known. */
  readonly parameter: string;
  readonly code: 'unknown' | 'type' | 'range' | 'length' | 'choice' | 'text';
  readonly message: string;
}

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly ParameterError[] };

/** Longest piece of a wrong value that an error message repeats. */
const QUOTE = 40;

/** What a parameter may be, in words: `an integer from 1 to 8`, `one of early | half`. */
export function describeParameter(parameter: Parameter): string {
  switch (parameter.type) {
    case 'choice': return `one of ${parameter.options.join(' | ')}`;
    case 'integer': return `an integer from ${parameter.min} to ${parameter.max}${parameter.unit === undefined ? '' : ` (${parameter.unit})`}`;
    case 'text': return `a text of at most ${parameter.maxLength} characters`;
    case 'boolean': return 'true or false';
    default: return never(parameter);
  }
}

/**
 * All parameters with their values: those given (own properties only), else their defaults. Reports every error at once.
 * Nothing is coerced: a number as text is an error (parseAssignments turns text into values).
 */
export function checkParams(parameters: readonly Parameter[], given: Readonly<Record<string, unknown>>): Checked<ParameterValues> {
  const errors: ParameterError[] = [];
  const known = new Set(parameters.map((parameter) => parameter.id));
  for (const name of Object.keys(given)) {
    if (!known.has(name)) errors.push(unknownParameter(parameters, name));
  }
  const values: Record<string, ParameterValue> = {};
  for (const parameter of parameters) {
    const checked = Object.hasOwn(given, parameter.id) ? checkValue(parameter, given[parameter.id]) : parameter.value;
    if (typeof checked === 'object') errors.push(checked);
    else values[parameter.id] = checked;
  }
  return errors.length === 0 ? { ok: true, value: values } : { ok: false, errors };
}

/** Reads `name=value` texts, as a command line gives them; the later of two for one name wins. Values are not yet checked. */
export function parseAssignments(parameters: readonly Parameter[], texts: readonly string[]): Checked<Readonly<Record<string, unknown>>> {
  const errors: ParameterError[] = [];
  const values: [string, unknown][] = [];
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals < 1) {
      errors.push({ parameter: text, code: 'type', message: `${quote(text)} is not of the form name=value` });
      continue;
    }
    const name = text.slice(0, equals);
    const parameter = parameters.find((one) => one.id === name);
    if (parameter === undefined) errors.push(unknownParameter(parameters, name));
    else values.push([name, valueOfText(parameter, text.slice(equals + 1))]);
  }
  return errors.length === 0 ? { ok: true, value: Object.fromEntries(values) } : { ok: false, errors };
}

function checkValue(parameter: Parameter, given: unknown): ParameterValue | ParameterError {
  const fail = (code: ParameterError['code']): ParameterError => ({
    parameter: parameter.id, code, message: `${parameter.id} must be ${describeParameter(parameter)}, not ${quote(given)}`,
  });
  switch (parameter.type) {
    case 'choice':
      if (typeof given !== 'string') return fail('type');
      return parameter.options.includes(given) ? given : fail('choice');
    case 'integer':
      if (typeof given !== 'number' || !Number.isInteger(given)) return fail('type');
      // -0 + 0 is 0: a negative zero would show as "-0" nowhere, but compare oddly in Object.is.
      return given >= parameter.min && given <= parameter.max ? given + 0 : fail('range');
    case 'text':
      if (typeof given !== 'string') return fail('type');
      if (given.length > parameter.maxLength) return fail('length');
      // A lone surrogate has no UTF-8 form: the program would send other bytes than the text shows.
      return /\p{Surrogate}/u.test(given) ? fail('text') : given;
    case 'boolean':
      return typeof given === 'boolean' ? given : fail('type');
    default:
      return never(parameter);
  }
}

/** The value that a text stands for; a text that stands for none is kept, for checkParams to name. */
function valueOfText(parameter: Parameter, text: string): unknown {
  switch (parameter.type) {
    case 'integer': return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case 'boolean': return text === 'true' ? true : text === 'false' ? false : text;
    case 'choice': case 'text': return text;
    default: return never(parameter);
  }
}

function unknownParameter(parameters: readonly Parameter[], name: string): ParameterError {
  const names = parameters.map((parameter) => parameter.id).join(', ');
  return { parameter: name, code: 'unknown', message: `no parameter ${quote(name)}; ${names === '' ? 'there are none' : `there are: ${names}`}` };
}

/** A value for an error message: short, on one line, whatever it was. */
function quote(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(given.length > QUOTE ? `${given.slice(0, QUOTE)}…` : given);
  if (typeof given === 'number' || typeof given === 'boolean') return String(given);
  return given === null ? 'null' : Array.isArray(given) ? 'a list' : `a value of type ${typeof given}`;
}
