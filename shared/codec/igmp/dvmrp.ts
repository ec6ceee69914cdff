// DVMRP, which goes along as a type of IGMP: routers say who forwards groups (version 3: draft-ietf-idmr-dvmrp-v3-11; version 1: RFC 1075). Its common
// header, and the messages of version 3 that people ask routers for; others keep their bytes.

import { generated, group, verdict, type FieldNode, type Verdict } from '../field';
import { hex, labelled, unit } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { NodeReader } from '../nodeReader';

export const DVMRP_TYPE = 0x13;
const CODES: ReadonlyMap<number, string> = new Map([
  [1, 'Probe'], [2, 'Report'], [3, 'Ask neighbors'], [4, 'Neighbors'], [5, 'Ask neighbors 2'], [6, 'Neighbors 2'], [7, 'Prune'], [8, 'Graft'], [9, 'Graft acknowledgment'],
]);
/** Where the version stands: the lower number, then the higher one. */
const MAJOR_AT = 7;

/** The node of such a message: all of the bytes. */
export function dvmrpNode(bytes: Uint8Array, base: number, checksum: Verdict): FieldNode {
  const reader = new NodeReader(bytes, 0, bytes.length, base);
  distanceVector(reader, checksum);
  reader.rest('igmp.data', reader.stopped ? 'cut off' : undefined);
  return group('dvmrp', 'DVMRP', base, bytes.length, reader.nodes);
}

/** Version 3 has its number in the header; its tools ask and answer with codes that version 1 has not. */
function distanceVector(reader: NodeReader, checksum: Verdict): void {
  const [, code = 0] = reader.bytes;
  const third = code >= 5 || reader.bytes[MAJOR_AT] === 3;
  reader.nodes.push(generated('dvmrp.version', third ? 3 : 1, third ? '3' : '1', reader.base, 0));
  reader.number('dvmrp.type', 1, hex(2));
  reader.number(third ? 'dvmrp.v3.code' : 'dvmrp.v1.code', 1, labelled(CODES, hex(2)));
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
