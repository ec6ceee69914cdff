// Nodes of the data of DNS records: for each type a list of its parts, read one after the other. The same bytes as rdata.ts reads,
// with Wireshark's names. Also names label by label, and the fields of EDNS that lie where others have class and TTL.

import { utf8Text } from '../../base/bytesText';
import { ipv4Text, ipv6Text } from '../address';
import { group, type FieldNode } from '../field';
import { bit, bytesNode, layoutNodes, uint, unit, view } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { leaf, nameNode, numberNode } from './nameNode';
import { isTyped } from './rdata';
import { ednsValueNodes, MORE_PARTS, svcValueNodes, svcValueText, type Part } from './rdataMore';
import { DNS_TYPE, EDNS_OPTION, SVC_KEY } from './types';
import { WireFault, type WireReader } from './wireReader';

const name = (field: string): Part => (reader, base) => [nameNode(reader, field, base).node];
const number = (field: string, length: 1 | 2 | 4, format: (value: number) => string = String): Part => (reader, base) => [numberNode(reader, field, length, base, format)];
const address4 = (field: string): Part => (reader, base) => [taken(reader, field, 4, base, ipv4Text)];
const address6 = (field: string): Part => (reader, base) => [taken(reader, field, 16, base, ipv6Text)];
const seconds = unit('s');

/** What lies in the data, in order, by type. */
const PARTS: ReadonlyMap<number, readonly Part[]> = new Map<number, readonly Part[]>([
  [DNS_TYPE.A, [address4('dns.a')]],
  [DNS_TYPE.AAAA, [address6('dns.aaaa')]],
  [DNS_TYPE.NS, [name('dns.ns')]],
  [DNS_TYPE.CNAME, [name('dns.cname')]],
  [DNS_TYPE.PTR, [name('dns.ptr.domain_name')]],
  [DNS_TYPE.DNAME, [name('dns.dname')]],
  [DNS_TYPE.MX, [number('dns.mx.preference', 2), name('dns.mx.mail_exchange')]],
  [DNS_TYPE.SOA, [
    name('dns.soa.mname'), name('dns.soa.rname'), number('dns.soa.serial_number', 4), number('dns.soa.refresh_interval', 4, seconds),
    number('dns.soa.retry_interval', 4, seconds), number('dns.soa.expire_limit', 4, seconds), number('dns.soa.minimum_ttl', 4, seconds),
  ]],
  [DNS_TYPE.TXT, [each((reader, base) => [numberNode(reader, 'dns.txt.length', 1, base), stringNode(reader, 'dns.txt', base)])]],
  [DNS_TYPE.SRV, [number('dns.srv.priority', 2), number('dns.srv.weight', 2), number('dns.srv.port', 2), name('dns.srv.target')]],
  [DNS_TYPE.CAA, [caa]],
  [DNS_TYPE.SVCB, [number('dns.svcb.svcpriority', 2), name('dns.svcb.targetname'), each(svcParam)]],
  [DNS_TYPE.HTTPS, [number('dns.svcb.svcpriority', 2), name('dns.svcb.targetname'), each(svcParam)]],
  [DNS_TYPE.OPT, [each(option)]],
  ...MORE_PARTS,
]);

/** The nodes of the data between `reader.at` and `reader.end`. What is not known, or cannot be read on, is bytes. Never throws. */
export function dataNodes(reader: WireReader, type: number, class_: number, base: number): FieldNode[] {
  const nodes: FieldNode[] = [];
  const rest = (problem?: string): void => {
    if (reader.at < reader.end) nodes.push(bytesNode('dns.data', reader.bytes, reader.at, reader.end, base, problem));
  };
  const parts = isTyped(type, class_, reader.end - reader.at) ? PARTS.get(type) : undefined;
  if (parts === undefined) {
    rest();
    return nodes;
  }
  let at = reader.at;
  try {
    for (const part of parts) {
      at = reader.at;
      nodes.push(...part(reader, base));
    }
    rest('bytes of data too many');
  } catch (fault) {
    if (!(fault instanceof WireFault)) throw fault;
    reader.at = at;
    rest(fault.why);
  }
  return nodes;
}

/** The same part again and again to the end of the data. */
function each(part: Part): Part {
  return (reader, base) => {
    const nodes: FieldNode[] = [];
    for (let count = 0; reader.at < reader.end && count < CODEC_LIMITS.options; count++) {
      const at = reader.at;
      try {
        nodes.push(...part(reader, base));
      } catch (fault) {
        if (!(fault instanceof WireFault)) throw fault;
        nodes.push(bytesNode('dns.data', reader.bytes, at, reader.end, base, fault.why));
        reader.at = reader.end;
      }
    }
    if (reader.at < reader.end) nodes.push(bytesNode('dns.data', reader.bytes, reader.at, reader.end, base));
    reader.at = reader.end;
    return nodes;
  };
}

function taken(reader: WireReader, field: string, length: number, base: number, show: (bytes: Uint8Array) => string): FieldNode {
  const start = reader.at;
  const text = show(reader.take(length));
  return leaf(field, text, text, base + start, length);
}

/** The bytes of a character string whose length was the byte before. */
function stringNode(reader: WireReader, field: string, base: number): FieldNode {
  const start = reader.at;
  const text = utf8Text(reader.take(reader.bytes[start - 1] ?? 0));
  return leaf(field, text, text, base + start, reader.at - start);
}

const EDNS = {
  extendedRcode: uint('dns.resp.ext_rcode', 0, 1),
  version: uint('dns.resp.edns0_version', 1, 1),
  z: uint('dns.resp.z', 2, 2, { format: (value) => (value === 0x8000 ? 'DO' : `0x${value.toString(16).padStart(4, '0')}`) }),
  dnssecOk: view(bit('dns.resp.z.do', 2, 2, 0x8000), 'z'),
  reserved: view(uint('dns.resp.z.reserved', 2, 2, { mask: 0x7fff }), 'z'),
};

/** What an OPT record has instead of class and TTL (RFC 6891 6.1.2, 6.1.3). */
export function ednsNodes(reader: WireReader, base: number): FieldNode[] {
  const size = numberNode(reader, 'dns.rr.udp_payload_size', 2, base, unit('B'));
  const at = reader.at;
  return [size, ...layoutNodes(EDNS, reader.take(4), base + at)];
}

/** One option of EDNS (RFC 6891 6.1.2). */
function option(reader: WireReader, base: number): FieldNode[] {
  const start = reader.at;
  const code = numberNode(reader, 'dns.opt.code', 2, base, (value) => `${EDNS_OPTION.get(value) ?? 'Unknown'} (${value})`);
  const length = numberNode(reader, 'dns.opt.len', 2, base, unit('B'));
  const at = reader.at;
  const bytes = reader.take(Number(length.value));
  const data = bytes.length === 0 ? [] : [bytesNode('dns.opt.data', reader.bytes, at, reader.at, base), ...ednsValueNodes(Number(code.value), reader.bytes, at, reader.at, base)];
  return [group('dns.opt', code.display, base + start, reader.at - start, [code, length, ...data])];
}

/** One parameter of SVCB (RFC 9460 2.2). */
function svcParam(reader: WireReader, base: number): FieldNode[] {
  const start = reader.at;
  const key = numberNode(reader, 'dns.svcb.svcparam.key', 2, base, (value) => `${SVC_KEY.get(value) ?? `key${value}`} (${value})`);
  const length = numberNode(reader, 'dns.svcb.svcparam.value.length', 2, base, unit('B'));
  const at = reader.at;
  const bytes = reader.take(Number(length.value));
  const value = bytes.length === 0 ? [] : svcValueNodes(Number(key.value), reader.bytes, at, reader.at, base);
  return [group('dns.svcb.svcparam', `${SVC_KEY.get(Number(key.value)) ?? `key${String(key.value)}`}=${svcValueText(value, bytes)}`, base + start, reader.at - start, [key, length, ...value])];
}

const CAA_FLAGS = { flags: uint('dns.caa.flags', 0, 1), critical: view(bit('dns.caa.flags.issuer_critical', 0, 1, 0x80), 'flags') };

/** RFC 8659 4.1. */
function caa(reader: WireReader, base: number): FieldNode[] {
  const at = reader.at;
  const flags = layoutNodes(CAA_FLAGS, reader.take(1), base + at);
  const length = numberNode(reader, 'dns.caa.tag_length', 1, base);
  const tag = stringNode(reader, 'dns.caa.tag', base);
  const start = reader.at;
  const text = utf8Text(reader.take(reader.end - start));
  return [...flags, length, tag, ...(text === '' ? [] : [leaf('dns.caa.value', text, text, base + start, reader.at - start)])];
}
