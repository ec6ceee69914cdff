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

/**
 * What the receiver of the bytes of `dir` advertised: each change of it, in order of time. Empty: nothing was captured. Read on with each
 * advance(): the cost is that of what is new.
 */
export class AdvertisedWindows {
  private readonly windows: Advertised[] = [];
  private read = 0;
  /** Of the receiver's SYN; null: it had none. */
  private shift: number | null = null;

  constructor(private readonly trace: TraceStore, private readonly conn: Pick<ConnectionModel, 'client' | 'server'>, private readonly dir: 'up' | 'down') {}

  advance(): readonly Advertised[] {
    const { client, server } = this.conn;
    const [sender, receiver] = this.dir === 'up' ? [client.endpoint, server.endpoint] : [server.endpoint, client.endpoint];
    const own = capturedWay(this.trace, 'tcp', receiver, sender);
    const scaled = this.read < own.length && shiftOf(capturedWay(this.trace, 'tcp', sender, receiver).find(isSyn)) !== null;
    for (; this.read < own.length; this.read++) {
      const packet = own[this.read];
      if (packet?.tcp === undefined || packet.tcp === null || (packet.tcp.flags & TCP_FLAGS.RST) !== 0) continue;
      if (isSyn(packet)) this.shift ??= shiftOf(packet);
      const bytes = isSyn(packet) || !scaled ? packet.tcp.window : packet.tcp.window * 2 ** (this.shift ?? 0);
      if (this.windows.at(-1)?.bytes !== bytes) this.windows.push({ t: packet.t, bytes, seq: packet.seq });
    }
    return this.windows;
  }
}

const isSyn = ({ tcp }: CapturedPacket): boolean => ((tcp?.flags ?? 0) & TCP_FLAGS.SYN) !== 0;

const shiftOf = (syn: CapturedPacket | undefined): number | null => {
  const option = syn?.tcp?.options.find((one) => one.kind === 'windowScale');
  return option === undefined ? null : option.shift;
};
