// A 2D canvas that matches its element in device pixels. Used by every view that draws; knows nothing of what is drawn.

/** Sizes the canvas for `width` x `height` CSS pixels; the context then draws in CSS pixels. True when the bitmap changed (and so was cleared). */
export function fitCanvas(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, width: number, height: number, ratio: number): boolean {
  const w = Math.max(1, Math.round(width * ratio));
  const h = Math.max(1, Math.round(height * ratio));
  if (canvas.width === w && canvas.height === h) return false;
  canvas.width = w;
  canvas.height = h;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return true;
}

/** Device pixels per CSS pixel; more than 2 costs fill rate that nobody sees from the back row. */
export const pixelRatio = (): number => Math.min(2, Math.max(1, globalThis.devicePixelRatio || 1));
