// Messages of ICMPv6 that few networks have: router renumbering (RFC 2894), node information (RFC 4620), and RPL, the routing of lossy networks
// (RFC 6550). What stands behind the checksum, field by field. RPL's secured messages and rarer options keep their bytes.

import { hex, labelled, unit } from '../layout';
import { CODEC_LIMITS } from '../limits';
import type { BitPart, NodeReader } from '../nodeReader';

/** Bytes of the fixed part of each. */
export const RARE_LEAST: ReadonlyMap<number, number> = new Map([[138, 16], [139, 16], [140, 16], [155, 8]]);

/** All of a message of one of these types, by its type and code. */
export function rareMessage(reader: NodeReader, type: number, code: number): void {
  if (type === 138) renumbering(reader, code);
  else if (type === 155) rpl(reader, code);
  else nodeInformation(reader, type, code);
}

const MATCH_WORDS = 3;
const USE_WORDS = 4;
const WORD = 8;
const OPERATIONS: ReadonlyMap<number, string> = new Map([[1, 'Add'], [2, 'Change'], [3, 'Set global']]);

/** RFC 2894 3.1: a command has operations on prefixes, a result one line for each prefix that matched. */
function renumbering(reader: NodeReader, code: number): void {
  reader.number('icmpv6.rr.sequence_number', 4);
  reader.number('icmpv6.rr.segment_number', 1);
  reader.bits('icmpv6.rr.flag', 1, hex(2), [
    ['icmpv6.rr.flag.t', 0x80], ['icmpv6.rr.flag.r', 0x40], ['icmpv6.rr.flag.a', 0x20], ['icmpv6.rr.flag.s', 0x10], ['icmpv6.rr.flag.p', 0x08], ['icmpv6.rr.flag.rsv', 0x07],
  ]);
  reader.number('icmpv6.rr.maxdelay', 2, unit('ms'));
  reader.bytesOf('icmpv6.reserved', 4);
  for (let count = 0; code <= 1 && reader.left >= WORD && !reader.stopped && count < CODEC_LIMITS.options; count++) {
    if (code === 0) operation(reader);
    else result(reader);
  }
}

/** RFC 2894 3.2: which prefixes, then what is done for each. */
function operation(reader: NodeReader): void {
  const words = reader.bytes[reader.at + 1] ?? 0;
  reader.inside('icmpv6.rr.pco.mp', 'Match prefix', MATCH_WORDS * WORD, 'icmpv6.unknown_data', (inner) => {
    const what = inner.number('icmpv6.rr.pco.mp.opcode', 1, labelled(OPERATIONS));
    inner.number('icmpv6.rr.pco.mp.oplength', 1, (value) => `${value} (${value * WORD} B)`);
    inner.number('icmpv6.rr.pco.mp.ordinal', 1, hex(2));
    const length = inner.number('icmpv6.rr.pco.mp.matchlen', 1);
    inner.number('icmpv6.rr.pco.mp.minlen', 1);
    inner.number('icmpv6.rr.pco.mp.maxlen', 1);
    inner.bytesOf('icmpv6.reserved', 2);
    const prefix = inner.ipv6('icmpv6.rr.pco.mp.matchprefix');
    return prefix === null ? undefined : `${OPERATIONS.get(what ?? 0) ?? what}: ${prefix}/${length}`;
  });
  for (let left = words - MATCH_WORDS; left >= USE_WORDS && reader.left > 0; left -= USE_WORDS) use(reader);
}

/** RFC 2894 3.2.2. */
function use(reader: NodeReader): void {
  const flags: readonly BitPart[] = [['icmpv6.rr.pco.up.flagmask.l', 0x80], ['icmpv6.rr.pco.up.flagmask.a', 0x40], ['icmpv6.rr.pco.up.flagmask.reserved', 0x3f]];
  reader.inside('icmpv6.rr.pco.up', 'Use prefix', USE_WORDS * WORD, 'icmpv6.unknown_data', (inner) => {
    const length = inner.number('icmpv6.rr.pco.up.uselen', 1);
    inner.number('icmpv6.rr.pco.up.keeplen', 1);
    inner.bits('icmpv6.rr.pco.up.flagmask', 1, hex(2), flags);
    inner.bits('icmpv6.rr.pco.up.raflags', 1, hex(2), flags);
    inner.number('icmpv6.rr.pco.up.validlifetime', 4, unit('s'));
    inner.number('icmpv6.rr.pco.up.preferredlifetime', 4, unit('s'));
    inner.bits('icmpv6.rr.pco.up.flag', 4, hex(8), [
      ['icmpv6.rr.pco.up.flag.v', 0x8000_0000], ['icmpv6.rr.pco.up.flag.p', 0x4000_0000], ['icmpv6.rr.pco.up.flag.reserved', 0x3fff_ffff],
    ]);
    const prefix = inner.ipv6('icmpv6.rr.pco.up.useprefix');
    return prefix === null ? undefined : `${prefix}/${length}`;
  });
}

/** RFC 2894 3.3. */
function result(reader: NodeReader): void {
  reader.inside('icmpv6.rr.rm', 'Result', MATCH_WORDS * WORD, 'icmpv6.unknown_data', (inner) => {
    inner.bits('icmpv6.rr.rm.flag', 2, hex(4), [['icmpv6.rr.rm.flag.b', 0x0002], ['icmpv6.rr.rm.flag.f', 0x0001], ['icmpv6.rr.rm.flag.reserved', 0xfffc]]);
    inner.number('icmpv6.rr.rm.ordinal', 1, hex(2));
    const length = inner.number('icmpv6.rr.rm.matchedlen', 1);
    inner.number('icmpv6.rr.rm.interfaceindex', 4);
    const prefix = inner.ipv6('icmpv6.rr.rm.matchedprefix');
    return prefix === null ? undefined : `${prefix}/${length}`;
  });
}

const QTYPES: ReadonlyMap<number, string> = new Map([[0, 'Nothing'], [2, 'Node name'], [3, 'Node addresses'], [4, 'IPv4 addresses']]);
const QUERY = 139;

/** RFC 4620 section 4: who is asked about, or what is answered. */
function nodeInformation(reader: NodeReader, type: number, code: number): void {
  const asked = reader.number('icmpv6.ni.qtype', 2, labelled(QTYPES));
  reader.bits('icmpv6.ni.flag', 2, hex(4), [
    ['icmpv6.ni.flag.g', 0x0020], ['icmpv6.ni.flag.s', 0x0010], ['icmpv6.ni.flag.l', 0x0008], ['icmpv6.ni.flag.c', 0x0004], ['icmpv6.ni.flag.a', 0x0002],
    ['icmpv6.ni.flag.t', 0x0001], ['icmpv6.ni.flag.rsv', 0xffc0],
  ]);
  reader.long('icmpv6.ni.nonce');
  if (type === QUERY) {
    if (code === 0 && reader.left > 0) reader.ipv6('icmpv6.ni.query.subject_ipv6');
    if (code === 2 && reader.left > 0) reader.ipv4('icmpv6.ni.query.subject_ipv4');
    return;
  }
  const address = asked === 3 ? 'icmpv6.ni.reply.node_address' : asked === 4 ? 'icmpv6.ni.reply.ipv4_address' : null;
  for (let count = 0; address !== null && code === 0 && reader.left > 0 && !reader.stopped && count < CODEC_LIMITS.options; count++) {
    reader.number('icmpv6.ni.reply.node_ttl', 4, unit('s'));
    if (asked === 3) reader.ipv6(address);
    else reader.ipv4(address);
  }
}

const MODES: ReadonlyMap<number, string> = new Map([[0, 'no downward routes'], [1, 'non-storing'], [2, 'storing'], [3, 'storing, multicast']]);

/** RFC 6550 section 6: asking for a graph, announcing one, announcing a destination, and its answer. */
function rpl(reader: NodeReader, code: number): void {
  switch (code) {
    case 0:
      reader.number('icmpv6.rpl.dis.flags', 1);
      reader.bytesOf('icmpv6.reserved', 1);
      break;
    case 1:
      reader.number('icmpv6.rpl.dio.instance', 1);
      reader.number('icmpv6.rpl.dio.version', 1);
      reader.number('icmpv6.rpl.dio.rank', 2);
      reader.bits('icmpv6.rpl.dio.flag', 1, hex(2), [
        ['icmpv6.rpl.dio.flag.g', 0x80], ['icmpv6.rpl.dio.flag.0', 0x40], ['icmpv6.rpl.dio.flag.mop', 0x38, labelled(MODES)], ['icmpv6.rpl.dio.flag.preference', 0x07],
      ]);
      reader.number('icmpv6.rpl.dio.dtsn', 1);
      reader.bytesOf('icmpv6.reserved', 2);
      reader.ipv6('icmpv6.rpl.dio.dagid');
      break;
    case 2: {
      reader.number('icmpv6.rpl.dao.instance', 1);
      const flags = reader.bits('icmpv6.rpl.dao.flag', 1, hex(2), [['icmpv6.rpl.dao.flag.k', 0x80], ['icmpv6.rpl.dao.flag.d', 0x40], ['icmpv6.rpl.dao.flag.rsv', 0x3f]]) ?? 0;
      reader.bytesOf('icmpv6.reserved', 1);
      reader.number('icmpv6.rpl.dao.sequence', 1);
      if ((flags & 0x40) !== 0) reader.ipv6('icmpv6.rpl.dao.dodagid');
      break;
    }
    case 3: {
      reader.number('icmpv6.rpl.daoack.instance', 1);
      const flags = reader.bits('icmpv6.rpl.daoack.flag', 1, hex(2), [['icmpv6.rpl.daoack.flag.d', 0x80], ['icmpv6.rpl.daoack.flag.rsv', 0x7f]]) ?? 0;
      reader.number('icmpv6.rpl.daoack.sequence', 1);
      reader.number('icmpv6.rpl.daoack.status', 1);
      if ((flags & 0x80) !== 0) reader.ipv6('icmpv6.rpl.daoack.dodagid');
      break;
    }
    default: return reader.rest('icmpv6.data');
  }
  for (let count = 0; reader.left > 0 && !reader.stopped && count < CODEC_LIMITS.options; count++) rplOption(reader);
}

const RPL_OPTION = { pad1: 0, padN: 1, configuration: 4, target: 5, transit: 6 } as const;
const RPL_OPTIONS: ReadonlyMap<number, string> = new Map([
  [0, 'One byte of padding'], [1, 'Padding'], [2, 'Metric'], [3, 'Route information'], [4, 'Configuration of the graph'], [5, 'Target'], [6, 'Transit'], [7, 'Solicited information'], [8, 'Prefix information'],
  [9, 'Description of the target'],
]);

/** RFC 6550 6.7: a type, a length in bytes, what the type says; padding of one byte has no length. */
function rplOption(reader: NodeReader): void {
  const type = reader.bytes[reader.at] ?? 0;
  const length = type === RPL_OPTION.pad1 ? 1 : 2 + (reader.bytes[reader.at + 1] ?? 0);
  reader.inside('icmpv6.opt', RPL_OPTIONS.get(type) ?? `Option ${type}`, length, 'icmpv6.unknown_data', (inner) => {
    inner.number('icmpv6.rpl.opt.type', 1, labelled(RPL_OPTIONS));
    if (type === RPL_OPTION.pad1) return;
    inner.number('icmpv6.rpl.opt.length', 1, unit('B'));
    switch (type) {
      case RPL_OPTION.padN: return void inner.bytesOf('icmpv6.rpl.opt.padn', inner.left);
      case RPL_OPTION.configuration: return configuration(inner);
      case RPL_OPTION.target: {
        inner.bytesOf('icmpv6.rpl.opt.target.flag', 1);
        const bits = inner.number('icmpv6.rpl.opt.target.prefix_length', 1);
        const prefix = inner.left > 16 ? null : inner.prefix('icmpv6.rpl.opt.target.prefix', inner.left);
        return prefix === null ? undefined : `${prefix}/${bits}`;
      }
      case RPL_OPTION.transit:
        inner.bits('icmpv6.rpl.opt.transit.flag', 1, hex(2), [['icmpv6.rpl.opt.transit.flag.e', 0x80], ['icmpv6.rpl.opt.transit.flag.rsv', 0x7f]]);
        inner.number('icmpv6.rpl.opt.transit.pathctl', 1);
        inner.number('icmpv6.rpl.opt.transit.pathseq', 1);
        inner.number('icmpv6.rpl.opt.transit.pathlifetime', 1);
        if (inner.left > 0) inner.ipv6('icmpv6.rpl.opt.transit.parent');
        return;
      default: inner.rest('icmpv6.data');
    }
  });
}

/** RFC 6550 6.7.6. */
function configuration(reader: NodeReader): void {
  reader.bits('icmpv6.rpl.opt.config.flag', 1, hex(2), [['icmpv6.rpl.opt.config.reserved', 0xf0], ['icmpv6.rpl.opt.config.auth', 0x08], ['icmpv6.rpl.opt.config.pcs', 0x07]]);
  reader.number('icmpv6.rpl.opt.config.interval_double', 1);
  reader.number('icmpv6.rpl.opt.config.interval_min', 1);
  reader.number('icmpv6.rpl.opt.config.redundancy', 1);
  reader.number('icmpv6.rpl.opt.config.max_rank_inc', 2);
  reader.number('icmpv6.rpl.opt.config.min_hop_rank_inc', 2);
  reader.number('icmpv6.rpl.opt.config.ocp', 2);
  reader.number('icmpv6.rpl.opt.config.rsv', 1);
  reader.number('icmpv6.rpl.opt.config.def_lifetime', 1);
  reader.number('icmpv6.rpl.opt.config.lifetime_unit', 2);
}
