// How the installed app is told to be a program's process and nothing else.

/** Its only argument then. */
export const PROGRAM_MODE = '--looplab-program';
