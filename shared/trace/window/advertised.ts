// The receive window that one side of a connection advertised, as the kernel's own segments say it (RFC 9293 3.8.6): only of a run whose packets
// were captured. A window of SYN is as it stands there; those after it are shifted when both SYNs had the option (RFC 7323 2.2).

import { TCP_FLAGS } from '../../codec/tcp/codec';
import { capturedWay, type CapturedPacket } from '../capturedPackets';
import type { TraceStore } from '../store';
import type { ConnectionModel } from '../story';

/** From this time on the peer may have so many bytes under way; `seq`: the captured packet that says so. */
export interface Advertised {
  readonly t: number;
  readonly bytes: number;
  readonly seq: number;
}

const shiftOf = (packets: readonly CapturedPacket[]): number | null => {
  const syn = packets.find(({ tcp }) => ((tcp?.flags ?? 0) & TCP_FLAGS.SYN) !== 0);
  const option = syn?.tcp?.options.find((one) => one.kind === 'windowScale');
  return option === undefined ? null : option.shift;
};

/** What the receiver of the bytes of `dir` advertised: each change of it, in order of time. Empty: nothing was captured. */
export function advertisedWindows(trace: TraceStore, { client, server }: Pick<ConnectionModel, 'client' | 'server'>, dir: 'up' | 'down'): Advertised[] {
  const [sender, receiver] = dir === 'up' ? [client.endpoint, server.endpoint] : [server.endpoint, client.endpoint];
  const own = capturedWay(trace, 'tcp', receiver, sender);
  const shift = shiftOf(capturedWay(trace, 'tcp', sender, receiver)) === null ? 0 : (shiftOf(own) ?? 0);
  const windows: Advertised[] = [];
  for (const { t, seq, tcp } of own) {
    if (tcp === null || (tcp.flags & TCP_FLAGS.RST) !== 0) continue;
    const bytes = (tcp.flags & TCP_FLAGS.SYN) !== 0 ? tcp.window : tcp.window * 2 ** shift;
    if (windows.at(-1)?.bytes !== bytes) windows.push({ t, bytes, seq });
  }
  return windows;
}
