// What the echo clients share: what they are given, what they report. Each kind is a file beside this one.

import type { Endpoint } from '../../../../shared/trace/event';
import type { StreamSocket } from '../../host';
import type { RoleContext } from '../../lab';

export interface EchoClientOptions {
  readonly server: Endpoint;
  readonly lines: readonly Uint8Array[];
  /** Once it is connected: a class of many waits here until all are. */
  readonly connected?: () => Promise<void>;
  /** How long one select() waits at most, in ms; left out: for ever. */
  readonly timeout?: number;
  /** How long a client that gets no answer waits before it gives up, in ms; left out: PATIENCE. */
  readonly patience?: number;
}

/** Ends when it has closed its socket; rejects with the system's error. */
export type EchoClient = (role: RoleContext, options: EchoClientOptions) => Promise<void>;

/** Long enough to look at a deadlock, short enough for a lesson; ms. */
export const PATIENCE = 1500;

/** The buffer that clients give recv(), in bytes. */
export const RECV_SIZE = 1024;

/** socket() and connect(). */
export async function connect(role: RoleContext, { server, connected }: EchoClientOptions): Promise<StreamSocket> {
  const socket = await role.host.net.dial(server);
  await connected?.();
  return socket;
}

/** The course's report: what was sent against what came back. */
export const report = (role: RoleContext, sent: number, received: number): void => role.print(`sent ${sent} B, received ${received} B`);
