// Decides when recorded facts travel: together, once a frame while some are waiting. Sits between the recorder and whoever carries
// batches on (a worker's port, a file, a test). A chunk that is full does not wait for it: the writer hands that on at once.

/** One frame at 60 Hz, in milliseconds. */
const FRAME = 16;

export class Batcher {
  private timer: NodeJS.Timeout | null = null;
  private turn: NodeJS.Immediate | null = null;

  /** `send` takes what is waiting. `frame` 0: at the end of the event loop's turn. */
  constructor(private readonly send: () => void, private readonly frame = FRAME) {}

  /** Something is waiting: it will be sent within a frame. Never keeps the process alive. */
  wake(): void {
    if (this.frame === 0) {
      this.turn ??= setImmediate(() => {
        this.turn = null;
        this.send();
      }).unref();
      return;
    }
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.send();
    }, this.frame).unref();
  }

  /** Sends now. */
  flush(): void {
    this.stop();
    this.send();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.turn !== null) clearImmediate(this.turn);
    this.turn = null;
  }
}
