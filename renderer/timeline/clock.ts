// The one animation clock of the page: while anything moves it gives each frame's milliseconds to those who asked for them.
// Knows no playhead; requests no frames while nobody listens.

/** What the clock needs of the browser. */
export interface FrameSource {
  requestAnimationFrame(callback: (now: number) => void): number;
  cancelAnimationFrame(handle: number): void;
}

/** The longest frame that is told, in ms: after a hidden or blocked page nothing leaps. */
export const LONGEST_FRAME = 100;

export class Clock {
  private readonly listeners = new Set<(ms: number) => void>();
  private handle: number | null = null;
  private before: number | null = null;

  constructor(private readonly frames: FrameSource) {}

  /** True while it runs. */
  get running(): boolean {
    return this.handle !== null;
  }

  /** Calls `listener` with the ms since the frame before, each frame, until the returned function is called. */
  each(listener: (ms: number) => void): () => void {
    this.listeners.add(listener);
    this.handle ??= this.frames.requestAnimationFrame(this.frame);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stop();
    };
  }

  dispose(): void {
    this.listeners.clear();
    this.stop();
  }

  private readonly frame = (now: number): void => {
    const ms = this.before === null ? 0 : Math.min(Math.max(now - this.before, 0), LONGEST_FRAME);
    this.before = now;
    this.handle = this.frames.requestAnimationFrame(this.frame);
    if (ms > 0) for (const listener of [...this.listeners]) listener(ms);
  };

  private stop(): void {
    if (this.handle !== null) this.frames.cancelAnimationFrame(this.handle);
    this.handle = null;
    this.before = null;
  }
}
