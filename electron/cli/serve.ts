// looplab serve: a lab's servers for the user's own programs, until a signal or for a time. Endpoints are printed as soon as they
// listen, events as they happen. Shared on the LAN only with --share (shareLan.ts).

import { eventJson } from '../../shared/trace/eventJson';
import { readOptions, theLab, thePackets, theParameters, theSeconds } from './arguments';
import { SERVE_HELP } from './help';
import { applicationOf, EXIT, UsageError, type Io } from './io';
import { record, type Recording } from './recording';
import { shareLan } from './shareLan';

const OPTIONS = {
  set: { type: 'string', multiple: true },
  for: { type: 'string' },
  share: { type: 'string' },
  public: { type: 'boolean' },
  record: { type: 'string' },
  keys: { type: 'boolean' },
  packets: { type: 'string' },
  capture: { type: 'boolean' },
  json: { type: 'boolean' },
  payload: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function serve(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  if (values.help === true) {
    await io.out(SERVE_HELP);
    return EXIT.reached;
  }
  if (values.payload === true && values.json !== true) throw new UsageError('--payload needs --json');
  if (values.public === true && values.share === undefined) throw new UsageError('--public needs --share');
  if (values.keys === true && values.record === undefined) throw new UsageError('--keys needs --record');
  if (values.packets !== undefined && values.record === undefined) throw new UsageError('--packets needs --record');
  const packets = thePackets(values.packets);
  const time = values.for === undefined ? null : theSeconds('for', values.for);
  const found = theLab(io.labs(), positionals);
  const params = theParameters(found, values.set ?? []);

  const lan = values.share === undefined ? null : shareLan(io, found, values.share, values.public === true);

  const told = new Set<string>();
  let failure: string | null = null;
  let printed = 0;
  let over: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (over = resolve));
  let shared = false;
  let timer = null as NodeJS.Timeout | null;
  const recording: Recording = record(io, {
    ...(lan !== null && { onShare: lan.hear }),
    onFacts: (trace) => {
      if (values.json !== true) return;
      let lines = '';
      while (printed < trace.count) lines += `${JSON.stringify(eventJson(trace, recording.story, printed++, { payload: values.payload === true }))}\n`;
      void io.out(lines);
    },
    onState: (now) => {
      const { state, endpoints, error } = now;
      for (const { role, protocol, address, port } of endpoints) {
        const line = JSON.stringify({ role, protocol, address, port });
        if (told.has(line)) continue;
        told.add(line);
        void io.out(`${line}\n`);
      }
      if (error !== null) failure = error.message;
      if (now.recording?.error) failure ??= now.recording.error.message;
      // Getting there may take a busy machine longer than that.
      if (state === 'open' && time !== null) timer ??= setTimeout(stop, time);
      if (state === 'open' && lan !== null && !shared) {
        shared = true;
        lan.begin(recording.engine, now).catch((error: unknown) => {
          failure = error instanceof Error ? error.message : String(error);
          stop();
        });
      }
      if (state === 'open' && endpoints.length === 0) io.err('looplab: with these parameters no server of the lab listens\n');
      if (state === 'stopped' || state === 'failed') over();
    },
  });
  const { run } = await recording.engine.start(found.lab.manifest.id, params, {
    mode: 'serve', capture: values.capture === true, ...(values.record !== undefined && { record: { path: values.record, application: await applicationOf(io), packets, keys: values.keys === true } }),
  });
  const stop = (): void => void recording.engine.stop(run);
  // Without a server nothing else keeps the process: it was asked to stay.
  const stay = setInterval(() => undefined, 2 ** 30);
  io.signal.addEventListener('abort', stop, { once: true });
  if (io.signal.aborted) stop();
  await ended;
  io.signal.removeEventListener('abort', stop);
  if (timer !== null) clearTimeout(timer);
  clearInterval(stay);
  await recording.engine.dispose();
  await io.out('');
  if (failure === null) return EXIT.reached;
  io.err(`looplab: ${failure}\n`);
  return EXIT.failed;
}
