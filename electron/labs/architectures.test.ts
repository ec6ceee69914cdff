// The table of architectures keeps its word: every cell names a lab, parameters and a step that exist, and running it really comes to
// that step's moment. Cells of one lab with the same parameters share a run.
import { describe, expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import { CELLS, cellOf, COLUMNS, ROWS, type ArchitectureCell } from '../../shared/lab/architectures';
import { checkParams } from '../../shared/lab/params';
import type { Lab } from '../roles/lab';
import { LabTest } from './run.fixture';

const found = import.meta.glob<{ default: Lab }>('./*/lab.ts', { eager: true });
const labs = new Map(Object.values(found).map(({ default: lab }) => [lab.manifest.id, lab]));
const nameOf = ({ row, column }: ArchitectureCell): string => `${row}, ${column}`;

it('has one cell at every place', () => {
  expect(CELLS).toHaveLength(ROWS.length * COLUMNS.length);
  for (const row of ROWS) for (const column of COLUMNS) expect(cellOf(row, column)).toMatchObject({ row, column });
});

it.each(CELLS.map((cell) => [nameOf(cell), cell] as const))('%s: what it names exists', (_name, { show }) => {
  const { manifest } = must(labs.get(show.lab), show.lab);
  expect(manifest.steps.map(({ id }) => id)).toContain(show.step);
  expect(checkParams(manifest.parameters, show.params)).toMatchObject({ ok: true });
  // The window's form takes less than the command line.
  for (const parameter of manifest.parameters) {
    if (parameter.type === 'integer') expect(Number(show.params[parameter.id] ?? parameter.value)).toBeLessThanOrEqual(parameter.windowMax ?? parameter.max);
  }
  if (show.tab !== undefined) expect(manifest.stage).toContain(show.tab);
});

const runs = new Map<string, ArchitectureCell[]>();
for (const cell of CELLS) {
  const key = `${cell.show.lab} ${JSON.stringify(cell.show.params)}`;
  runs.set(key, [...(runs.get(key) ?? []), cell]);
}

describe('the run', () => {
  it.each([...runs])('%s comes to its moments', { timeout: 120_000 }, async (_run, cells) => {
    const { lab, params } = must(cells[0], 'a cell').show;
    const run = await LabTest.play(must(labs.get(lab), lab), params);
    // Servers go on when the script is over: what a refresh or an expiry shows may come then.
    for (const { show } of cells) await run.until(() => run.stepsDone().includes(show.step));
    expect(run.stepsDone()).toEqual(expect.arrayContaining(cells.map(({ show }) => show.step)));
  });
});
