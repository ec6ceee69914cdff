// IGMP (RFC 1112, RFC 2236, RFC 3376): routers ask which groups are listened to on a link, hosts answer. All of its bytes are one message.
// DVMRP, which goes along as one of its types, is told in dvmrp.ts.

import { concatBytes, readUint } from '../../base/bytes';
import { internetChecksum } from '../../base/checksum';
import { incomplete, type Codec, type Context } from '../codec';
import { generated, group, verdict, type Verdict } from '../field';
import { hex, labelled, readLayout, uint, writeLayout, type ValuesOf } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { NodeReader } from '../nodeReader';
import { DVMRP_TYPE, dvmrpNode } from './dvmrp';

const LENGTH = 8;
const TYPE = { query: 0x11, report1: 0x12, report2: 0x16, leave: 0x17, report3: 0x22 } as const;
/** The first version of PIM, which goes along as a type of IGMP: the second byte is its own. */
const PIM = 0x14;
const TYPES: ReadonlyMap<number, string> = new Map([[0x11, 'Membership query'], [0x12, 'Membership report, version 1'], [PIM, 'PIM, version 1'], [0x16, 'Membership report, version 2'], [0x17, 'Leave group'], [0x22, 'Membership report, version 3']]);
/** RFC 3376 4.2.12. */
const RECORDS: ReadonlyMap<number, string> = new Map([[1, 'is include'], [2, 'is exclude'], [3, 'change to include'], [4, 'change to exclude'], [5, 'allow new sources'], [6, 'block old sources']]);
/** A query of version 3 is this long at least (RFC 3376 7.1). */
const QUERY3 = 12;

const layout = { type: uint('igmp.type', 0, 1), code: uint('igmp.max_resp', 1, 1), checksum: uint('igmp.checksum', 2, 2) };

export type IgmpMessage = ValuesOf<typeof layout> & {
  /** From byte 4 on: a group, then what the type says. */
  readonly body: Uint8Array;
};
/** Without a checksum, the right one is written. */
export type IgmpInput = Pick<IgmpMessage, 'type' | 'body'> & Partial<IgmpMessage>;

export const codec: Codec<IgmpMessage, IgmpInput> = {
  protocol: 'igmp',
  title: 'IGMP',
  layer: 'internet',
  claims: ['ip.proto:2'],
  decode(bytes, context) {
    if (bytes.length < LENGTH) return incomplete(LENGTH);
    const end = bytes.length;
    return { status: 'complete', value: { ...readLayout(layout, bytes), body: bytes.slice(4) }, length: end, payload: { start: end, end, missing: context.missing ?? 0 }, next: [], inside: {}, quotes: false };
  },
  encode(value, payload) {
    const bytes = concatBytes(new Uint8Array(4), value.body, payload);
    writeLayout(layout, bytes, { code: 0, ...value, checksum: value.checksum ?? 0 });
    if (value.checksum === undefined) writeLayout(layout, bytes, { code: 0, ...value, checksum: internetChecksum(bytes) });
    return bytes;
  },
  fields(bytes, context, base) {
    if (bytes[0] === DVMRP_TYPE) return group('igmp', 'IGMP', base, bytes.length, [dvmrpNode(bytes, base, state(bytes, context))]);
    const reader = new NodeReader(bytes, 0, bytes.length, base);
    const version = versionOf(bytes);
    if (version !== null) reader.nodes.push(generated('igmp.version', version, String(version), base, 0));
    const type = reader.number('igmp.type', 1, labelled(TYPES, hex(2)));
    if (version === 1 || type === TYPE.report3) reader.bytesOf('igmp.reserved', 1);
    else if (type === PIM) reader.bytesOf('igmp.data', 1);
    else responseTime(reader, version);
    if (reader.number('igmp.checksum', 2, hex(4)) !== null) reader.nodes.push(verdict('igmp.checksum.status', state(bytes, context), base + 2));
    if (type === TYPE.report3) records(reader);
    else if (type !== null && TYPES.has(type) && type !== PIM) {
      reader.ipv4('igmp.maddr');
      if (type === TYPE.query && version === 3) query(reader);
    }
    reader.rest('igmp.data', reader.stopped ? 'cut off' : undefined);
    return group('igmp', 'IGMP', base, bytes.length, reader.nodes);
  },
};

function state(bytes: Uint8Array, context: Context): Verdict {
  if ((context.missing ?? 0) > 0 || context.fragment === true) return 'unverified';
  return internetChecksum(bytes) === 0 ? 'good' : 'bad';
}

/** RFC 3376 7.1: which version a message is of; null: nobody's. */
function versionOf(bytes: Uint8Array): number | null {
  switch (bytes[0]) {
    case TYPE.query: return bytes.length >= QUERY3 ? 3 : bytes[1] === 0 ? 1 : 2;
    case TYPE.report1: return 1;
    case TYPE.report2: case TYPE.leave: return 2;
    case TYPE.report3: return 3;
    default: return null;
  }
}

/** Tenths of a second; in version 3 from 128 on with an exponent (RFC 3376 4.1.1). */
function responseTime(reader: NodeReader, version: number | null): void {
  const code = reader.number('igmp.max_resp', 1);
  const node = reader.nodes.at(-1);
  if (code === null || node === undefined) return;
  const value = version === 3 && code >= 128 ? ((code & 0x0f) | 0x10) << (((code >> 4) & 7) + 3) : code;
  reader.nodes.splice(-1, 1, { ...node, value, display: `${value / 10} s` });
}

/** RFC 3376 4.1.5 to 4.1.9. */
function query(reader: NodeReader): void {
  reader.split(1, [['igmp.s', 0x08], ['igmp.qrv', 0x07]]);
  reader.number('igmp.qqic', 1);
  const sources = reader.number('igmp.num_src', 2) ?? 0;
  for (let i = 0; i < Math.min(sources, CODEC_LIMITS.options) && reader.left >= 4; i++) reader.ipv4('igmp.saddr');
}

/** RFC 3376 4.2. */
function records(reader: NodeReader): void {
  reader.bytesOf('igmp.reserved', 2);
  const count = reader.number('igmp.num_grp_recs', 2) ?? 0;
  for (let i = 0; i < Math.min(count, CODEC_LIMITS.options) && reader.left >= 4; i++) {
    const words = reader.bytes[reader.at + 1] ?? 0;
    const sources = readUint(reader.bytes, reader.at + 2, 2);
    reader.inside('igmp.group_record', 'Record', 8 + (sources + words) * 4, 'igmp.data', (inner) => {
      const type = inner.number('igmp.record_type', 1, labelled(RECORDS)) ?? 0;
      inner.number('igmp.aux_data_len', 1);
      inner.number('igmp.num_src', 2);
      const address = inner.ipv4('igmp.maddr');
      for (let j = 0; j < Math.min(sources, CODEC_LIMITS.options / 4) && !inner.stopped; j++) inner.ipv4('igmp.saddr');
      if (words > 0) inner.bytesOf('igmp.aux_data', Math.min(words * 4, inner.left));
      return `${RECORDS.get(type) ?? type} ${address ?? ''}`;
    });
  }
}
