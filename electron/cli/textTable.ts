// Rows of texts as lines for a terminal: columns as wide as their widest cell, texts to the left, numbers to the right.

/** `left`: names of the columns whose cells begin below each other. */
export function textTable(head: readonly string[], left: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((name, at) => rows.reduce((widest, row) => Math.max(widest, (row[at] ?? '').length), name.length));
  const line = (cells: readonly string[]): string => cells.map((cell, at) => (left.includes(head[at] ?? '') ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ').replaceAll('\u00a0', ' ').trimEnd();
  return [line(head), ...rows.map(line)];
}
