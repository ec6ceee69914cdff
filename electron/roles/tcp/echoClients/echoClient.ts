// What the echo clients share: what they are given, what they report. Each kind is a file beside this one.

import type { Endpoint } from '../../../../shared/trace/event';
import type { RoleContext } from '../../lab';

export interface EchoClientOptions {
  readonly server: Endpoint;
  readonly lines: readonly Uint8Array[];
}

/** Ends when it has closed its socket; rejects with the system's error. */
export type EchoClient = (role: RoleContext, options: EchoClientOptions) => Promise<void>;

/** The buffer that clients give recv(), in bytes. */
export const RECV_SIZE = 1024;

/** The course's report: what was sent against what came back. */
export const report = (role: RoleContext, sent: number, received: number): void => role.print(`sent ${sent} B, received ${received} B`);
