// The command line: picks the command and turns what it throws into a message and an exit status. Process matters (signals,
// standard output, exit) are in electron/cli.ts.

import { errorCode } from '../runtime/engineError';
import { compare } from './compare';
import { convert } from './convert';
import { decode } from './decode';
import { exchanges } from './exchanges';
import { follow } from './follow';
import { har } from './har';
import { HELP } from './help';
import { info } from './info';
import { EXIT, UsageError, type Io } from './io';
import { ladder } from './ladder';
import { list } from './list';
import { run } from './run';
import { serve } from './serve';
import { soak } from './soak';

const COMMANDS: ReadonlyMap<string, (args: readonly string[], io: Io) => Promise<number>> = new Map([['list', list], ['run', run], ['compare', compare], ['serve', serve], ['decode', decode], ['har', har], ['info', info], ['convert', convert], ['ladder', ladder], ['follow', follow], ['exchanges', exchanges], ['soak', soak]]);

/** Runs one command line (without node and script). Resolves with the exit status, never rejects. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name = '', ...args] = argv;
  try {
    if (name === '--help' || name === '-h' || name === 'help') {
      await io.out(HELP);
      return EXIT.reached;
    }
    if (name === '--version') {
      await io.out(`${await io.version()}\n`);
      return EXIT.reached;
    }
    const command = COMMANDS.get(name);
    if (command === undefined) throw new UsageError(name === '' ? 'which command?' : `there is no command ${JSON.stringify(name)}`, HELP);
    return await command(args, io);
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      io.err(`looplab: ${thrown.message}\n${thrown.hint === '' ? `Try: looplab ${COMMANDS.has(name) ? `${name} ` : ''}--help\n` : thrown.hint}`);
      return EXIT.usage;
    }
    io.err(`looplab: ${thrown instanceof Error ? thrown.message : String(thrown)} (${errorCode(thrown)})\n`);
    return EXIT.failed;
  }
}
