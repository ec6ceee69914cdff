// looplab decode in a process of its own, without the rest of the command line. Started by filter.bench.ts.

import { decode } from '../../../electron/cli/decode';

process.exitCode = await decode(process.argv.slice(2), {
  out: (text) => new Promise((resolve) => process.stdout.write(text, () => resolve())), err: (text) => void process.stderr.write(text), signal: new AbortController().signal,
  onFault: () => undefined, version: () => Promise.resolve(''), labs: () => [],
});
