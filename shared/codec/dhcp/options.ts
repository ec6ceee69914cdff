// The node of one DHCP option: its number over its length, its bytes, and what they say by the kind of the option (names.ts).

import { never } from '../../base/assert';
import { ipv4Text } from '../address';
import { generated, type FieldNode } from '../field';
import { hex, labelled } from '../layout';
import { NodeReader } from '../nodeReader';
import { toHex } from '../../base/bytes';
import { DHCP_OPTION, MESSAGE_TYPES, optionTitle, OPTIONS } from './names';

/** Items of one list that are shown; what is behind is bytes. */
const ITEMS = 48;
const ETHERNET = 1;
const AGENT: ReadonlyMap<number, readonly [string, string]> = new Map([
  [1, ['Circuit', 'dhcp.option.agent_information_option.agent_circuit_id']], [2, ['Remote', 'dhcp.option.agent_information_option.agent_remote_id']],
]);
/** "NetBIOS" nodes and overloads: numbers with names. */
const NAMED: ReadonlyMap<number, ReadonlyMap<number, string>> = new Map([
  [DHCP_OPTION.messageType, MESSAGE_TYPES], [DHCP_OPTION.overload, new Map([[1, 'the boot file name'], [2, 'the server name'], [3, 'both names']])],
]);

/** The option at `at`, which is there as a whole. */
export function optionNode(bytes: Uint8Array, at: number, base: number): FieldNode {
  const code = bytes[at] ?? 0;
  const length = bytes[at + 1] ?? 0;
  const reader = new NodeReader(bytes, at + 1, at + 2 + length, base);
  reader.number('dhcp.option.length', 1, (value) => `${value} B`);
  const data = bytes.subarray(at + 2, at + 2 + length);
  const said = read(reader, code);
  const shown = reader.stopped || reader.left > 0;
  // As Wireshark has it: the bytes are there beside what they mean.
  if (length > 0) {
    const raw = generated('dhcp.option.value', data, toHex(data.subarray(0, 32), ' '), base + at + 2, length);
    if (shown || !reader.nodes.some(({ name }) => name === 'dhcp.option.value')) reader.nodes.splice(1, 0, shown ? plain(raw) : raw);
  }
  const problem = reader.stopped ? 'too short for what it says' : undefined;
  return {
    name: 'dhcp.option.type', value: code, display: said === null || said === '' ? optionTitle(code) : `${optionTitle(code)}: ${said}`, start: base + at, length: 2 + length, children: reader.nodes,
    ...(problem === undefined ? {} : { problem }),
  };
}

/** The same node as one that lies in the bytes. */
const plain = ({ name, value, display, start, length }: FieldNode): FieldNode => ({ name, value, display, start, length, children: [] });

/** Reads the data; gives what it says in a word, null when there is nothing to say. */
function read(reader: NodeReader, code: number): string | null {
  const info = OPTIONS.get(code);
  if (info === undefined) return null;
  const { field, kind } = info;
  const names = NAMED.get(code);
  switch (kind) {
    case 'address': return reader.ipv4(field);
    case 'addresses': return several(reader, 4, () => reader.ipv4(field) ?? '');
    case 'pairs': return several(reader, 8, () => `${reader.ipv4(field) ?? ''} → ${reader.ipv4('dhcp.option.static_route.router') ?? ''}`);
    case 'text': return reader.text(field, reader.left);
    case 'uint8': return said(reader, reader.number(field, 1, names === undefined ? String : labelled(names)));
    case 'uint16': return said(reader, reader.number(field, 2));
    case 'uint32': return said(reader, reader.number(field, 4));
    case 'seconds': return said(reader, reader.number(field, 4, duration));
    case 'int32': {
      const value = reader.number(field, 4, (number) => String(number | 0));
      const node = reader.nodes.at(-1);
      if (value !== null && node !== undefined) reader.nodes.splice(-1, 1, { ...node, value: value | 0 });
      return value === null ? null : String(value | 0);
    }
    case 'bool': {
      const value = reader.number(field, 1, (number) => (number === 0 ? 'no' : 'yes'));
      const node = reader.nodes.at(-1);
      if (value !== null && node !== undefined) reader.nodes.splice(-1, 1, { ...node, value: value !== 0 });
      return value === null ? null : value === 0 ? 'no' : 'yes';
    }
    case 'list': return several(reader, 1, () => optionTitle(reader.number(field, 1, (value) => `${optionTitle(value)} (${value})`) ?? 0));
    case 'names': return searchList(reader, field);
    case 'routes': return routes(reader, field);
    case 'client': return client(reader);
    case 'fqdn': return fqdn(reader);
    case 'agent': return agent(reader);
    case 'bytes': {
      const data = reader.bytesOf(field, reader.left);
      return data === null ? null : toHex(data.subarray(0, 16), ' ');
    }
    default: return never(kind);
  }
}

const said = (reader: NodeReader, value: number | null): string | null => (value === null ? null : reader.nodes.at(-1)?.display ?? null);

/** '1 h', '90 s': the largest unit that needs no fraction. */
function duration(seconds: number): string {
  if (seconds === 0xffff_ffff) return 'for ever';
  for (const [size, name] of [[86_400, 'd'], [3600, 'h'], [60, 'min']] as const) if (seconds >= size && seconds % size === 0) return `${seconds} s (${seconds / size} ${name})`;
  return `${seconds} s`;
}

/** Items of a fixed size to the end. */
function several(reader: NodeReader, size: number, item: () => string): string {
  const items: string[] = [];
  while (reader.left >= size && items.length < ITEMS && !reader.stopped) items.push(item());
  if (items.length === 0) reader.number('dhcp.option.value', size);
  return items.join(', ');
}

/** RFC 2132 9.14: a type of hardware and its address, or any bytes (type 0, RFC 4361 type 255). */
function client(reader: NodeReader): string | null {
  const first = reader.bytes[reader.at];
  if (first === ETHERNET && reader.left === 7) {
    reader.number('dhcp.hw.type', 1, (value) => `Ethernet (${hex(2)(value)})`);
    return reader.mac('dhcp.hw.mac_addr');
  }
  reader.number('dhcp.client_id.type', 1);
  const id = reader.bytesOf('dhcp.client_id', reader.left);
  return id === null ? null : toHex(id.subarray(0, 16), ' ');
}

/** RFC 4702 section 2. */
function fqdn(reader: NodeReader): string | null {
  const flags = reader.bits('dhcp.fqdn.flags', 1, hex(2), [['dhcp.fqdn.mbz', 0xf0], ['dhcp.fqdn.n', 0x08], ['dhcp.fqdn.e', 0x04], ['dhcp.fqdn.o', 0x02], ['dhcp.fqdn.s', 0x01]]);
  reader.number('dhcp.fqdn.rcode1', 1);
  reader.number('dhcp.fqdn.rcode2', 1);
  if (flags === null || (flags & 0x04) === 0) return reader.text('dhcp.fqdn.name', reader.left);
  return wireName(reader, 'dhcp.fqdn.name');
}

/** RFC 3046 section 2: suboptions as options are. */
function agent(reader: NodeReader): null {
  for (let count = 0; reader.left >= 2 && count < ITEMS; count++) {
    const [title, field] = AGENT.get(reader.bytes[reader.at] ?? 0) ?? ['Suboption', 'dhcp.option.agent_information_option.value'];
    const start = reader.at;
    const length = 2 + (reader.bytes[start + 1] ?? 0);
    if (length > reader.left) break;
    const inner = new NodeReader(reader.bytes, start + 1, start + length, reader.base);
    inner.number('dhcp.option.suboption_length', 1, (value) => `${value} B`);
    inner.bytesOf(field, inner.left);
    reader.nodes.push({
      name: 'dhcp.option.agent_information_option.suboption', value: reader.bytes[start] ?? 0, display: `${title} (${reader.bytes[start] ?? 0})`, start: reader.base + start, length, children: inner.nodes,
    });
    reader.at = start + length;
  }
  return null;
}

/** RFC 3442: the bits of the network, as many of its bytes as matter, the router. */
function routes(reader: NodeReader, field: string): string {
  const list: string[] = [];
  while (reader.left > 0 && list.length < ITEMS) {
    const bits = reader.bytes[reader.at] ?? 0;
    const bytes = Math.ceil(bits / 8);
    if (bits > 32 || reader.left < 1 + bytes + 4) break;
    const network = new Uint8Array(4);
    network.set(reader.bytes.subarray(reader.at + 1, reader.at + 1 + bytes));
    const text = `${ipv4Text(network)}/${bits} → ${ipv4Text(reader.bytes.subarray(reader.at + 1 + bytes))}`;
    reader.bytesOf(field, 1 + bytes + 4);
    const node = reader.nodes.at(-1);
    if (node !== undefined) reader.nodes.splice(-1, 1, { ...node, display: text });
    list.push(text);
  }
  return list.join(', ');
}

function searchList(reader: NodeReader, field: string): string {
  const names: string[] = [];
  while (reader.left > 0 && names.length < ITEMS) {
    const name = wireName(reader, field);
    if (name === null) break;
    names.push(name);
  }
  return names.join(', ');
}

/** A name of the DNS; one that points back (RFC 3397 2) is shown with what stands here. Null: none begins here. */
function wireName(reader: NodeReader, field: string): string | null {
  const labels: string[] = [];
  let at = reader.at;
  let length = reader.bytes[at] ?? 0;
  while (at < reader.end && length > 0 && length < 64 && at + 1 + length <= reader.end) {
    labels.push(String.fromCharCode(...reader.bytes.subarray(at + 1, at + 1 + length)).replace(/[^\x21-\x7e]/g, '·'));
    at += 1 + length;
    length = at < reader.end ? reader.bytes[at] ?? 0 : -1;
  }
  if (length > 0xbf && at + 2 <= reader.end) at += 2;
  else if (length === 0 && at < reader.end) at++;
  else return null;
  const name = labels.length === 0 ? '<Root>' : labels.join('.');
  reader.nodes.push({ name: field, value: name, display: name, start: reader.base + reader.at, length: at - reader.at, children: [] });
  reader.at = at;
  return name;
}
