// Hands the trace port to the page, as the product's preload does, and the page's word that it has everything back to main.

import { contextBridge, ipcRenderer } from 'electron';

// The page's globals: this project has no DOM types.
declare const window: { postMessage(message: unknown, origin: string, transfer: readonly unknown[]): void };

let expected: unknown = null;
ipcRenderer.on('bench:expect', (_event, what: unknown) => {
  expected = what;
});
ipcRenderer.on('looplab:trace-port', (event) => window.postMessage({ type: 'bench:port', expected }, '*', [...event.ports]));
contextBridge.exposeInMainWorld('bench', { done: () => ipcRenderer.send('bench:done') });
