// The page's end of the trace: takes the MessagePort that the preload script forwards and hands on each batch. It answers
// with how far the page has read only when the reader says so, so that main never runs ahead without bound.

import { TRACE_PORT_CHANNEL } from '../../shared/ipc/contract';
import type { Batch } from '../../shared/trace/columns';

/** Main to page. */
export interface TraceMessage {
  readonly run: number;
  readonly batch: Batch;
}

/** Tells main that the page holds `read` facts of `run`. */
export type Acknowledge = (run: number, read: number) => void;

/**
 * Calls `onBatch` for each batch of the newest port, and `onPort` when a port arrives: main then sends the run from its start.
 * Call the result to stop.
 */
export function receiveTracePort(onBatch: (message: TraceMessage, acknowledge: Acknowledge) => void, onPort: () => void): () => void {
  let current: MessagePort | null = null;
  const onMessage = (event: MessageEvent<unknown>): void => {
    const port = event.ports[0];
    if (event.source !== window || !isPortNotice(event.data) || port === undefined) return;
    current?.close();
    current = port;
    onPort();
    port.onmessage = (sent: MessageEvent<TraceMessage>) => onBatch(sent.data, (run, read) => port.postMessage({ run, read }));
  };
  window.addEventListener('message', onMessage);
  return () => {
    window.removeEventListener('message', onMessage);
    current?.close();
  };
}

const isPortNotice = (data: unknown): boolean => typeof data === 'object' && data !== null && 'type' in data && data.type === TRACE_PORT_CHANNEL;
