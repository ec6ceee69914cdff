// The tree of one DHCP message with Wireshark's names (RFC 2131, RFC 2132), as far as its bytes go. What an option holds: options.ts.

import { equalBytes } from '../../base/bytes';
import { macText } from '../address';
import { group, type FieldNode } from '../field';
import { bytesNode, layoutNodes } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { previewText } from '../text';
import { COOKIE, FIXED, layout, overloadOf, PLACES } from './message';
import { DHCP_OPTION } from './names';
import { optionNode } from './options';

const ETHERNET = { type: 1, length: 6 };

/** The tree; `base` is added to every start. Never throws. */
export function dhcpFields(bytes: Uint8Array, base: number): FieldNode {
  const nodes = layoutNodes(layout, bytes, base);
  if (bytes.length <= PLACES.hardware[0]) return group('dhcp', 'DHCP', base, bytes.length, nodes);
  nodes.push(...hardwareNodes(bytes, base));
  const cookie = bytes.length >= FIXED + COOKIE.length && equalBytes(bytes.subarray(FIXED, FIXED + COOKIE.length), COOKIE);
  const overload = cookie ? overloadOf(bytes) : 0;
  nodes.push(...placeNodes('dhcp.server', bytes, PLACES.server, (overload & 2) !== 0, base), ...placeNodes('dhcp.file', bytes, PLACES.file, (overload & 1) !== 0, base));
  if (bytes.length <= FIXED) return group('dhcp', 'DHCP', base, bytes.length, nodes);
  if (!cookie) {
    nodes.push(bytesNode('dhcp.vendor_specific_options', bytes, FIXED, bytes.length, base));
    return group('dhcp', 'BOOTP', base, bytes.length, nodes);
  }
  const magic = bytes.subarray(FIXED, FIXED + COOKIE.length);
  nodes.push({ name: 'dhcp.cookie', value: magic.join('.'), display: 'DHCP', start: base + FIXED, length: COOKIE.length, children: [] });
  nodes.push(...optionNodes(bytes, FIXED + COOKIE.length, bytes.length, base));
  return group('dhcp', 'DHCP', base, bytes.length, nodes);
}

/** The client's hardware address, and what is left of its room. */
function hardwareNodes(bytes: Uint8Array, base: number): FieldNode[] {
  const [from, to] = PLACES.hardware;
  const end = Math.min(to, bytes.length);
  const length = Math.min(bytes[2] ?? 0, end - from);
  const mac = bytes[1] === ETHERNET.type && bytes[2] === ETHERNET.length && end >= from + ETHERNET.length;
  const text = macText(bytes.subarray(from, from + ETHERNET.length));
  const address: FieldNode[] = mac
    ? [{ name: 'dhcp.hw.mac_addr', value: text, display: text, start: base + from, length: ETHERNET.length, children: [] }]
    : length > 0 ? [bytesNode('dhcp.hw.addr', bytes, from, from + length, base)] : [];
  return from + length < end ? [...address, bytesNode('dhcp.hw.addr_padding', bytes, from + length, end, base)] : address;
}

/** Text that ends with a zero, or more options. */
function placeNodes(name: 'dhcp.server' | 'dhcp.file', bytes: Uint8Array, [from, to]: readonly [number, number], options: boolean, base: number): FieldNode[] {
  if (bytes.length <= from) return [];
  const end = Math.min(to, bytes.length);
  if (options) return [group(name, 'options', base + from, end - from, optionNodes(bytes, from, end, base))];
  const zero = bytes.subarray(from, end).indexOf(0);
  const text = previewText(bytes.subarray(from, zero < 0 ? end : from + zero), 128);
  return [{ name, value: text, display: text, start: base + from, length: end - from, children: [] }];
}

/** One node an option up to the end of the list; what cannot be read is bytes. */
function optionNodes(bytes: Uint8Array, from: number, to: number, base: number): FieldNode[] {
  const nodes: FieldNode[] = [];
  let at = from;
  while (at < to) {
    const code = bytes[at] ?? 0;
    const length = bytes[at + 1] ?? 0;
    const rest = (problem: string): FieldNode[] => [...nodes, bytesNode('dhcp.option.value', bytes, at, to, base, problem)];
    if (nodes.length === CODEC_LIMITS.options) return rest('more options than are shown');
    if (code === DHCP_OPTION.pad) {
      const start = at;
      while (at < to && bytes[at] === DHCP_OPTION.pad) at++;
      nodes.push(bytesNode('dhcp.option.padding', bytes, start, at, base));
    } else if (code === DHCP_OPTION.end) {
      const end: FieldNode = { name: 'dhcp.option.end', value: code, display: 'End (255)', start: base + at, length: 1, children: [] };
      // Wireshark gives the end's option the number 0, and its true one below it.
      nodes.push({ ...end, name: 'dhcp.option.type', value: 0, display: 'End', children: [end] });
      if (at + 1 < to) nodes.push(bytesNode('dhcp.option.padding', bytes, at + 1, to, base));
      return nodes;
    } else if (at + 1 >= to || at + 2 + length > to) {
      return rest(`the option goes past the end`);
    } else {
      nodes.push(optionNode(bytes, at, base));
      at += 2 + length;
    }
  }
  return nodes;
}
