// The multiplexed server as an event loop has it: the system remembers which sockets it watches (epoll, kqueue), and calls back for those that
// are ready. Scales to thousands of clients, where select() has to be told of each of them with every call.

import type * as net from 'node:net';
import type { ProgramOptions } from '../lab';
import { DEFAULT_BACKLOG, numberOf } from './options';
import type { ProgramRole } from './program';
import { Sampler } from './sampler';

/** A line that is longer is no line: the server hangs up. */
const LONGEST = 64 * 1024;

/** Resolves when the role is asked to end; rejects when it cannot listen. */
export function eventServer(role: ProgramRole, options: ProgramOptions): Promise<void> {
  const sampler = new Sampler(role);
  const server = role.host.net.createServer({ allowHalfOpen: true }, (socket) => {
    sampler.opened();
    socket.once('close', () => sampler.closed());
    converse(role, socket, options);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    role.signal.addEventListener('abort', () => resolve(), { once: true });
    server.listen({ port: numberOf(options, 'port', 0), backlog: numberOf(options, 'backlog', DEFAULT_BACKLOG) }, () => {
      const bound = server.address();
      if (typeof bound === 'object' && bound !== null) role.listening({ protocol: 'tcp', address: bound.address, port: bound.port });
      sampler.keep();
    });
  });
}

function converse(role: ProgramRole, socket: net.Socket, options: ProgramOptions): void {
  const work = numberOf(options, 'work', 0);
  let unread = '';
  let [owed, ended] = [0, false];
  // Whoever has said all may still read: what was asked for is answered first.
  const over = (): void => {
    if (ended && owed === 0) socket.end();
  };
  const answer = (line: string): void => {
    owed--;
    if (socket.writable) socket.write(line, 'latin1');
    over();
  };
  socket.once('end', () => {
    ended = true;
    over();
  });
  // One character a byte: what comes back is what came.
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    unread += text;
    for (let end = unread.indexOf('\n'); end >= 0; end = unread.indexOf('\n')) {
      const line = unread.slice(0, end + 1);
      unread = unread.slice(end + 1);
      if (options['busy'] === true) role.blocking.compute(work);
      owed++;
      if (options['busy'] === true || work === 0) answer(line);
      else setTimeout(() => answer(line), work);
    }
    if (unread.length > LONGEST) socket.destroy();
  });
}
