// The window as captured segments advertise it: scaled when both sides agreed to, its changes only.

import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { scenario } from '../fixture';
import { capture } from '../fixtureCaptured';
import { AdvertisedWindows } from './advertised';

const RECEIVER = { address: '127.0.77.2', port: 7080 };
const SENDER = { address: '127.0.77.1', port: 40_001 };
const { SYN, ACK, RST } = TCP_FLAGS;

/** What the receiver advertises with these shift counts in the SYNs of the sender and of itself. */
function advertised(sender: number | undefined, own: number | undefined): { bytes: number[]; none: number } {
  const s = scenario();
  const say = (window: number, flags: number, shift?: number): number => capture(s, { from: RECEIVER, to: SENDER, flags, window, ...(shift !== undefined && { shift }) });
  capture(s, { from: SENDER, to: RECEIVER, flags: SYN, window: 65_000, ...(sender !== undefined && { shift: sender }) });
  say(1000, SYN | ACK, own);
  for (const window of [1000, 500, 500, 0, 700]) say(window, ACK);
  say(0, RST | ACK);
  capture(s, { from: SENDER, to: RECEIVER, flags: ACK, window: 9 });
  const { trace } = s.told();
  const connection = { client: { sock: null, endpoint: SENDER }, server: { sock: null, endpoint: RECEIVER } } as unknown as ConstructorParameters<typeof AdvertisedWindows>[1];
  const windows = new AdvertisedWindows(trace, connection, 'up').advance();
  for (const { seq } of windows) expect(must(trace.at(seq), 'fact').kind).toBe('packet.captured');
  return { bytes: windows.map(({ bytes }) => bytes), none: new AdvertisedWindows(trace, { ...connection, client: connection.server, server: connection.server }, 'up').advance().length };
}

describe('the window that a receiver advertises', () => {
  it('is shifted after the handshake when both sides offered to', () => {
    expect(advertised(2, 7)).toEqual({ bytes: [1000, 128_000, 64_000, 0, 89_600], none: 0 });
  });

  it('is as it stands when one of them did not', () => {
    expect(advertised(undefined, 7).bytes).toEqual([1000, 500, 0, 700]);
    expect(advertised(7, undefined).bytes).toEqual([1000, 500, 0, 700]);
  });
});
