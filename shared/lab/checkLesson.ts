// Do a lab's manifest and its lesson fit? Lists every id that one has and the other lacks. Used by each lab's test; reads no files.

import type { Lesson } from './lesson';
import type { LabManifest, Parameter } from './manifest';

/** 'client-3' -> 'client': roles that a lab starts many times share one name in the lesson. */
export const roleFamily = (role: string): string => role.replace(/-\d+$/, '');

/**
 * What is missing from the lesson and what is left over in it, one sentence each; empty when they fit. `roles` are the ids that
 * the lab's code starts beside those of its endpoints.
 */
export function checkLesson(manifest: LabManifest, lesson: Lesson, roles: readonly string[]): string[] {
  const wrong: string[] = [];
  const same = (what: string, wanted: Iterable<string>, found: Iterable<string>): void => {
    const want = new Set(wanted);
    const have = new Set(found);
    for (const id of want) if (!have.has(id)) wrong.push(`${what} "${id}" has no text`);
    for (const id of have) if (!want.has(id)) wrong.push(`${what} "${id}" is not in the lab`);
  };
  // Members of a family of hosts, and the roles there, may have names of their own: `peer-1` is A.
  const families = manifest.hosts.filter(({ count }) => count !== undefined).map(({ id }) => id);
  const isMember = (id: string): boolean => families.some((family) => id !== family && roleFamily(id) === family);
  same('host', ids(manifest.hosts), [...lesson.hosts.keys()].filter((id) => !isMember(id)));
  same('role', [...manifest.endpoints.map((endpoint) => endpoint.role), ...roles].map(roleFamily), [...lesson.roles.keys()].filter((id) => !isMember(id)));
  same('step', ids(manifest.steps), lesson.steps.keys());
  same('predict', ids(manifest.predictions), lesson.predictions.keys());
  for (const prediction of manifest.predictions) {
    same(`predict "${prediction.id}" option`, ids(prediction.options), lesson.predictions.get(prediction.id)?.options.keys() ?? []);
  }
  same('parameter', ids(manifest.parameters), lesson.parameters.keys());
  for (const parameter of manifest.parameters) {
    same(`parameter "${parameter.id}" option`, choices(parameter), lesson.parameters.get(parameter.id)?.options.keys() ?? []);
  }
  same('action', ids(manifest.actions), lesson.actions.keys());
  for (const action of manifest.actions) {
    // The choices of an argument may have names too, as `argument.choice`; without one a choice is shown as it is.
    const named = action.arguments.flatMap((argument) => choices(argument).map((choice) => `${argument.id}.${choice}`));
    const found = [...(lesson.actions.get(action.id)?.arguments.keys() ?? [])].filter((id) => !named.includes(id));
    same(`action "${action.id}" argument`, ids(action.arguments), found);
  }
  same('try', ids(manifest.tryIt), lesson.tryIt.keys());
  for (const { id, only = {} } of manifest.steps) {
    for (const [name, values] of Object.entries(only)) {
      const parameter = manifest.parameters.find((one) => one.id === name);
      const odd = parameter?.type === 'choice' ? values.filter((value) => !parameter.options.some((option) => option === value)) : [];
      if (parameter === undefined || odd.length > 0) wrong.push(`step "${id}" is for ${name}${odd.length > 0 ? ` = ${odd.join(', ')}` : ''}, which is not in the lab`);
    }
  }
  for (const step of manifest.steps) {
    if (step.predict !== undefined && !ids(manifest.predictions).includes(step.predict)) wrong.push(`step "${step.id}" asks unknown "${step.predict}"`);
  }
  return wrong;
}

const ids = (all: readonly { readonly id: string }[]): string[] => all.map((one) => one.id);
const choices = (parameter: Parameter): readonly string[] => (parameter.type === 'choice' ? parameter.options : []);
