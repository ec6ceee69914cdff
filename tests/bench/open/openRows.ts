// The session of an open capture as the window has it, in a process of its own: when the first rows of the list are there, dissected, and when those at its
// end. Prints a line of JSON. Started by open.bench.ts.

import { Session } from '../../../electron/packets/session/session';

/** As the page asks. */
const ROWS = 16;
const [path = ''] = process.argv.slice(2);
const began = performance.now();
const found: Record<string, number> = {};

const asked = (from: number): Promise<unknown> => session.ask({ name: 'rows', view: 1, from, count: ROWS, columns: [] });
let first: Promise<unknown> | null = null;
const session = new Session(path, 'bench', ({ summary }) => {
  if (summary.packets >= ROWS) first ??= asked(0).then(() => (found['first'] = performance.now() - began));
});
void session.ask({ name: 'show', request: { filter: '', sort: { column: 'number', descending: false } } });
await session.run();
await first;
found['ready'] = performance.now() - began;
const from = performance.now();
await asked(session.state.summary.packets - ROWS);
found['last'] = performance.now() - from;
console.log(JSON.stringify(found));
