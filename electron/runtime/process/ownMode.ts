// The installed app started as a program's process (launch.ts): runs that program and ends, before there is a window, a session, a profile,
// or anything else of Chromium. Imported first by main.ts. Does nothing in the app itself.

import { PROGRAM_MODE } from './launch';
import { runSetup } from './runSetup';
import { readSetup } from './setup';

if (process.argv.includes(PROGRAM_MODE)) {
  try {
    await runSetup(readSetup());
  } finally {
    process.exit(1);
  }
}
