// The course's daytime client: connect, one recv(1024), print, close.

import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { decode } from '../text';

/** Rejects with the system's error (ECONNREFUSED when nobody listens). */
export async function daytimeClient(role: RoleContext, server: Endpoint): Promise<void> {
  const socket = await role.host.net.dial(server);
  try {
    // One recv() is enough for 24 bytes on loopback; TCP does not promise it. Only the end of the stream is sure.
    const response = await socket.recv(1024);
    role.print(decode(response).trimEnd());
  } finally {
    socket.close();
  }
}
