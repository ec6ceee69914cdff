// looplab compare: runs a lab twice, with other parameters or faults the second time, and prints both side by side with what differs.

import { compareRuns } from '../../shared/trace/compare/compareRuns';
import { compareText } from '../../shared/trace/compare/compareText';
import { readOptions, theLab, theParameters, theSeconds } from './arguments';
import { theFaults } from './faults';
import { COMPARE_HELP } from './help';
import { EXIT, UsageError, type Io } from './io';
import { play } from './run';

const OPTIONS = {
  set: { type: 'string', multiple: true },
  fault: { type: 'string', multiple: true },
  with: { type: 'string', multiple: true },
  'with-fault': { type: 'string', multiple: true },
  brief: { type: 'boolean' },
  timeout: { type: 'string', default: '60' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Columns of the text: two ladders need room. */
const WIDTH = 128;

export async function compare(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  if (values.help === true) {
    await io.out(COMPARE_HELP);
    return EXIT.reached;
  }
  const { set = [], fault = [], with: other = [], 'with-fault': otherFault = [] } = values;
  if (other.length === 0 && otherFault.length === 0) throw new UsageError('compare needs --with or --with-fault: what is other in the second run');
  const timeout = theSeconds('timeout', values.timeout);
  const found = theLab(io.labs(), positionals);
  const { id } = found.lab.manifest;
  // Both are read before anything runs.
  const plans = [
    { params: theParameters(found, set), relays: theFaults(found, fault) },
    { params: theParameters(found, [...set, ...other]), relays: theFaults(found, [...fault, ...otherFault]) },
  ];
  const runs = [];
  for (const { params, relays } of plans) {
    const { recording, failure } = await play(io, id, params, { timeout, relays });
    if (io.signal.aborted) return EXIT.interrupted;
    if (failure !== null) io.err(`looplab: ${failure}\n`);
    runs.push({ recording, failure });
  }
  const [a, b] = runs;
  if (a === undefined || b === undefined) return EXIT.failed;
  const name = (texts: readonly string[]): string => (texts.length === 0 ? id : `${id}: ${texts.join(', ')}`);
  await io.out(compareText(a.recording, b.recording, compareRuns(a.recording, b.recording), { names: [name([...set, ...fault]), name([...other, ...otherFault])], width: WIDTH, brief: values.brief === true }));
  return a.failure === null && b.failure === null ? EXIT.reached : EXIT.failed;
}
