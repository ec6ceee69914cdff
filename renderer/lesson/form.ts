// The draft of a lab's parameters, or of an action's arguments: what is typed, and what is wrong with it. The manifest is the schema;
// the engine checks again.

import { never } from '../../shared/base/assert';
import type { Lesson } from '../../shared/lab/lesson';
import type { ActionSpec, LabManifest, Parameter, ParameterValue, ParameterValues } from '../../shared/lab/manifest';

export const defaultsOf = (parameters: readonly Parameter[]): ParameterValues => Object.fromEntries(parameters.map((parameter) => [parameter.id, parameter.value]));

/** What is wrong with a value, as a message key with its numbers; null: nothing. */
export interface Complaint {
  readonly key: 'lesson.invalid.integer' | 'lesson.invalid.length' | 'lesson.invalid.text';
  readonly named: Readonly<Record<string, number>>;
}

export function complaintOf(parameter: Parameter, value: ParameterValue | undefined): Complaint | null {
  switch (parameter.type) {
    case 'integer': {
      const max = parameter.windowMax ?? parameter.max;
      const fits = typeof value === 'number' && Number.isInteger(value) && value >= parameter.min && value <= max;
      return fits ? null : { key: 'lesson.invalid.integer', named: { min: parameter.min, max } };
    }
    case 'text':
      if (typeof value !== 'string' || value.length > parameter.maxLength) return { key: 'lesson.invalid.length', named: { max: parameter.maxLength } };
      return /\p{Surrogate}/u.test(value) ? { key: 'lesson.invalid.text', named: {} } : null;
    case 'choice':
    case 'boolean':
      return null;
    default:
      return never(parameter);
  }
}

/**
 * Names of the choices of an action's argument: its own ones, else those of the parameter with the same choices, else the roles' (a server
 * to stop is a role). What has no name keeps its id.
 */
export function choiceNames(manifest: LabManifest, lesson: Lesson, action: ActionSpec, argument: Parameter): ReadonlyMap<string, string> {
  if (argument.type !== 'choice') return new Map();
  const like = manifest.parameters.find((parameter) => parameter.id === argument.id && parameter.type === 'choice')
    ?? manifest.parameters.find((parameter) => parameter.type === 'choice' && argument.options.every((choice) => parameter.options.includes(choice)));
  const options = like === undefined ? undefined : lesson.parameters.get(like.id)?.options;
  return new Map(argument.options.map((choice) => [choice, lesson.actions.get(action.id)?.arguments.get(`${argument.id}.${choice}`) ?? options?.get(choice) ?? lesson.roles.get(choice) ?? choice]));
}

export const isValid = (parameters: readonly Parameter[], values: ParameterValues): boolean =>
  parameters.every((parameter) => complaintOf(parameter, values[parameter.id]) === null);

export const sameValues = (a: ParameterValues, b: ParameterValues): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([id, value]) => b[id] === value);
