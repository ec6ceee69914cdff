// The page's side of a bench of frames: draws again and again, as fast as the window asks for it, and tells how long each frame took.

import type { MeasuredFrames } from '../measured';

const WARM = 30;

/** `draw` gets the number of the frame; the first ones are not counted. */
export function measureFrames(count: number, draw: (frame: number) => void): Promise<MeasuredFrames> {
  const frames: number[] = [];
  const scripts: number[] = [];
  return new Promise((done) => {
    let before = performance.now();
    let frame = 0;
    const next = (): void => {
      const begin = performance.now();
      draw(frame);
      if (frame >= WARM) {
        frames.push(begin - before);
        scripts.push(performance.now() - begin);
      }
      before = begin;
      if (++frame < count + WARM) requestAnimationFrame(next);
      else done({ frames, scripts });
    };
    requestAnimationFrame(next);
  });
}
