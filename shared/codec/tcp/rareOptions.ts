// The data of the TCP options that few segments have, as nodes: Multipath TCP (RFC 8684 3), Fast Open (RFC 7413 4.1), MD5 and AO signatures
// (RFC 2385, RFC 5925 2.2), user timeouts (RFC 5482 2), accurate ECN, experiments (RFC 6994 2). Their values stay bytes (options.ts).

import type { FieldNode } from '../field';
import { hex, labelled, unit } from '../layout';
import { NodeReader, type BitPart } from '../nodeReader';

const KIND = { md5: 19, userTimeout: 28, authentication: 29, multipath: 30, fastOpen: 34, accurateEcn0: 172, accurateEcn1: 174, experiment1: 253, experiment2: 254 } as const;
const SUBTYPE = { capable: 0, join: 1, dss: 2, addAddress: 3, removeAddress: 4, priority: 5, fail: 6, fastClose: 7, reset: 8 } as const;
const SUBTYPES: ReadonlyMap<number, string> = new Map([
  [0, 'MP_CAPABLE'], [1, 'MP_JOIN'], [2, 'DSS'], [3, 'ADD_ADDR'], [4, 'REMOVE_ADDR'], [5, 'MP_PRIO'], [6, 'MP_FAIL'], [7, 'MP_FASTCLOSE'], [8, 'MP_RST'],
]);
/** RFC 7413 4.1.1 before it had a number. */
const FAST_OPEN_EXPERIMENT = 0xf989;
/** Accurate ECN before it had kinds: by the order of its counters (RFC 9768 3.2.3, drafts of it). */
const ECN_EXPERIMENT = [0xacc0, 0xacc1] as const;

export interface RareOption {
  readonly name: string;
  readonly display: string;
  readonly nodes: readonly FieldNode[];
}

/** The option whose bytes these are, when it is one of them; `base`: its place in the frame. */
export function rareOption(kind: number, bytes: Uint8Array, base: number): RareOption | null {
  const reader = new NodeReader(bytes, 2, bytes.length, base);
  const option = (name: string, display: string): RareOption => {
    reader.rest('tcp.options.unknown.payload');
    return { name, display, nodes: reader.nodes };
  };
  switch (kind) {
    case KIND.multipath: return option('tcp.options.mptcp', multipath(reader));
    case KIND.fastOpen: return option('tcp.options.tfo', fastOpen(reader));
    case KIND.md5:
      reader.bytesOf('tcp.options.md5.digest', 16);
      return option('tcp.options.md5', 'MD5 signature');
    case KIND.authentication:
      reader.number('tcp.options.ao.keyid', 1);
      reader.number('tcp.options.ao.rnextkeyid', 1);
      reader.bytesOf('tcp.options.ao.mac', reader.left);
      return option('tcp.options.ao', 'TCP-AO');
    case KIND.userTimeout: {
      const packed = reader.split(2, [['tcp.options.user_to_granularity', 0x8000], ['tcp.options.user_to_val', 0x7fff]]);
      return option('tcp.options.user_to', packed === null ? 'User timeout' : `User timeout ${packed & 0x7fff} ${(packed & 0x8000) === 0 ? 's' : 'min'}`);
    }
    case KIND.accurateEcn0: case KIND.accurateEcn1: {
      return option('tcp.options.acc_ecn', accurateEcn(reader, kind === KIND.accurateEcn0));
    }
    case KIND.experiment1: case KIND.experiment2: {
      const id = reader.number('tcp.options.experimental.exid', 2, hex(4));
      const said = id === FAST_OPEN_EXPERIMENT ? fastOpen(reader) : id === ECN_EXPERIMENT[0] || id === ECN_EXPERIMENT[1] ? accurateEcn(reader, id === ECN_EXPERIMENT[0]) : 'Experiment';
      if (reader.left > 0) reader.bytesOf('tcp.options.experimental.data', reader.left);
      return option('tcp.options.experimental', said);
    }
    default: return null;
  }
}

/** RFC 9768 3.2.3: up to three counters of bytes; the order depends on the kind. */
function accurateEcn(reader: NodeReader, firstOrder: boolean): string {
  const names = ['tcp.options.acc_ecn.ee0b', 'tcp.options.acc_ecn.eceb', 'tcp.options.acc_ecn.ee1b'];
  for (const name of firstOrder ? names : names.reverse()) if (reader.left >= 3) reader.number(name, 3, unit('B'));
  return 'Accurate ECN';
}

function fastOpen(reader: NodeReader): string {
  if (reader.left > 0) {
    reader.bytesOf('tcp.options.tfo.cookie', reader.left);
    return 'Fast Open cookie';
  }
  reader.nodes.push({ name: 'tcp.options.tfo.request', value: null, display: 'asks for a cookie', start: reader.base, length: reader.end, children: [] });
  return 'Fast Open request';
}

/** RFC 8684 3: the subtype is in the high bits of the first byte; what follows depends on it and on how long the option is. */
function multipath(reader: NodeReader): string {
  const first = reader.bytes[reader.at] ?? 0;
  const subtype = first >> 4;
  const kind: BitPart = ['tcp.options.mptcp.subtype', 0xf0, labelled(SUBTYPES)];
  const name = SUBTYPES.get(subtype) ?? `MPTCP ${subtype}`;
  const backup: BitPart = ['tcp.options.mptcp.backup.flag', 0x01, String];
  switch (subtype) {
    case SUBTYPE.capable: {
      // RFC 6824 had a bit less (version 0).
      const later: readonly BitPart[] = [['tcp.options.mptcp.nomoresubflows.flag', 0x20, String], ['tcp.options.mptcp.reserved.flag', 0x1e, hex(2)], ['tcp.options.mptcp.sha256.flag', 0x01, String]];
      const former: readonly BitPart[] = [['tcp.options.mptcp.reserved.flag', 0x3e, hex(2)], ['tcp.options.mptcp.sha1.flag', 0x01, String]];
      reader.split(1, [kind, ['tcp.options.mptcp.version', 0x0f, String]]);
      reader.bits('tcp.options.mptcp.flags', 1, hex(2), [
        ['tcp.options.mptcp.checksumreq.flags', 0x80, String], ['tcp.options.mptcp.extensibility.flag', 0x40, String], ...((first & 0x0f) === 0 ? former : later),
      ]);
      if (reader.left >= 8) reader.long('tcp.options.mptcp.sendkey');
      if (reader.left >= 8) reader.long('tcp.options.mptcp.recvkey');
      if (reader.left >= 2) reader.number('tcp.options.mptcp.datalvllen', 2);
      if (reader.left >= 2) reader.number('tcp.options.mptcp.checksum', 2, hex(4));
      return name;
    }
    case SUBTYPE.join: {
      const whole = reader.end;
      if (whole === 24) {
        reader.split(2, [['tcp.options.mptcp.subtype', 0xf000, labelled(SUBTYPES)], ['tcp.options.mptcp.reserved', 0x0fff, hex(3)]]);
        reader.bytesOf('tcp.options.mptcp.sendhmac', 20);
        return name;
      }
      reader.bits('tcp.options.mptcp.flags', 1, hex(2), [kind, backup]);
      reader.number('tcp.options.mptcp.addrid', 1);
      if (whole === 12) reader.number('tcp.options.mptcp.recvtok', 4, hex(8));
      else reader.long('tcp.options.mptcp.sendtrunchmac');
      reader.number('tcp.options.mptcp.sendrand', 4);
      return name;
    }
    case SUBTYPE.dss: return dataSequence(reader, kind, name);
    case SUBTYPE.addAddress: return address(reader, kind, name);
    case SUBTYPE.removeAddress:
      reader.split(1, [kind]);
      while (reader.left > 0) reader.number('tcp.options.mptcp.addrid', 1);
      return name;
    case SUBTYPE.priority:
      reader.split(1, [kind, backup]);
      if (reader.left > 0) reader.number('tcp.options.mptcp.addrid', 1);
      return name;
    case SUBTYPE.fail: case SUBTYPE.fastClose:
      reader.split(2, [['tcp.options.mptcp.subtype', 0xf000, labelled(SUBTYPES)], ['tcp.options.mptcp.reserved', 0x0fff, hex(3)]]);
      reader.long(subtype === SUBTYPE.fail ? 'tcp.options.mptcp.rawdataseqno' : 'tcp.options.mptcp.recvkey');
      return name;
    case SUBTYPE.reset:
      reader.bits('tcp.options.mptcp.flags', 1, hex(2), [kind, ['tcp.options.mptcp.flag_U.flag', 0x08], ['tcp.options.mptcp.flag_V.flag', 0x04], ['tcp.options.mptcp.flag_W.flag', 0x02], ['tcp.options.mptcp.flag_T.flag', 0x01]]);
      reader.number('tcp.options.mptcp.rst_reason', 1, hex(2));
      return name;
    default:
      reader.split(1, [kind]);
      return name;
  }
}

/** RFC 8684 3.3: which numbers are there, and how long they are, is in the flags. */
function dataSequence(reader: NodeReader, kind: BitPart, name: string): string {
  reader.split(1, [kind]);
  const flags = reader.bits('tcp.options.mptcp.flags', 1, hex(2), [
    ['tcp.options.mptcp.datafin.flag', 0x10, String], ['tcp.options.mptcp.dseqn8.flag', 0x08, String], ['tcp.options.mptcp.dseqnpresent.flag', 0x04, String],
    ['tcp.options.mptcp.dataack8.flag', 0x02, String], ['tcp.options.mptcp.dataackpresent.flag', 0x01, String],
  ]) ?? 0;
  const number = (field: string, long: boolean): unknown => (long ? reader.long(field) : reader.number(field, 4));
  if ((flags & 0x01) !== 0) number('tcp.options.mptcp.rawdataack', (flags & 0x02) !== 0);
  if ((flags & 0x04) !== 0) {
    number('tcp.options.mptcp.rawdataseqno', (flags & 0x08) !== 0);
    reader.number('tcp.options.mptcp.subflowseqno', 4);
    reader.number('tcp.options.mptcp.datalvllen', 2);
    if (reader.left >= 2) reader.number('tcp.options.mptcp.checksum', 2, hex(4));
  }
  return name;
}

/** RFC 8684 3.4.1: the address's version follows from the length; version 0 said it beside the subtype (RFC 6824 3.4.1). */
function address(reader: NodeReader, kind: BitPart, name: string): string {
  const low = (reader.bytes[reader.at] ?? 0) & 0x0f;
  reader.split(1, [kind, low === 4 || low === 6 ? ['tcp.options.mptcp.ipver', 0x0f, String] : ['tcp.options.mptcp.echo', 0x01, String]]);
  reader.number('tcp.options.mptcp.addrid', 1);
  const left = reader.left;
  const six = left === 16 || left === 18 || left === 24 || left === 26;
  const said = six ? reader.ipv6('tcp.options.mptcp.ipv6') : reader.ipv4('tcp.options.mptcp.ipv4');
  if (reader.left === 2 || reader.left === 10) reader.number('tcp.options.mptcp.port', 2);
  if (reader.left === 8) reader.long('tcp.options.mptcp.addaddrtrunchmac');
  return said === null ? name : `${name} ${said}`;
}
