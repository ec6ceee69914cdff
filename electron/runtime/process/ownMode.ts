// The installed app started as a program's process (launch.ts): runs that program and ends, before there is a window, a session, a profile,
// or anything else of Chromium. main.ts imports it first. Does nothing in the app itself.

import { PROGRAM_MODE } from './programMode';

if (process.argv.includes(PROGRAM_MODE)) {
  try {
    // What it runs it reads from the descriptor that the engine holds: one of our own programs, by its name. No argument says more.
    await import('./program');
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    process.exit(1);
  }
}
