// looplab run: a lab's script to its end, then the ladder or the events; perhaps a file. Exit status 0 only if the end was reached.

import { AppBuilder } from '../../shared/trace/app/appBuilder';
import { pcapngBlocks } from '../../shared/trace/export/pcapng';
import { harExchanges, harParts } from '../../shared/trace/har/writeHar';
import type { CaptureState, ReportedError } from '../../shared/ipc/contract';
import { NO_NOTES } from '../../shared/trace/runFile/meta';
import { runFileBlocks } from '../../shared/trace/runFile/write';
import { startedAt } from '../../shared/trace/startedAt';
import { textLadder } from '../../shared/trace/textLadder';
import { OutFile } from '../outFile';
import type { StartOptions } from '../runtime/engine';
import { readOptions, theLab, thePackets, theParameters, theSeconds } from './arguments';
import { decodedBody } from './decoded';
import { eventLines, inBlocks } from './eventLines';
import { theFaults } from './faults';
import { RUN_HELP } from './help';
import { applicationOf, EXIT, UsageError, type Io } from './io';
import { record, type Recording } from './recording';

const OPTIONS = {
  set: { type: 'string', multiple: true },
  fault: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  text: { type: 'boolean' },
  payload: { type: 'boolean' },
  out: { type: 'string' },
  pcapng: { type: 'string' },
  keys: { type: 'boolean' },
  har: { type: 'string' },
  record: { type: 'string' },
  save: { type: 'string' },
  packets: { type: 'string' },
  capture: { type: 'boolean' },
  timeout: { type: 'string', default: '60' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  if (values.help === true) {
    await io.out(RUN_HELP);
    return EXIT.reached;
  }
  if (values.json === true && values.text === true) throw new UsageError('--json and --text exclude each other');
  if (values.payload === true && values.json !== true && values.out === undefined) throw new UsageError('--payload needs --json or --out');
  const isFile = values.pcapng !== undefined || values.record !== undefined || values.save !== undefined;
  if (values.keys === true && !isFile) throw new UsageError('--keys needs --pcapng, --save or --record');
  if (values.packets !== undefined && !isFile) throw new UsageError('--packets needs --pcapng, --save or --record');
  const which = thePackets(values.packets);
  const timeout = theSeconds('timeout', values.timeout);
  const found = theLab(io.labs(), positionals);
  const params = theParameters(found, values.set ?? []);
  const relays = theFaults(found, values.fault ?? []);
  const file = values.out === undefined ? null : await OutFile.open(values.out);
  const packets = values.pcapng === undefined ? null : await OutFile.open(values.pcapng);
  const exchanges = values.har === undefined ? null : await OutFile.open(values.har);
  const whole = values.save === undefined ? null : await OutFile.open(values.save);
  const application = await applicationOf(io);
  const keys = values.keys === true;
  try {
    const payload = values.payload === true;
    const { recording, failure } = await play(io, found.lab.manifest.id, params, {
      timeout, relays, capture: values.capture === true, ...(values.record !== undefined && { record: { path: values.record, application, packets: which, keys } }),
    });
    const outcome = recording.story.lab?.outcome ?? 'failed';
    if (values.json === true) for (const lines of inBlocks(eventLines(recording, payload))) await io.out(lines);
    else await io.out(textLadder(recording.story, recording.trace));
    await file?.save(runFile(recording, payload));
    await packets?.save(pcapngBlocks(recording.story, recording.trace, { application, keys, packets: which }));
    await whole?.save(runFileBlocks({ story: recording.story, trace: recording.trace, notes: NO_NOTES }, { format: 'looplab-run', application, lab: found.lab.manifest.id, order: 'saved', packets: which, keys }));
    if (exchanges !== null) await exchanges.save(harFile(recording, await io.version(), io));
    if (failure !== null) io.err(`looplab: ${failure}\n`);
    if (outcome === 'reached' && failure === null) return EXIT.reached;
    if (outcome !== 'stopped') return EXIT.failed;
    io.err('looplab: interrupted before the lab reached its end\n');
    return EXIT.interrupted;
  } finally {
    await file?.discard();
    await packets?.discard();
    await exchanges?.discard();
    await whole?.discard();
  }
}

/** Runs the script; resolves when everything is closed again, with the reason when the run failed. */
export async function play(io: Io, lab: string, params: Readonly<Record<string, unknown>>, options: StartOptions): Promise<{ recording: Recording; failure: string | null }> {
  let failure: string | null = null;
  let capture: CaptureState | null = null;
  let lost: ReportedError | null = null;
  let over: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => (over = resolve));
  const recording = record(io, {
    onState: (state) => {
      if (state.error !== null) failure = state.error.message;
      capture = state.capture ?? capture;
      lost = state.recording?.error ?? lost;
      if (state.state === 'open' || state.state === 'stopped' || state.state === 'failed') over();
    },
  });
  const { run: id } = await recording.engine.start(lab, params, options);
  const stop = (): void => void recording.engine.stop(id);
  io.signal.addEventListener('abort', stop, { once: true });
  if (io.signal.aborted) stop();
  await settled;
  io.signal.removeEventListener('abort', stop);
  await recording.engine.dispose();
  const lack = lackOf(capture);
  if (lack !== '') io.err(`looplab: ${lack}\n`);
  if (lost !== null) failure ??= (lost as ReportedError).message;
  return { recording, failure };
}

/** What is missing of the kernel's packets, where they were asked for. */
function lackOf(capture: CaptureState | null): string {
  if (capture === null) return '';
  if (capture.error !== null) return `the kernel's packets were not recorded: ${capture.error.message}`;
  return capture.missed > 0 ? `${capture.missed} of the kernel's packets are missing` : '';
}

/** The parts of the run's HAR. A run without HTTP has an empty one, and says so. */
function harFile({ story, trace }: Recording, version: string, io: Io): Iterable<string> {
  const builder = new AppBuilder(trace, story);
  builder.advance();
  if (harExchanges(builder.app).length === 0) io.err('looplab: the run has no HTTP exchange; the HAR is empty\n');
  return harParts(builder.app, story, { creator: { name: 'Looplab', version }, origin: startedAt(trace), decoded: (_exchange, _side, bytes, coding) => decodedBody(bytes, coding) });
}

/** {"format": "looplab-run", "version": 1, "lab", "params", "outcome", "err", "events": [...]}, one event a line. */
function* runFile(recording: Recording, payload: boolean): Generator<string> {
  const lab = recording.story.lab;
  const head = { format: 'looplab-run', version: 1, lab: lab?.id ?? '', params: lab?.params ?? {}, outcome: lab?.outcome ?? 'failed', err: lab?.err ?? '' };
  yield `${JSON.stringify(head).slice(0, -1)},"events":[\n`;
  let first = true;
  for (const line of eventLines(recording, payload)) {
    yield first ? line : `,\n${line}`;
    first = false;
  }
  yield '\n]}\n';
}
