// What a bench of frames measures, as its page tells it.

/** ms between frames, and ms of script within each. */
export interface MeasuredFrames {
  readonly frames: number[];
  readonly scripts: number[];
}
