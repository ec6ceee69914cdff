// The bridge between page and main, and all of it: requests by name, pushes by name, and the port that brings the trace.
// Runs sandboxed. It checks names against the contract, so that the page cannot reach any other channel.

import { contextBridge, ipcRenderer, webUtils } from 'electron';
import {
  PUSHES, REQUESTS, TRACE_PORT_CHANNEL, pushChannel, requestChannel,
  type Bridge, type BridgeAnswer, type PushName, type PushPayload, type RequestInput, type RequestName, type RequestOutput,
} from '../shared/ipc/contract';
import { DROP_CHANNEL } from '../shared/ipc/fileContract';

const bridge: Bridge = {
  async request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<BridgeAnswer<RequestOutput<N>>> {
    if (!Object.hasOwn(REQUESTS, name)) return { ok: false, error: { code: 'IPC_UNKNOWN', message: `no request named ${String(name)}`, where: '' } };
    return (await ipcRenderer.invoke(requestChannel(name), input)) as BridgeAnswer<RequestOutput<N>>;
  },
  onPush<N extends PushName>(name: N, listener: (payload: PushPayload<N>) => void): () => void {
    if (!Object.hasOwn(PUSHES, name)) throw new Error(`no push named ${String(name)}`);
    const hear = (_event: unknown, payload: PushPayload<N>): void => listener(payload);
    ipcRenderer.on(pushChannel(name), hear);
    return () => ipcRenderer.off(pushChannel(name), hear);
  },
};

// A port cannot pass contextBridge; window messages carry it to the page's world.
ipcRenderer.on(TRACE_PORT_CHANNEL, (event) => window.postMessage({ type: TRACE_PORT_CHANNEL }, window.location.origin, [...event.ports]));

// A file that the user drops is opened by main. Its path is known here alone; what the page dispatches itself is not the user's.
const hasFiles = (event: DragEvent): boolean => event.isTrusted && event.dataTransfer !== null && event.dataTransfer.types.includes('Files');
window.addEventListener('dragover', (event) => {
  if (!hasFiles(event) || event.dataTransfer === null) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'copy';
});
window.addEventListener('drop', (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  const [file] = event.dataTransfer?.files ?? [];
  const path = file === undefined ? '' : webUtils.getPathForFile(file);
  if (path !== '') void ipcRenderer.invoke(DROP_CHANNEL, path);
});

contextBridge.exposeInMainWorld('looplab', bridge);
