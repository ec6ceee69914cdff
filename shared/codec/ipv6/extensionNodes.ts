// What IPv6's rarer extension headers and options hold, as nodes: routing (RFC 8754, RFC 6275 6.4, RFC 5095), authentication (RFC 4302),
// router alerts (RFC 2711), jumbograms (RFC 2675), home addresses (RFC 6275 6.3). The walk along the headers: extensions.ts.

import type { FieldNode } from '../field';
import { bytesNode, hex, labelled, unit } from '../layout';
import { NodeReader } from '../nodeReader';

const OPTION = { pad1: 0, padN: 1, routerAlert: 5, minimumMtu: 0x30, jumbo: 0xc2, homeAddress: 0xc9 } as const;
const TITLES: ReadonlyMap<number, string> = new Map([
  [OPTION.pad1, 'Pad1'], [OPTION.padN, 'PadN'], [OPTION.routerAlert, 'Router alert'], [OPTION.minimumMtu, 'Path MTU'], [OPTION.jumbo, 'Jumbo payload'], [OPTION.homeAddress, 'Home address'],
]);
const ALERTS: ReadonlyMap<number, string> = new Map([[0, 'Multicast listener discovery'], [1, 'RSVP']]);
const ROUTING_TYPES: ReadonlyMap<number, string> = new Map([[0, 'Source route, deprecated'], [2, 'Mobile IP'], [3, 'RPL source route'], [4, 'Segment routing']]);

export const optionTitle = (kind: number): string => TITLES.get(kind) ?? `${kind}`;

/** The data of one option, behind its type and length. */
export function optionDataNodes(kind: number, option: Uint8Array, base: number): FieldNode[] {
  const reader = new NodeReader(option, 2, option.length, base);
  switch (kind) {
    case OPTION.padN:
      // Two bytes are filled by an option without any (RFC 8200 4.2).
      if (reader.left > 0) reader.bytesOf('ipv6.opt.padn', reader.left);
      else reader.nodes.push(bytesNode('ipv6.opt.padn', option, 2, 2, base));
      break;
    case OPTION.routerAlert: reader.number('ipv6.opt.router_alert', 2, labelled(ALERTS)); break;
    case OPTION.jumbo: reader.number('ipv6.opt.jumbo', 4, unit('B')); break;
    case OPTION.homeAddress: reader.ipv6('ipv6.opt.mipv6.home_address'); break;
    default:
  }
  reader.rest('ipv6.opt.data', reader.stopped ? 'shorter than it should be' : undefined);
  return reader.nodes;
}

/** A routing header behind its length. */
export function routingNodes(bytes: Uint8Array, base: number): FieldNode[] {
  const reader = new NodeReader(bytes, 2, Math.max(2, bytes.length), base);
  const type = reader.number('ipv6.routing.type', 1, labelled(ROUTING_TYPES));
  reader.number('ipv6.routing.segleft', 1);
  switch (type) {
    case 0:
      reader.bytesOf('ipv6.routing.src.reserved', 4);
      while (reader.left >= 16) reader.ipv6('ipv6.routing.src.addr');
      break;
    case 2:
      reader.bytesOf('ipv6.routing.mipv6.reserved', 4);
      reader.ipv6('ipv6.routing.mipv6.home_address');
      break;
    case 4: {
      const last = reader.number('ipv6.routing.srh.last_entry', 1) ?? 0;
      reader.number('ipv6.routing.srh.flags', 1, hex(2));
      reader.bytesOf('ipv6.routing.srh.tag', 2);
      for (let i = 0; i <= last && reader.left >= 16; i++) reader.ipv6('ipv6.routing.srh.addr');
      break;
    }
    default:
  }
  reader.rest('ipv6.routing.data');
  return reader.nodes;
}

/** An authentication header behind its length. */
export function authenticationNodes(bytes: Uint8Array, base: number): FieldNode[] {
  const reader = new NodeReader(bytes, 2, Math.max(2, bytes.length), base);
  reader.bytesOf('ah.reserved', 2);
  reader.number('ah.spi', 4, hex(8));
  reader.number('ah.sequence', 4);
  if (!reader.stopped && reader.left > 0) reader.bytesOf('ah.icv', reader.left);
  reader.rest('ah.data');
  return reader.nodes;
}
