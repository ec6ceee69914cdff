// Entry of the engine's worker thread: sockets live here, because on Electron's main thread they are many times slower.
// Joins the discovered labs to the port of the thread that started it; holds no logic.

import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { must } from '../../shared/base/assert';
import { discoverLabs } from './discovery';
import { serveEngine } from './engineServer';
import { workerDataSchema } from './messages';

const engine = serveEngine(must(parentPort, 'parent of the engine thread'), discoverLabs(), v.parse(workerDataSchema, workerData).firstRun);
// A program that forgets to handle an error must not take the engine with it.
process.on('uncaughtException', (error) => engine.fault(error));
process.on('unhandledRejection', (reason) => engine.fault(reason));
