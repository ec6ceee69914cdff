// The server's part of one conversation, with calls that block: for each line that comes, some work, then the same line back. The same
// code in a server of one client at a time, in a thread and in a process of its own.

import type { ProgramOptions } from '../lab';
import type { ConnectionProgram, ConnectionTools } from './program';
import { numberOf } from './options';

/** Bytes that recv() asks for. */
const RECV = 4096;
/** A line that is longer is no line: the server hangs up. */
const LONGEST = 64 * 1024;
const NEWLINE = 0x0a;

export const echoLines: ConnectionProgram = (connection, tools, options) => {
  let waiting: Uint8Array = new Uint8Array(0);
  for (;;) {
    const got = connection.recv(RECV);
    if (got.length === 0) return;
    waiting = joined(waiting, got);
    for (let end = waiting.indexOf(NEWLINE); end >= 0; end = waiting.indexOf(NEWLINE)) {
      work(tools, options);
      connection.sendAll(waiting.subarray(0, end + 1));
      waiting = waiting.slice(end + 1);
    }
    if (waiting.length > LONGEST) return;
  }
};

/** What a request costs: `work` ms, in which it computes (`busy`) or waits, as for a disk or another server. */
function work(tools: ConnectionTools, options: ProgramOptions): void {
  const ms = numberOf(options, 'work', 0);
  if (ms <= 0) return;
  if (options['busy'] === true) tools.compute(ms);
  else tools.wait(ms);
}

export function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
