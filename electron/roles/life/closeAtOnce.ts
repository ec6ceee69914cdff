// Two processes that close a connection at the same moment, again and again, until the kernel's socket table shows that their FINs crossed:
// then both ends are in TIME_WAIT (RFC 9293 3.5, Figure 13). On loopback a FIN is there within microseconds, so it may never happen.

import type { Endpoint } from '../../../shared/trace/event';
import { numberOf } from '../programs/options';
import type { Program } from '../programs/program';
import type { StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { decode, encode } from '../text';
import { kernelState } from './socketTable';

/** How long before it the moment is agreed upon, and how long both only watch the clock, in ns. */
const AHEAD = 6_000_000n;
const WATCH = 2_000_000n;
/** ms after which both FINs have long come. */
const SETTLED = 3;

/** Options: port. Closes each connection at the moment that its client names. */
export const closesOnTime: Program = async (role, options) => {
  const listening = await role.host.net.listen({ port: numberOf(options, 'port', 0) });
  role.listening({ protocol: 'tcp', ...listening.endpoint });
  for (;;) {
    const socket = await listening.accept();
    const bytes = await socket.recv(64);
    await closeAt(role, socket, BigInt(decode(bytes).trim()));
  }
};

/** Options: address, port, tries. */
export const closesAtOnce: Program = async (role, options) => {
  const server: Endpoint = { address: String(options['address']), port: numberOf(options, 'port', 0) };
  const tries = numberOf(options, 'tries', 1);
  role.print(`closing at once, in up to ${tries} tries`);
  for (let n = 1; n <= tries; n++) {
    const socket = await role.host.net.dial(server);
    const { local, remote } = socket;
    // One clock for all processes of the machine (CLOCK_MONOTONIC).
    const moment = process.hrtime.bigint() + AHEAD;
    await socket.sendAll(encode(`${moment}\n`));
    await closeAt(role, socket, moment);
    await role.sleep(SETTLED);
    const [own, other] = [await kernelState(local, remote), await kernelState(remote, local)];
    if (own === null || other === null) return role.print('this system does not show its socket table: whether it was a simultaneous close cannot be said');
    if (crossed(own) && crossed(other)) return role.print(`a simultaneous close in try ${n}: the kernel has ${own} here and ${other} at the server`);
  }
  role.print(`no simultaneous close in ${tries} tries: one FIN always came before the other was sent. Try again`);
};

const crossed = (state: string): boolean => state === 'TIME_WAIT' || state === 'CLOSING';

async function closeAt(role: RoleContext, socket: StreamSocket, moment: bigint): Promise<void> {
  const early = Number(moment - process.hrtime.bigint() - WATCH) / 1e6;
  if (early > 0) await role.sleep(early);
  while (process.hrtime.bigint() < moment);
  socket.close();
}
