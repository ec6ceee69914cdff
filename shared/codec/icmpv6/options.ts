// The options of neighbour discovery (RFC 4861 4.6; route information RFC 4191, DNS servers RFC 8106, NAT64 RFC 8781): a type, a length
// in words of eight bytes, then what the type says. What is not known keeps its bytes.

import { generated } from '../field';
import { hex, labelled, unit } from '../layout';
import { CODEC_LIMITS } from '../limits';
import type { NodeReader } from '../nodeReader';
import { OPTION, OPTIONS, PREFERENCES } from './names';

const WORD = 8;
/** Bytes of the address that each length code of a NAT64 prefix stands for (RFC 8781 section 4). */
const PREF64 = [12, 8, 7, 6, 5, 4];

/** All options to the end; one of length 0 ends the reading (RFC 4861 4.6). */
export function optionsTo(reader: NodeReader): void {
  for (let count = 0; reader.left >= 2 && count < CODEC_LIMITS.options; count++) {
    const type = reader.bytes[reader.at] ?? 0;
    const words = reader.bytes[reader.at + 1] ?? 0;
    if (words === 0) return reader.rest('icmpv6.unknown_data', 'an option of length 0');
    reader.inside('icmpv6.opt', OPTIONS.get(type) ?? `Option ${type}`, words * WORD, 'icmpv6.data', (inner) => {
      inner.number('icmpv6.opt.type', 1, labelled(OPTIONS));
      inner.number('icmpv6.opt.length', 1, (value) => `${value} (${value * WORD} B)`);
      const said = data(inner, type, words);
      return said === null ? undefined : `${OPTIONS.get(type) ?? `Option ${type}`}: ${said}`;
    });
  }
}

function data(reader: NodeReader, type: number, words: number): string | null {
  switch (type) {
    case OPTION.source: return linkAddress(reader, 'icmpv6.opt.src_linkaddr');
    case OPTION.target: return linkAddress(reader, 'icmpv6.opt.target_linkaddr');
    case OPTION.prefix: return prefix(reader);
    case OPTION.redirected:
      reader.bytesOf('icmpv6.opt.reserved', 6);
      reader.bytesOf('icmpv6.opt.redirected_packet', reader.left);
      return null;
    case OPTION.mtu: {
      reader.bytesOf('icmpv6.opt.reserved', 2);
      const mtu = reader.number('icmpv6.opt.mtu', 4, unit('B'));
      return mtu === null ? null : `${mtu} B`;
    }
    case OPTION.interval:
      reader.bytesOf('icmpv6.opt.reserved', 2);
      reader.number('icmpv6.opt.advertisement_interval', 4, unit('ms'));
      return null;
    case OPTION.homeAgent:
      reader.bytesOf('icmpv6.opt.reserved', 2);
      reader.number('icmpv6.opt.home_agent_preference', 2);
      reader.number('icmpv6.opt.home_agent_lifetime', 2, lifetime);
      return null;
    case OPTION.nonce:
      reader.bytesOf('icmpv6.opt.nonce', reader.left);
      return null;
    case OPTION.route: {
      const length = reader.number('icmpv6.opt.prefix.length', 1);
      reader.bits('icmpv6.opt.route_info.flag', 1, hex(2), [['icmpv6.opt.route_info.flag.route_preference', 0x18, labelled(PREFERENCES)], ['icmpv6.opt.route_info.flag.reserved', 0xe7]]);
      reader.number('icmpv6.opt.route_lifetime', 4, lifetime);
      const route = words > 1 ? reader.prefix('icmpv6.opt.prefix', Math.min(16, reader.left)) : '::';
      return route === null || length === null ? null : `${route}/${length}`;
    }
    case OPTION.rdnss: {
      reader.bytesOf('icmpv6.opt.reserved', 2);
      reader.number('icmpv6.opt.rdnss.lifetime', 4, lifetime);
      const servers: string[] = [];
      for (let server = reader.ipv6('icmpv6.opt.rdnss'); server !== null && servers.push(server) > 0 && reader.left > 0;) server = reader.ipv6('icmpv6.opt.rdnss');
      return servers.join(', ');
    }
    case OPTION.dnssl: return searchList(reader);
    case OPTION.captive: return reader.text('icmpv6.opt.captive_portal', reader.left);
    case OPTION.pref64: {
      const packed = reader.split(2, [['icmpv6.opt.pref64.scaled_lifetime', 0xfff8, (value) => lifetime(value * 8)], ['icmpv6.opt.pref64.plc', 0x0007]]);
      const length = packed === null ? undefined : PREF64[packed & 7];
      const said = length === undefined ? null : reader.prefix('icmpv6.opt.pref64.prefix', 12);
      return said === null || length === undefined ? null : `${said}/${length * 8}`;
    }
    default:
      reader.rest('icmpv6.data');
      return null;
  }
}

/** RFC 4861 4.6.2: all ones last for ever. */
export const lifetime = (value: number): string => (value === 0xffff_ffff ? 'infinite' : `${value} s`);

function linkAddress(reader: NodeReader, name: string): string | null {
  const { at, left } = reader;
  const address = reader.bytesOf('icmpv6.opt.linkaddr', left);
  if (address === null) return null;
  const text = Array.from(address, (byte) => byte.toString(16).padStart(2, '0')).join(':');
  reader.nodes.push(generated(name, address, text, reader.base + at, left));
  return text;
}

function prefix(reader: NodeReader): string | null {
  const length = reader.number('icmpv6.opt.prefix.length', 1);
  reader.bits('icmpv6.opt.prefix.flag', 1, hex(2), [
    ['icmpv6.opt.prefix.flag.l', 0x80], ['icmpv6.opt.prefix.flag.a', 0x40], ['icmpv6.opt.prefix.flag.r', 0x20], ['icmpv6.opt.prefix.flag.reserved', 0x1f],
  ]);
  reader.number('icmpv6.opt.prefix.valid_lifetime', 4, lifetime);
  reader.number('icmpv6.opt.prefix.preferred_lifetime', 4, lifetime);
  reader.bytesOf('icmpv6.opt.reserved', 4);
  const address = reader.ipv6('icmpv6.opt.prefix');
  return address === null || length === null ? null : `${address}/${length}`;
}

/** Names as the DNS writes them, without pointers, then zeros (RFC 8106 5.2). */
function searchList(reader: NodeReader): string {
  reader.bytesOf('icmpv6.opt.reserved', 2);
  reader.number('icmpv6.opt.dnssl.lifetime', 4, lifetime);
  const names: string[] = [];
  while (reader.left > 0 && reader.bytes[reader.at] !== 0 && !reader.stopped && names.length < CODEC_LIMITS.options / 4) {
    let end = reader.at;
    const labels: string[] = [];
    for (let length = reader.bytes[end] ?? 0; length > 0 && length < 64 && end + 1 + length < reader.end; length = reader.bytes[end] ?? 0) {
      labels.push(String.fromCharCode(...reader.bytes.subarray(end + 1, end + 1 + length)).replace(/[^\x21-\x7e]/g, '·'));
      end += 1 + length;
    }
    if (reader.bytes[end] !== 0 || end >= reader.end) break;
    const name = labels.join('.');
    reader.nodes.push({ name: 'icmpv6.opt.dnssl', value: name, display: name, start: reader.base + reader.at, length: end + 1 - reader.at, children: [] });
    names.push(name);
    reader.at = end + 1;
  }
  reader.rest('icmpv6.opt.padding');
  return names.join(', ');
}
