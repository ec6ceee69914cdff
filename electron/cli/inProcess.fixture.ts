// A command line of Looplab run in this process, for tests: what it printed and its exit status.

import type { Io } from './io';
import { main } from './main';

interface Told {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export async function looplab(...args: readonly string[]): Promise<Told> {
  const said = { out: '', err: '' };
  const io: Io = {
    out: (text) => {
      said.out += text;
      return Promise.resolve();
    },
    err: (text) => void (said.err += text), signal: new AbortController().signal, onFault: () => undefined, version: () => Promise.resolve('1.2.3'), labs: () => [],
  };
  return { status: await main(args, io), ...said };
}
