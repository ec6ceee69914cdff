// Routing protocols that go along as types of IGMP: DVMRP, whose version 3 says who forwards groups (draft-ietf-idmr-dvmrp-v3-11; version 1: RFC 1075),
// and the first version of PIM (draft-ietf-idmr-pim-sm-spec-10). Their common headers, and the messages that people ask routers for; others keep their bytes.

import { generated, group, verdict, type FieldNode, type Verdict } from '../field';
import { hex, labelled, unit } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { NodeReader } from '../nodeReader';

export const ROUTING = { dvmrp: 0x13, pim: 0x14 } as const;
const DVMRP_CODES: ReadonlyMap<number, string> = new Map([
  [1, 'Probe'], [2, 'Report'], [3, 'Ask neighbors'], [4, 'Neighbors'], [5, 'Ask neighbors 2'], [6, 'Neighbors 2'], [7, 'Prune'], [8, 'Graft'], [9, 'Graft acknowledgment'],
]);
const PIM_CODES: ReadonlyMap<number, string> = new Map([
  [0, 'Query'], [1, 'Register'], [2, 'Register-Stop'], [3, 'Join/Prune'], [4, 'RP-Reachable'], [5, 'Assert'], [6, 'Graft'], [7, 'Graft-Ack'], [8, 'Mode'],
]);
/** Where the version stands: the lower number, then the higher one. */
const MAJOR_AT = 7;

/** The node of such a message: all of the bytes. */
export function routingNode(bytes: Uint8Array, base: number, checksum: Verdict): FieldNode {
  const reader = new NodeReader(bytes, 0, bytes.length, base);
  const dvmrp = bytes[0] === ROUTING.dvmrp;
  if (dvmrp) distanceVector(reader, checksum);
  else independent(reader, checksum);
  reader.rest('igmp.data', reader.stopped ? 'cut off' : undefined);
  return dvmrp ? group('dvmrp', 'DVMRP', base, bytes.length, reader.nodes) : group('pim', 'PIM, version 1', base, bytes.length, reader.nodes);
}

/** Version 3 has its number in the header; its tools ask and answer with codes that version 1 has not. */
function distanceVector(reader: NodeReader, checksum: Verdict): void {
  const [, code = 0] = reader.bytes;
  const third = code >= 5 || reader.bytes[MAJOR_AT] === 3;
  reader.nodes.push(generated('dvmrp.version', third ? 3 : 1, third ? '3' : '1', reader.base, 0));
  reader.number('dvmrp.type', 1, hex(2));
  reader.number(third ? 'dvmrp.v3.code' : 'dvmrp.v1.code', 1, labelled(DVMRP_CODES, hex(2)));
  if (reader.number('dvmrp.checksum', 2, hex(4)) !== null) reader.nodes.push(verdict('dvmrp.checksum.status', checksum, reader.base + 2));
  if (!third) return;
  const reserved = reader.number('dvmrp.reserved', 2, hex(4));
  if (reserved === null) return;
  if (code === 6 || code === 1) {
    reader.at--;
    reader.bits('dvmrp.capabilities', 1, hex(2), [
      ['dvmrp.cap.netmask', 0x20], ['dvmrp.cap.snmp', 0x10], ['dvmrp.cap.mtrace', 0x08], ['dvmrp.cap.genid', 0x04], ['dvmrp.cap.prune', 0x02], ['dvmrp.cap.leaf', 0x01],
    ]);
  }
  reader.number('dvmrp.min_ver', 1, hex(2));
  reader.number('dvmrp.maj_ver', 1, hex(2));
  if (code === 1) {
    reader.number('dvmrp.genid', 4);
    neighbors(reader, CODEC_LIMITS.options);
  } else if (code === 6) interfaces(reader);
  else if (code === 7) {
    reader.ipv4('dvmrp.saddr');
    reader.ipv4('dvmrp.maddr');
    reader.number('dvmrp.lifetime', 4, unit('s'));
    if (reader.left >= 4) reader.ipv4('dvmrp.netmask');
  }
}

function neighbors(reader: NodeReader, count: number): void {
  for (let i = 0; i < count && reader.left > 0 && !reader.stopped; i++) reader.ipv4('dvmrp.neighbor');
}

/** What a router says of each of its interfaces, and who is behind it. */
function interfaces(reader: NodeReader): void {
  for (let i = 0; i < CODEC_LIMITS.options && reader.left > 0 && !reader.stopped; i++) {
    reader.ipv4('dvmrp.local');
    reader.number('dvmrp.metric', 1);
    reader.number('dvmrp.threshold', 1);
    reader.inside('dvmrp.flags', 'Flags', 1, 'igmp.data', (inner) => void inner.split(1, [
      ['dvmrp.flag.tunnel', 0x01], ['dvmrp.flag.srcroute', 0x02], ['dvmrp.flag.down', 0x10], ['dvmrp.flag.disabled', 0x20], ['dvmrp.flag.querier', 0x40], ['dvmrp.flag.leaf', 0x80],
    ]));
    neighbors(reader, reader.number('dvmrp.ncount', 1) ?? 0);
  }
}

/** The version is a field of its own behind the checksum. */
function independent(reader: NodeReader, checksum: Verdict): void {
  reader.nodes.push(generated('pim.igmp_type', 'PIM (0x14)', 'PIM (0x14)', reader.base, 1));
  reader.at++;
  const code = reader.number('pim.code', 1, labelled(PIM_CODES));
  if (code === null || !PIM_CODES.has(code)) return;
  if (reader.number('pim.cksum', 2, hex(4)) !== null) reader.nodes.push(verdict('pim.cksum.status', checksum, reader.base + 2));
  if (reader.left < 4) return;
  reader.split(1, [['pim.version', 0xf0]]);
  reader.bytesOf('pim.res_bytes', 3);
  if (code !== 4) return;
  reader.inside('pim.option', 'Options', 16, 'igmp.data', (inner) => {
    inner.ipv4('pim.group_address');
    inner.ipv4('pim.group_mask');
    inner.ipv4('pim.rp');
    inner.bytesOf('pim.res_bytes', 2);
    inner.number('pim.holdtime', 2, unit('s'));
  });
}
