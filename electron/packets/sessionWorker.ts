// Entry of the worker thread of one open capture file: joins its session to the port of the thread that started it; holds no logic.

import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { must } from '../../shared/base/assert';
import { reportError } from '../runtime/engineError';
import { Session } from './session/session';
import { sessionDataSchema, type SessionMessage, type SessionRequest } from './sessionMessages';

const port = must(parentPort, 'parent of the thread of a capture');
const { path, name } = v.parse(sessionDataSchema, workerData);
const say = (message: SessionMessage): void => port.postMessage(message);
const session = new Session(path, name, (state) => say({ type: 'state', ...state }));

port.on('message', ({ id, question }: SessionRequest) => {
  session.ask(question).then(
    (value) => say({ type: 'answer', id, value }),
    (thrown: unknown) => say({ type: 'error', id, error: reportError(thrown, name) }),
  );
});
void session.run();
