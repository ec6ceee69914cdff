// The bridge between page and main, and all of it: requests by name, pushes by name, and the port that brings the trace.
// Runs sandboxed. It checks names against the contract, so that the page cannot reach any other channel.

import { contextBridge, ipcRenderer } from 'electron';
import {
  PUSHES, REQUESTS, TRACE_PORT_CHANNEL, pushChannel, requestChannel,
  type Bridge, type BridgeAnswer, type PushName, type PushPayload, type RequestInput, type RequestName, type RequestOutput,
} from '../shared/ipc/contract';

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

contextBridge.exposeInMainWorld('looplab', bridge);
