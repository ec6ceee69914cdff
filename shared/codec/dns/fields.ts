// The tree of one DNS message, with Wireshark's names; every byte of it has a node. Reads on as far as the bytes make sense; what is
// behind a fault is one node that says why. Data of records: rdataFields.ts.

import { readUint } from '../../base/bytes';
import { generated, group, withChildren, type FieldNode } from '../field';
import { bit, bytesNode, hex, layoutNodes, uint, unit, view } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { flagsOf, HEADER_LENGTH } from './message';
import { labelCount, shownName } from './name';
import { nameNode, numberNode } from './nameNode';
import { dataNodes, ednsNodes } from './rdataFields';
import { multicastClass } from './rdataMore';
import { classText, DNS_TYPE, opcodeText, rcodeText, typeText } from './types';
import { WireFault, WireReader, wireFault } from './wireReader';

const header = {
  id: uint('dns.id', 0, 2, { format: hex(4) }),
  flags: uint('dns.flags', 2, 2, { format: flagsText }),
  response: view(bit('dns.flags.response', 2, 2, 0x8000), 'flags'),
  opcode: view(uint('dns.flags.opcode', 2, 2, { mask: 0x7800, format: (value) => `${opcodeText(value)} (${value})` }), 'flags'),
  authoritative: view(bit('dns.flags.authoritative', 2, 2, 0x0400), 'flags'),
  truncated: view(bit('dns.flags.truncated', 2, 2, 0x0200), 'flags'),
  recursionDesired: view(bit('dns.flags.recdesired', 2, 2, 0x0100), 'flags'),
  recursionAvailable: view(bit('dns.flags.recavail', 2, 2, 0x0080), 'flags'),
  z: view(bit('dns.flags.z', 2, 2, 0x0040), 'flags'),
  authenticated: view(bit('dns.flags.authenticated', 2, 2, 0x0020), 'flags'),
  checkingDisabled: view(bit('dns.flags.checkdisable', 2, 2, 0x0010), 'flags'),
  rcode: view(uint('dns.flags.rcode', 2, 2, { mask: 0x000f, format: (value) => `${rcodeText(value)} (${value})` }), 'flags'),
  questions: uint('dns.count.queries', 4, 2),
  answers: uint('dns.count.answers', 6, 2),
  authorities: uint('dns.count.auth_rr', 8, 2),
  additionals: uint('dns.count.add_rr', 10, 2),
};

/** 'query, RD', 'response, AA, NXDOMAIN'. */
function flagsText(word: number): string {
  const flags = flagsOf(word);
  const said = [flags.opcode === 0 ? '' : opcodeText(flags.opcode), flags.qr ? 'response' : 'query'];
  said.push(...(['aa', 'tc', 'rd', 'ra', 'ad', 'cd'] as const).map((flag) => (flags[flag] ? flag.toUpperCase() : '')));
  if (flags.qr || flags.rcode !== 0) said.push(rcodeText(flags.rcode));
  return said.filter((word_) => word_ !== '').join(', ');
}

const SECTIONS = [['dns.queries', 4], ['dns.answers', 6], ['dns.authorities', 8], ['dns.additionals', 10]] as const;
/** Nodes of the records of one message; what is behind is shown as one. */
const BUDGET = CODEC_LIMITS.treeItems - 1000;

/** The tree of the message that begins with the bytes; `stream`: its length is before it; `multicast`: it is one of mDNS. Never throws. */
export function dnsFields(bytes: Uint8Array, stream: boolean, base: number, multicast = false): FieldNode {
  if (!stream) return { ...tree(bytes, base, base, [], false, multicast), ...(multicast ? { name: 'mdns', display: 'mDNS' } : {}) };
  if (bytes.length < 2) return group('dns', 'DNS', base, bytes.length, bytes.length === 0 ? [] : [bytesNode('dns.data', bytes, 0, bytes.length, base)]);
  const length = readUint(bytes, 0, 2);
  const node: FieldNode = { name: 'dns.length', value: length, display: `${length} B`, start: base, length: 2, children: [] };
  return tree(bytes.subarray(2, 2 + length), base, base + 2, [node], true);
}

function tree(bytes: Uint8Array, start: number, base: number, before: readonly FieldNode[], framed = false, multicast = false): FieldNode {
  const nodes = [...before, ...layoutNodes(header, bytes, base).map(asked)];
  if (bytes.length < HEADER_LENGTH) {
    const known = bytes.length - (bytes.length % 2);
    if (known < bytes.length) nodes.push(bytesNode('dns.data', bytes, known, bytes.length, base));
    return group('dns', 'DNS', start, base - start + bytes.length, nodes);
  }
  const reader = new WireReader(bytes);
  reader.at = HEADER_LENGTH;
  const rest = sections(reader, bytes, base, nodes, multicast);
  if (rest !== null) nodes.push(bytesNode('dns.data', bytes, reader.at, bytes.length, base, rest));
  else if (framed && reader.at < bytes.length) nodes.push(bytesNode('dns.extraneous.data', bytes, reader.at, bytes.length, base, 'bytes behind the message'));
  const end = rest !== null || framed ? bytes.length : reader.at;
  return group('dns', 'DNS', start, base - start + end, nodes);
}

/** Bits that mean something in a response only (RFC 1035 4.1.1): a query's word of flags has them, but not as fields. */
const ANSWERED: ReadonlySet<string> = new Set(['dns.flags.authoritative', 'dns.flags.recavail', 'dns.flags.rcode']);

function asked(node: FieldNode): FieldNode {
  if (node.name !== 'dns.flags' || node.children.some(({ name, value }) => name === 'dns.flags.response' && value === true)) return node;
  return { ...node, children: node.children.filter(({ name }) => !ANSWERED.has(name)) };
}

/** Adds the sections; null when all were read, else why it stopped before `reader.at`. */
function sections(reader: WireReader, bytes: Uint8Array, base: number, nodes: FieldNode[], multicast: boolean): string | null {
  const budget = { left: BUDGET };
  for (const [name, at] of SECTIONS) {
    const count = readUint(bytes, at, 2);
    const items: FieldNode[] = [];
    const start = reader.at;
    let fault: string | null = null;
    for (let i = 0; i < count && fault === null; i++) {
      const from = reader.at;
      try {
        if (budget.left <= 0) throw wireFault(from, 'too many records to show');
        const item = name === 'dns.queries' ? question(reader, base, multicast) : record(reader, base, multicast);
        budget.left -= size(item);
        items.push(item);
      } catch (error) {
        if (!(error instanceof WireFault)) throw error;
        reader.at = from;
        fault = error.why;
      }
    }
    if (items.length > 0) nodes.push(group(name, `${items.length}`, base + start, reader.at - start, items));
    if (fault !== null) return fault;
  }
  return null;
}

/** Tells of a datagram with a header whether its tree has nothing more that could be read: it begins with no question, or with no record. Never throws. */
export function isBare(bytes: Uint8Array): boolean {
  const first = SECTIONS.find(([, at]) => readUint(bytes, at, 2) > 0);
  const reader = new WireReader(bytes);
  reader.at = HEADER_LENGTH;
  try {
    if (first !== undefined) (first[0] === 'dns.queries' ? question : record)(reader, 0, false);
    return first === undefined;
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    return true;
  }
}

const size = (node: FieldNode): number => node.children.reduce((sum, child) => sum + size(child), 1);

const typeFormat = (type: number): string => `${typeText(type)} (${type})`;
const classFormat = (class_: number): string => `${classText(class_)} (0x${class_.toString(16).padStart(4, '0')})`;

function question(reader: WireReader, base: number, multicast: boolean): FieldNode {
  const start = reader.at;
  const { node, name } = nameNode(reader, 'dns.qry.name', base);
  const length = name === '.' ? 0 : shownName(name).length;
  const nodes = [
    node, generated('dns.qry.name.len', length, `${length}`, node.start, node.length),
    generated('dns.count.labels', labelCount(name), `${labelCount(name)}`, node.start, node.length),
    numberNode(reader, 'dns.qry.type', 2, base, typeFormat), ...(multicast ? multicastClass(reader, 'dns.qry.class', 'dns.qry.qu', base, classFormat) : [numberNode(reader, 'dns.qry.class', 2, base, classFormat)]),
  ];
  const type = Number(nodes[3]?.value);
  return group('dns.qry', `${name} ${typeText(type)}`, base + start, reader.at - start, nodes);
}

function record(reader: WireReader, base: number, multicast: boolean): FieldNode {
  const start = reader.at;
  const { node, name } = nameNode(reader, 'dns.resp.name', base);
  const type = numberNode(reader, 'dns.resp.type', 2, base, typeFormat);
  const number = Number(type.value);
  const middle = number === DNS_TYPE.OPT ? ednsNodes(reader, base) : [...(multicast ? multicastClass(reader, 'dns.resp.class', 'dns.resp.cache_flush', base, classFormat) : [numberNode(reader, 'dns.resp.class', 2, base, classFormat)]), numberNode(reader, 'dns.resp.ttl', 4, base, unit('s'))];
  const class_ = Number(middle[0]?.value);
  const length = numberNode(reader, 'dns.resp.len', 2, base, unit('B'));
  const data = reader.data(Number(length.value), () => dataNodes(reader, number, class_, base));
  const shown = data.map((child) => child.display).join(' ');
  const said = number === DNS_TYPE.OPT ? `EDNS ${class_} B` : `${name} ${typeText(number)}${shown === '' ? '' : ` ${shown.length > 120 ? `${shown.slice(0, 120)}…` : shown}`}`;
  return withChildren(group('dns.resp', said, base + start, reader.at - start, [node, ...(number === DNS_TYPE.SRV ? serviceNodes(name, node) : []), type, ...middle, length]), data);
}

/** What the name of a server's record says: '_sip._udp.example.org' (RFC 2782). */
function serviceNodes(name: string, { start, length }: FieldNode): FieldNode[] {
  const found = /^(_[^.]+)\.(_[^.]+)\.(.+?)\.?$/.exec(name);
  return ['dns.srv.service', 'dns.srv.proto', 'dns.srv.name'].flatMap((field, i) => (found === null ? [] : [generated(field, found[i + 1] ?? '', found[i + 1] ?? '', start, length)]));
}
