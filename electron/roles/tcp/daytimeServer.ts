// The daytime service (RFC 867) as the course writes it: whoever connects gets the time as a line, then the server closes. One
// client after the other. Leaves out RFC 867's UDP half.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import { sayError } from '../errno';
import type { RoleContext } from '../lab';
import { encode } from '../text';

/** The course's listen(2). */
const BACKLOG = 2;

/** Rejects with the system's error when it cannot listen (EADDRINUSE). */
export async function daytimeServer(role: RoleContext, options: { readonly port: number }): Promise<void> {
  const listening = await role.host.net.listen({ port: options.port, backlog: BACKLOG });
  role.listening({ protocol: 'tcp', ...listening.endpoint });
  for (;;) {
    const connected = await listening.accept();
    const client = formatEndpoint(connected.remote);
    role.print(`Client ${client} connected`);
    try {
      await connected.sendAll(encode(`${isoTime(new Date())}\n`));
    } catch (error) {
      if (!role.signal.aborted) role.print(`${client} ${sayError(error)}`);
    }
    connected.close();
  }
}

/** Local time as Python's datetime.now().isoformat() writes it, to the millisecond: no zone. */
export function isoTime(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, -1);
}
