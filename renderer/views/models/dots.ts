// A crowd as dots in a box: one dot a client, all boxes of a picture with the same size of dots. Pure; px.

export interface DotBox {
  readonly width: number;
  readonly height: number;
}

const SIZES = [16, 13.5, 11, 9, 7.5, 6, 5, 4, 3.2, 2.6, 2, 1.5, 1];

const roomFor = ({ width, height }: DotBox, size: number): number => Math.floor(width / size) * Math.floor(height / size);

/** The largest dots of which `count` fit into a box, with the gap around each. */
export const dotSize = (count: number, box: DotBox): number => SIZES.find((size) => roomFor(box, size) >= count) ?? 1;

export type DotKind = 'full' | 'hollow' | 'cross';

/** The dots from `first` on, filled row by row from the left; what does not fit is left to the number beside it. */
export function dotsPath(kind: DotKind, first: number, count: number, size: number, box: DotBox): string {
  const columns = Math.max(Math.floor(box.width / size), 1);
  const radius = Math.max(size * 0.36, 0.4);
  return Array.from({ length: Math.max(Math.min(first + count, roomFor(box, size)) - first, 0) }, (_unused, at) => {
    const [x, y] = [((first + at) % columns) * size + size / 2, Math.floor((first + at) / columns) * size + size / 2];
    if (kind === 'cross') return `M${(x - radius).toFixed(1)} ${(y - radius).toFixed(1)}l${(2 * radius).toFixed(1)} ${(2 * radius).toFixed(1)}m0 ${(-2 * radius).toFixed(1)}l${(-2 * radius).toFixed(1)} ${(2 * radius).toFixed(1)}`;
    return `M${(x - radius).toFixed(1)} ${y.toFixed(1)}a${radius.toFixed(1)} ${radius.toFixed(1)} 0 1 0 ${(2 * radius).toFixed(1)} 0a${radius.toFixed(1)} ${radius.toFixed(1)} 0 1 0 ${(-2 * radius).toFixed(1)} 0z`;
  }).join('');
}
