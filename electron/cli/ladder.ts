// looplab ladder: what happened in a run that was saved or recorded, or between the ends of a capture of other programs, as a ladder or as events.
// Nothing is opened on the network for it. A damaged or cut file is told up to there.

import { kindOfFile } from '../files/fileHead';
import { StoryBuilder } from '../../shared/trace/fold';
import { TraceStore } from '../../shared/trace/store';
import { textLadder } from '../../shared/trace/textLadder';
import { readRunFile } from '../runtime/runFile/readRunFile';
import { namesWanted, readDecodeAs, readOptions, theFile } from './arguments';
import { ladderOfCapture } from './captureLadder';
import { eventLines, inBlocks } from './eventLines';
import { LADDER_HELP } from './helpFiles';
import { withCapture } from './indexedCapture';
import { EXIT, UsageError, type Io } from './io';

const OPTIONS = {
  json: { type: 'boolean' }, payload: { type: 'boolean' }, keys: { type: 'string' }, 'decode-as': { type: 'string', short: 'd', multiple: true }, names: { type: 'string', short: 'N' }, help: { type: 'boolean', short: 'h' },
} as const;

export async function ladder(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  if (values.help === true) {
    await io.out(LADDER_HELP);
    return EXIT.reached;
  }
  const path = theFile(positionals);
  if (values.payload === true && values.json !== true) throw new UsageError('--payload needs --json');
  const decodeAs = readDecodeAs(values['decode-as'] ?? []);
  const names = namesWanted(values.names);
  const wanted = { json: values.json === true, payload: values.payload === true };
  if ((await kindOfFile(path)) !== 'run') return withCapture(path, values.keys, io, (capture) => ladderOfCapture(capture, { ...wanted, decodeAs, names }, io));
  const option = [['--keys', values.keys], ['-d', values['decode-as']], ['-N', values.names]].find(([, given]) => given !== undefined);
  if (option !== undefined) throw new UsageError(`${String(option[0])} is for captures of other programs, and ${path} is a run: it knows its own`);
  return ladderOfRun(path, wanted, io);
}

async function ladderOfRun(path: string, { json, payload }: { readonly json: boolean; readonly payload: boolean }, io: Io): Promise<number> {
  const trace = new TraceStore();
  const builder = new StoryBuilder(trace);
  const { damage } = await readRunFile(path, (batch) => {
    trace.append(batch);
    builder.advance();
  });
  const { story } = builder;
  if (json) for (const lines of inBlocks(eventLines({ trace, story }, payload))) await io.out(lines);
  else await io.out(textLadder(story, trace));
  if (damage === null) return EXIT.reached;
  io.err(`looplab: ${path} is not whole: ${damage.why}, at byte ${damage.offset}\n`);
  return EXIT.failed;
}
