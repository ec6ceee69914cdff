// The parameters of a run: the given values checked against what the lab says of them, and told by type.

import { must } from '../../shared/base/assert';
import type { Parameter, ParameterValue, ParameterValues } from '../../shared/lab/manifest';
import { checkParams } from '../../shared/lab/params';
import type { Lab, LabContext } from '../roles/lab';
import { EngineError } from './engineError';

/** The lab's parameters with the given values. Throws EngineError LAB_PARAMETERS, naming each wrong one and what it may be. */
export const labParams = (lab: Lab, given: Readonly<Record<string, unknown>>): ParameterValues =>
  checkedValues(lab.manifest.parameters, given, lab.manifest.id);

export function checkedValues(parameters: readonly Parameter[], given: Readonly<Record<string, unknown>>, where: string): ParameterValues {
  const checked = checkParams(parameters, given);
  if (!checked.ok) throw new EngineError('LAB_PARAMETERS', checked.errors.map((error) => error.message).join('; '), where);
  return checked.value;
}

/** Values by id and type; asking for one that is not there, or is of another type, is a mistake of the lab. */
export function typedValues(params: ParameterValues, lab: string): Pick<LabContext, 'text' | 'number' | 'flag'> {
  const typed = <T extends ParameterValue>(id: string, type: string): T => {
    const found = must(params[id], `parameter ${id} of lab ${lab}`);
    if (typeof found !== type) throw new Error(`parameter ${id} is a ${typeof found}, not a ${type}`);
    return found as T;
  };
  return { text: (id) => typed<string>(id, 'string'), number: (id) => typed<number>(id, 'number'), flag: (id) => typed<boolean>(id, 'boolean') };
}
