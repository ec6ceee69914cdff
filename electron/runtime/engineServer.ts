// The worker's end of the border: checks each request, lets the engine do it, answers. Beside worker.ts (which only starts it) so
// that a test can run it on any message port.

import type { MessagePort } from 'node:worker_threads';
import * as v from 'valibot';
import { never } from '../../shared/base/assert';
import type { FoundLab } from './discovery';
import { Engine } from './engine';
import { EngineError, reportError } from './engineError';
import { describeIssues, engineRequestSchema, transferOf, type EngineMessage, type EngineRequest } from './messages';

/** Serves an engine on a port until the port closes. */
export function serveEngine(port: Pick<MessagePort, 'on' | 'postMessage'>, labs: readonly FoundLab[], firstRun: number): Engine {
  const send = (message: EngineMessage, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const engine = new Engine(labs, {
    onBatch: (run, batch) => send({ type: 'batch', run, batch: { ...batch, dict: [...batch.dict] } }, transferOf(batch)),
    onState: (state) => send({ type: 'state', state }),
    onShare: (state) => send({ type: 'share', state }),
  }, firstRun);
  port.on('message', (given: unknown) => {
    const request = v.safeParse(engineRequestSchema, given);
    if (!request.success) {
      send({ type: 'error', id: idOf(given), error: reportError(new EngineError('ENGINE_MESSAGE', describeIssues(request.issues), 'engine')) });
      return;
    }
    const { id, name } = request.output;
    perform(engine, request.output).then(
      (value) => send({ type: 'answer', id, ok: true, value }),
      (thrown: unknown) => send({ type: 'error', id, error: reportError(thrown, name) }),
    );
  });
  return engine;
}

async function perform(engine: Engine, request: EngineRequest): Promise<unknown> {
  switch (request.name) {
    case 'start': return engine.start(request.input.lab, request.input.params, { relays: request.input.relays ?? {}, capture: request.input.capture ?? false });
    case 'stop': return engine.stop(request.input.run);
    case 'act': return engine.act(request.input.run, request.input.action, request.input.args);
    case 'setRelay': return engine.setRelay(request.input);
    case 'setCapture': return engine.setCapture(request.input);
    case 'cutRelay': return engine.cutRelay(request.input);
    case 'share': return engine.share(request.input.run, request.input);
    case 'unshare': return engine.unshare(request.input.run);
    case 'join': return engine.join(request.input.run, request.input);
    case 'leave': return engine.leave(request.input.run);
    case 'open': return engine.open(request.input.path);
    case 'startRecording': return engine.startRecording(request.input.run, request.input.wish);
    case 'fillRecording': return engine.fillRecording(request.input.run, request.input.batch);
    case 'noteRecording': return engine.noteRecording(request.input.run, request.input.notes);
    case 'stopRecording': return engine.stopRecording(request.input.run);
    case 'dispose': return engine.dispose();
    default: return never(request);
  }
}

function idOf(given: unknown): number {
  return typeof given === 'object' && given !== null && 'id' in given && Number.isSafeInteger(given.id) && Number(given.id) >= 0 ? Number(given.id) : 0;
}
