// Entry of a program's process, and of each thread and child process that it makes for a connection. Holds no logic.

import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { setupSchema } from './messages';
import { runSetup } from './runSetup';
import { readSetup } from './setup';

await (isMainThread ? runSetup(readSetup()) : runSetup(v.parse(setupSchema, workerData), () => parentPort?.postMessage('close')));
