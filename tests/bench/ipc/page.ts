// Page side of the IPC bench: appends batches to the product's trace store, or reads objects, and answers for each.

import type { Batch } from '../../../shared/trace/columns';
import type { Fact } from '../../../shared/trace/event';
import { TraceStore } from '../../../shared/trace/store';

interface Message {
  readonly run: number;
  readonly batch?: Batch;
  readonly facts?: readonly Fact[];
}

/** What main says before it sends: how many facts come, and whether the page is to keep them. */
export interface Expected {
  readonly count: number;
  readonly keep: boolean;
}

interface Port {
  onmessage: (event: { readonly data: Message }) => void;
  postMessage(message: unknown): void;
}

// The page's globals: this project has no DOM types.
declare const window: {
  readonly bench: { done(): void };
  addEventListener(type: 'message', listener: (event: { readonly data: { readonly type?: string; readonly expected: Expected }; readonly ports: readonly Port[] }) => void): void;
};

window.addEventListener('message', ({ data: { type, expected }, ports }) => {
  const port = ports[0];
  if (type !== 'bench:port' || port === undefined) return;
  const store = new TraceStore();
  let bytes = 0;
  let read = 0;
  port.onmessage = ({ data }) => {
    if (data.batch !== undefined) {
      if (expected.keep) store.append(data.batch);
      else bytes += data.batch.columns.length;
      read += data.batch.count;
    }
    for (const fact of data.facts ?? []) {
      bytes += fact.size;
      read++;
    }
    port.postMessage({ run: data.run, read, bytes });
    if (read === expected.count) window.bench.done();
  };
});
