// Threads and child processes of a program, one for a connection (capture/blocking). A child gets the connection's descriptor as its own
// fifth one, and writes its facts where its parent does.

import { spawn, type ChildProcess } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import type { Workers } from '../../capture/blocking/blockingNetwork';
import type { ConnectionSetup } from './messages';
import { REPORT_FD } from './messages';
import { entryFile, launchOf } from './launch';
import { writeSetup } from './setup';

/** MB of a thread: it handles one connection. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4, stackSizeMb: 1 } as const;

/** `origin` of the engine's clock. */
export function createWorkers(origin: string): Workers {
  let writers = 0;
  const running = new Set<ChildProcess>();
  return {
    thread(connection, program, options, closed) {
      const setup: ConnectionSetup = { kind: 'connection', origin, program, options: { ...options } as ConnectionSetup['options'], writer: ++writers, connection };
      return new Promise((resolve, reject) => {
        let open = true;
        const close = (): void => {
          if (open) closed();
          open = false;
        };
        const worker = new Worker(entryFile(), { workerData: setup, resourceLimits: THREAD_LIMITS });
        worker.on('message', close);
        worker.once('error', (error) => {
          close();
          reject(error);
        });
        worker.once('exit', () => {
          close();
          resolve();
        });
      });
    },
    process(connection, program, options, started) {
      const setup: ConnectionSetup = { kind: 'connection', origin, program, options: { ...options } as ConnectionSetup['options'], writer: ++writers, connection };
      const { file, args, env } = launchOf(entryFile());
      return new Promise((resolve, reject) => {
        const child = spawn(file, args, { env, stdio: ['pipe', 'ignore', 'ignore', REPORT_FD, connection.fd] });
        child.once('error', reject);
        child.once('exit', (code, signal) => {
          running.delete(child);
          if (code === 0) resolve();
          else reject(new Error(`the process for a connection ended with ${signal ?? code}`));
        });
        if (child.pid === undefined) return;
        running.add(child);
        started();
        writeSetup(child.stdin, setup);
      });
    },
    get children() {
      return [...running].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    },
  };
}
