// Starts the app that START_APP names inside Electron, as Electron's default app does, with a probe as second preload script, and
// prints one line of JSON when the page is drawn and usable. Changes nothing in the app.

import { app, ipcMain, session } from 'electron';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const begun = Date.now();
const probe = join(dirname(fileURLToPath(import.meta.url)), 'probe.cjs');
let ready = 0;
app.once('ready', () => {
  ready = Date.now();
  const { defaultSession } = session;
  if (typeof defaultSession.registerPreloadScript === 'function') defaultSession.registerPreloadScript({ type: 'frame', filePath: probe });
  else defaultSession.setPreloads([probe]);
});
ipcMain.on('bench:start', (_event, seen) => {
  process.stdout.write(`${JSON.stringify({ begun, ready, ...seen })}\n`);
  app.exit(0);
});

await import(pathToFileURL(process.env.START_APP).href);
