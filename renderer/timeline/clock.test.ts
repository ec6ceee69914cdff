import { describe, expect, it } from 'vitest';
import { Clock, LONGEST_FRAME } from './clock';

/** A browser whose frames come when told. */
class Frames {
  waiting: ((now: number) => void) | null = null;
  private handle = 0;

  requestAnimationFrame(callback: (now: number) => void): number {
    this.waiting = callback;
    return ++this.handle;
  }

  cancelAnimationFrame(): void {
    this.waiting = null;
  }

  show(now: number): void {
    const callback = this.waiting;
    this.waiting = null;
    callback?.(now);
  }
}

describe('the clock', () => {
  it('tells each frame to all who ask, and asks for none when nobody does', () => {
    const frames = new Frames();
    const clock = new Clock(frames);
    expect(clock.running).toBe(false);
    const heard: string[] = [];
    const first = clock.each((ms) => heard.push(`first ${ms}`));
    const second = clock.each((ms) => heard.push(`second ${ms}`));
    frames.show(1000);
    frames.show(1016);
    first();
    frames.show(1032);
    second();
    expect(heard).toEqual(['first 16', 'second 16', 'second 16']);
    expect([clock.running, frames.waiting]).toEqual([false, null]);
  });

  it('lets nothing leap after a pause: hidden page, blocked page, clock started again', () => {
    const frames = new Frames();
    const clock = new Clock(frames);
    const heard: number[] = [];
    const stop = clock.each((ms) => heard.push(ms));
    frames.show(0);
    frames.show(60_000);
    stop();
    clock.each((ms) => heard.push(ms));
    frames.show(120_000);
    frames.show(120_010);
    expect(heard).toEqual([LONGEST_FRAME, 10]);
    clock.dispose();
    expect(clock.running).toBe(false);
  });

  it('may be stopped from within a frame', () => {
    const frames = new Frames();
    const clock = new Clock(frames);
    let count = 0;
    const stop = clock.each(() => {
      count++;
      stop();
    });
    for (let now = 0; now < 100; now += 16) frames.show(now);
    expect([count, clock.running]).toEqual([1, false]);
  });
});
