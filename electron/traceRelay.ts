// Passes the engine's batches to the page over a MessagePort, and keeps those of the current run, so that a page that was reloaded
// or killed gets them again. Never has more than a few unread batches on the port; the trace's own limits bound what is kept.

import { MessageChannelMain, type BrowserWindow, type MessagePortMain } from 'electron';
import { TRACE_PORT_CHANNEL } from '../shared/ipc/contract';
import type { Batch } from '../shared/trace/columns';

/** Batches on their way to the page that it has not yet answered for. */
const IN_FLIGHT = 8;

export class TraceRelay {
  private port: MessagePortMain | null = null;
  private run = 0;
  private kept: Batch[] = [];
  /** Index in `kept` of the next batch to send, and of the first one not yet answered. */
  private next = 0;
  private answered = 0;

  /** The run whose facts it has. */
  get current(): number {
    return this.run;
  }

  /** What was told of a run so far, in order; of others than the current one it has nothing. */
  told(run: number): readonly Batch[] {
    return run === this.run ? [...this.kept] : [];
  }

  /** A new port for a page that has just loaded; the current run is sent from its start. */
  connect(window: BrowserWindow): void {
    this.port?.close();
    const { port1, port2 } = new MessageChannelMain();
    this.port = port1;
    this.next = 0;
    this.answered = 0;
    port1.on('message', (event) => this.hear(event.data));
    port1.start();
    window.webContents.postMessage(TRACE_PORT_CHANNEL, null, [port2]);
    this.pump();
  }

  /** A new run begins: the old one's batches are let go. */
  begin(run: number): void {
    this.run = run;
    this.kept = [];
    this.next = 0;
    this.answered = 0;
  }

  add(run: number, batch: Batch): void {
    if (run !== this.run) this.begin(run);
    this.kept.push(batch);
    this.pump();
  }

  private hear(data: unknown): void {
    const read = typeof data === 'object' && data !== null && 'run' in data && 'read' in data ? data : null;
    if (read === null || read.run !== this.run || typeof read.read !== 'number') return;
    while (this.answered < this.next) {
      const batch = this.kept[this.answered];
      if (batch === undefined || batch.first + batch.count > read.read) break;
      this.answered++;
    }
    this.pump();
  }

  private pump(): void {
    while (this.port !== null && this.next < this.kept.length && this.next - this.answered < IN_FLIGHT) {
      this.port.postMessage({ run: this.run, batch: this.kept[this.next++] });
    }
  }
}
