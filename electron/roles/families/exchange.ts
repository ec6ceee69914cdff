// The same exchange over every kind of socket: a line, and its answer in capitals. Streams of any family take one program; datagrams
// another. What the families differ in is all in the socket that they are given.

import { performance } from 'node:perf_hooks';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import { sayError } from '../errno';
import type { ListeningSocket, StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { lineReader } from '../tcp/lineReader';
import { encode } from '../text';

const READ_SIZE = 1024;
/** Longest line that is answered, in characters: whoever writes more is hung up on. */
const LONGEST_LINE = 4096;

export const answerTo = (line: string): string => line.toUpperCase();

/** Who is there, as accept() tells: of AF_UNIX nothing, for a client has no name unless it binds one, and Node would not pass that on. */
const nameOf = (socket: Pick<StreamSocket, 'remote'>): string => formatEndpoint(socket.remote) || 'no name given';

/** Answers every line of every client, side by side. Until the role ends. */
export async function lineServer(role: RoleContext, listening: ListeningSocket): Promise<void> {
  for (;;) {
    const connected = await listening.accept();
    role.print(`client: ${nameOf(connected)}`);
    void serve(role, connected);
  }
}

async function serve(role: RoleContext, connected: StreamSocket): Promise<void> {
  let taken = 0;
  const bounded = {
    recv: async (size: number): Promise<Uint8Array> => {
      const bytes = await connected.recv(size);
      taken += bytes.length;
      if (taken > LONGEST_LINE) throw new Error(`a line of more than ${LONGEST_LINE} B`);
      return bytes;
    },
  };
  const lines = lineReader(bounded, READ_SIZE);
  try {
    for (let line = await lines.readLine(); line !== ''; line = await lines.readLine()) {
      taken = 0;
      await connected.sendAll(encode(answerTo(line)));
    }
  } catch (error) {
    if (!role.signal.aborted) role.print(`${nameOf(connected)}: ${sayError(error)}`);
  } finally {
    connected.close();
  }
}

/** One line and its answer, `exchanges` times on one connection; tells how long they took. */
export async function lineClient(role: RoleContext, socket: StreamSocket, line: string, exchanges: number): Promise<void> {
  const lines = lineReader(socket, READ_SIZE);
  try {
    await timed(role, exchanges, async () => {
      await socket.sendAll(encode(`${line}\n`));
      return lines.readLine();
    });
  } finally {
    socket.close();
  }
}

/** The answer of the last exchange, and the median time of all, in microseconds: this machine, this moment, with everything that watches. */
export async function timed(role: RoleContext, exchanges: number, exchange: () => Promise<string>): Promise<void> {
  const times: number[] = [];
  let answer = '';
  for (let n = 0; n < exchanges; n++) {
    const begun = performance.now();
    answer = await exchange();
    times.push((performance.now() - begun) * 1000);
  }
  times.sort((a, b) => a - b);
  role.print(`answer: ${answer.trimEnd()}`);
  role.print(`${exchanges} exchanges, measured here: median ${Math.round(times[Math.floor(times.length / 2)] ?? 0)} µs`);
}
