// For tests: frames that the kernel "captured", written into a scene's trace as `packet.captured`. What a real one looks like is tested in
// tests/interop/kernel.

import { assemble, part } from '../codec/assemble';
import { codec as ethernet } from '../codec/ethernet/codec';
import { codec as ipv4 } from '../codec/ipv4/codec';
import { codec as tcp } from '../codec/tcp/codec';
import { codec as udp } from '../codec/udp/codec';
import type { Endpoint } from './event';
import type { Scenario } from './fixture';

export interface CapturedPacket {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Flags and sequence number of TCP; left out: UDP. */
  readonly flags?: number;
  readonly sequence?: number;
  readonly acknowledgment?: number;
  /** As the field has it, and the option of a SYN. Left out: 64, and none. */
  readonly window?: number;
  readonly shift?: number;
  readonly text?: string;
  /** What stands in the checksum's field; left out: what is right. */
  readonly checksum?: number;
  /** Bytes of the frame that are kept. */
  readonly keep?: number;
}

/** Returns the fact's number. */
export function capture(scene: Scenario, { from, to, flags, sequence = 0, acknowledgment = 0, window = 64, shift, text = '', checksum, keep }: CapturedPacket): number {
  const network = { source: from.address, destination: to.address };
  const ports = { sourcePort: from.port, destinationPort: to.port, ...(checksum === undefined ? {} : { checksum }) };
  const inner = flags === undefined ? part(udp, ports, { network }) : part(tcp, { ...ports, sequence, acknowledgment, flags, window, ...(shift !== undefined && { options: [{ kind: 'windowScale' as const, shift }] }) }, { network });
  const ether = part(ethernet, { destination: '00:00:00:00:00:00', source: '00:00:00:00:00:00', type: 0x0800 });
  const bytes = assemble([ether, part(ipv4, { ...network, protocol: flags === undefined ? 17 : 6, identification: 4711 }), inner], Uint8Array.from(text, (sign) => sign.charCodeAt(0)));
  return scene.fact('packet.captured', { a: 1, b: 1, size: bytes.length, bytes: bytes.subarray(0, keep) });
}
