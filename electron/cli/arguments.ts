// Reads command lines: options by node:util parseArgs, the lab and its parameters against what exists. Every mistake is a UsageError
// that names what would be right.

import { parseArgs, type ParseArgsConfig } from 'node:util';
import { describeParameter, checkParams, parseAssignments } from '../../shared/lab/params';
import type { ParameterValues } from '../../shared/lab/manifest';
import { runPackets, type RunPackets } from '../../shared/trace/runFile/meta';
import { decodeAsOf, parseDecodeAs, type DecodeAs } from '../../shared/packets/decodeAs';
import type { FoundLab } from '../runtime/discovery';
import { UsageError } from './io';

type Options = NonNullable<ParseArgsConfig['options']>;

/** parseArgs, strict, with positionals; its errors as UsageError. */
export function readOptions<const T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? (thrown.message.split('. ')[0] ?? thrown.message) : String(thrown));
  }
}

/** The one positional argument: the lab's id. */
export function theLab(labs: readonly FoundLab[], positionals: readonly string[]): FoundLab {
  const [id, extra] = positionals;
  const exist = `The labs are:\n${labs.map(({ lab, lessons }) => `  ${lab.manifest.id.padEnd(24)}${lessons.get('en')?.title ?? ''}\n`).join('')}`;
  if (id === undefined) throw new UsageError('which lab?', exist);
  if (extra !== undefined) throw new UsageError(`one lab at a time: ${JSON.stringify(extra)} is one too many`);
  const found = labs.find(({ lab }) => lab.manifest.id === id);
  if (found === undefined) throw new UsageError(`there is no lab ${JSON.stringify(id)}`, exist);
  return found;
}

/** The lab's parameters with the `name=value` texts of --set. */
export function theParameters({ lab }: FoundLab, texts: readonly string[]): ParameterValues {
  const { id, parameters } = lab.manifest;
  const parsed = parseAssignments(parameters, texts);
  const checked = parsed.ok ? checkParams(parameters, parsed.value) : parsed;
  if (checked.ok) return checked.value;
  throw new UsageError(
    checked.errors.map((error) => error.message).join('; '),
    parameters.length === 0 ? `Lab ${id} has no parameters.\n` : `The parameters of ${id} are:\n${describeParameters(lab.manifest.parameters)}`,
  );
}

/** One indented line for each parameter. */
export const describeParameters = (parameters: FoundLab['lab']['manifest']['parameters']): string =>
  parameters.map((one) => `  ${one.id.padEnd(16)}${describeParameter(one)}; default ${JSON.stringify(one.value)}\n`).join('');

/** A time in seconds, as milliseconds. */
export function theSeconds(option: string, text: string): number {
  const seconds = /^\d{1,7}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  // setTimeout holds 2^31 - 1 ms, about 24 days.
  if (seconds <= 0 || seconds > 2_000_000) throw new UsageError(`--${option} must be a time in seconds, more than 0 and at most 2000000, not ${JSON.stringify(text)}`);
  return seconds * 1000;
}

/** The one file that a command reads. Throws UsageError. */
export function theFile([path, extra]: readonly string[]): string {
  if (path === undefined) throw new UsageError('which file?');
  if (extra !== undefined) throw new UsageError(`one file at a time: ${JSON.stringify(extra)} is one too many`);
  return path;
}

/** Which packets a file is to have. */
export function thePackets(text = 'reconstructed'): RunPackets {
  const found = runPackets.options.find((one) => one === text);
  if (found === undefined) throw new UsageError(`--packets must be one of ${runPackets.options.join(', ')}, not ${JSON.stringify(text)}`);
  return found;
}

/** What ports speak, of several '-d tcp.port==8888,http'. Throws UsageError. */
export function readDecodeAs(texts: readonly string[]): DecodeAs {
  return decodeAsOf(texts.flatMap((text) => {
    const choices = parseDecodeAs(text);
    if (typeof choices === 'string') throw new UsageError(choices);
    return choices;
  }));
}

/** Which names of a capture stand for its addresses: those of its DNS answers, those that the file brings. */
export interface NamesWanted {
  readonly dns: boolean;
  readonly file: boolean;
}

/** As tshark's -N, but nobody is ever asked: 'd' from DNS answers in the capture, 'n' from the names that the file brings. Null: none. Throws UsageError. */
export function namesWanted(text: string | undefined): NamesWanted | null {
  if (text === undefined) return null;
  if (!/^[dn]+$/.test(text)) throw new UsageError(`-N takes d (names of DNS answers in the capture) and n (names that the file brings), not ${JSON.stringify(text)}`);
  return { dns: text.includes('d'), file: text.includes('n') };
}
