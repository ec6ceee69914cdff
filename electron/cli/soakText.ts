// What a soak prints for people: a line for each sample, then a table of what it compares, and the verdict.

import type { Measured, SoakSample } from './soakSample';
import type { Quantity, SoakVerdict } from './soakVerdict';

const mib = (bytes: number): string => `${(bytes / (1024 * 1024)).toFixed(1)} MiB`;
const textOf: Readonly<Record<Quantity, (value: number) => string>> = { heap: mib, rss: mib, descriptors: String, handles: String };
const said = (quantity: Quantity, value: Measured[Quantity]): string => (value === null ? '-' : textOf[quantity](value));
const COLUMNS = [8, 8, 12, 12, 12, 8, 9] as const;
const row = (cells: readonly string[]): string => `${cells.map((cell, column) => cell.padStart(COLUMNS[column] ?? 0)).join('')}\n`;

export const SOAK_HEAD = row(['second', 'runs', 'facts', 'heap', 'resident', 'files', 'handles']);

export const sampleLine = ({ at, runs, facts, heap, rss, descriptors, handles }: SoakSample): string =>
  row([at.toFixed(1), String(runs), String(facts), said('heap', heap), said('rss', rss), said('descriptors', descriptors), String(handles)]);

const NAMES: Readonly<Record<Quantity, string>> = { heap: 'heap', rss: 'resident', descriptors: 'files', handles: 'handles' };
const VERDICTS: Readonly<Record<SoakVerdict['verdict'], string>> = { flat: 'flat: nothing is left behind', leak: 'LEAK', short: 'too short to tell' };

export function verdictText({ verdict, judged }: SoakVerdict, runs: number, facts: number): string {
  const cells = (name: string, values: readonly string[]): string => `${name.padEnd(10)}${values.map((value) => value.padStart(14)).join('')}`;
  const lines = judged.map(({ quantity, first, last, before, after, slack, grows }) =>
    `${cells(NAMES[quantity], [said(quantity, before), said(quantity, first), said(quantity, last), said(quantity, after), `+${textOf[quantity](Math.round(slack))}`])}  ${grows ? 'GROWS' : ''}`.trimEnd());
  return `\n${cells('', ['before', 'first third', 'last third', 'after', 'may grow'])}\n${lines.join('\n')}\n\n${runs} runs, ${facts} facts: ${VERDICTS[verdict]}\n`;
}
