// The course's table of architectures as data: each cell names the run that shows what it says (lab, parameters, the step to play to).
// The words are in the catalogues (`architectures.cell.<row>.<column>`); electron/labs/architectures.test.ts runs every cell.

import type { ParameterValues, StageTab } from './manifest';

export const ROWS = ['structure', 'roles', 'finding', 'examples', 'failure', 'scaling', 'cost', 'security'] as const;
export const COLUMNS = ['client-server', 'p2p', 'hybrid'] as const;

export type ArchitectureRow = (typeof ROWS)[number];
export type ArchitectureColumn = (typeof COLUMNS)[number];

/** A run that shows something: its lab, what differs from the lab's own parameters, the step at whose moment it can be seen. */
export interface Show {
  readonly lab: string;
  readonly params: ParameterValues;
  readonly step: string;
  /** The picture that it is seen in best; left out: the lab's first. */
  readonly tab?: StageTab;
}

export interface ArchitectureCell {
  readonly row: ArchitectureRow;
  readonly column: ArchitectureColumn;
  readonly show: Show;
}

const cell = (row: ArchitectureRow, column: ArchitectureColumn, lab: string, step: string, params: ParameterValues = {}, tab?: StageTab): ArchitectureCell => ({
  row, column, show: { lab, params, step, ...(tab !== undefined && { tab }) },
});

/** Row by row. */
export const CELLS: readonly ArchitectureCell[] = [
  cell('structure', 'client-server', 'single-point-of-failure', 'asked', { architecture: 'one-server', blow: 'none' }, 'hosts'),
  cell('structure', 'p2p', 'p2p-swarm', 'have', { scenario: 'abc' }),
  cell('structure', 'hybrid', 'hybrid', 'dial', { scenario: 'chat' }),

  cell('roles', 'client-server', 'http-api', 'answer', {}, 'hosts'),
  cell('roles', 'p2p', 'p2p-swarm', 'both', { scenario: 'abc' }),
  cell('roles', 'hybrid', 'hybrid', 'reply', { scenario: 'chat' }),

  cell('finding', 'client-server', 'dns-lookup', 'answer', { lookups: 1 }),
  cell('finding', 'p2p', 'hybrid', 'introduced', { scenario: 'introduce' }),
  cell('finding', 'hybrid', 'hybrid', 'found', { scenario: 'chat' }),

  cell('examples', 'client-server', 'browse-a-page', 'shown', { visits: 1 }, 'page'),
  cell('examples', 'p2p', 'p2p-swarm', 'rarest'),
  cell('examples', 'hybrid', 'p2p-swarm', 'announce', {}, 'exchange'),

  cell('failure', 'client-server', 'single-point-of-failure', 'refused', { architecture: 'one-server', blow: 'kill-server' }),
  cell('failure', 'p2p', 'single-point-of-failure', 'pieces', { architecture: 'swarm', blow: 'kill-server' }),
  cell('failure', 'hybrid', 'hybrid', 'newcomer', { scenario: 'directory-dies' }),

  cell('scaling', 'client-server', 'client-server-vs-p2p', 'ten', { ways: 'server', receivers: '1, 10' }),
  cell('scaling', 'p2p', 'client-server-vs-p2p', 'everyone', { ways: 'swarm', receivers: '1, 10' }),
  cell('scaling', 'hybrid', 'hybrid', 'remembered', { scenario: 'directory-dies' }),

  cell('cost', 'client-server', 'single-point-of-failure', 'slow', { architecture: 'overload', blow: 'none' }),
  cell('cost', 'p2p', 'client-server-vs-p2p', 'gives', { ways: 'swarm', receivers: '10' }, 'swarm'),
  cell('cost', 'hybrid', 'hybrid', 'refresh', { scenario: 'chat', lifetime: 2 }),

  cell('security', 'client-server', 'https', 'certificate', { compare: 'tls' }),
  cell('security', 'p2p', 'p2p-swarm', 'bad-hash', { scenario: 'hostile', hostility: 'bad-hash' }),
  cell('security', 'hybrid', 'hybrid', 'stale', { scenario: 'stale', lifetime: 2 }),
];

/** The cell at a place of the table. Throws when there is none. */
export function cellOf(row: ArchitectureRow, column: ArchitectureColumn): ArchitectureCell {
  const found = CELLS.find((one) => one.row === row && one.column === column);
  if (found === undefined) throw new Error(`no cell ${row}, ${column}`);
  return found;
}
