// What a packet of a capture does, in one plain sentence, from what was dissected of it: who asks, answers, sends, acknowledges, ends. The words are the
// catalogue's (`capture.sentence.*`); what cannot be said plainly has none, and its line says it.

import { findField, type FieldNode } from '../../shared/codec/field';
import { visibleText } from '../../shared/codec/text';
import type { DissectedPacket } from '../../shared/packets/dissector';

export interface PacketSentence {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
  /** Bytes that it speaks of, for whoever writes sizes; null: of none. */
  readonly bytes: number | null;
}

/** Letters of a name or path in a sentence. */
const LONGEST = 120;

export function packetSentence(packet: DissectedPacket): PacketSentence | null {
  const layer = (name: string): FieldNode | null => packet.layers.findLast(({ protocol }) => protocol === name)?.tree ?? null;
  const text = (tree: FieldNode | null, name: string): string => visibleText((tree === null ? null : findField(tree, name))?.display ?? '').slice(0, LONGEST);
  const value = (tree: FieldNode | null, name: string): unknown => (tree === null ? null : findField(tree, name)?.value);

  const arp = layer('arp');
  if (arp !== null) {
    const who = { from: text(arp, 'arp.src.proto_ipv4'), to: text(arp, 'arp.dst.proto_ipv4') };
    return value(arp, 'arp.opcode') === 1 ? { key: 'arpAsk', values: who, bytes: null } : value(arp, 'arp.opcode') === 2 ? { key: 'arpTell', values: who, bytes: null } : null;
  }
  const ip = layer('ip') ?? layer('ipv6');
  if (ip === null) return null;
  const family = ip.name;
  const ends = { from: text(ip, `${family}.src`), to: text(ip, `${family}.dst`) };
  const say = (key: string, values: Readonly<Record<string, string>> = {}, bytes: number | null = null): PacketSentence => ({ key, values: { ...ends, ...values }, bytes });

  const icmp = layer('icmp');
  if (icmp !== null) {
    const keys: Readonly<Record<number, string>> = { 0: 'pong', 3: 'unreachable', 8: 'ping', 11: 'expired' };
    const key = keys[Number(value(icmp, 'icmp.type'))];
    return key === undefined ? null : say(key);
  }
  const dns = layer('dns');
  if (dns !== null && findField(dns, 'dns.qry.name') !== null) {
    const named = { name: text(dns, 'dns.qry.name') };
    return value(dns, 'dns.flags.response') === true || value(dns, 'dns.flags.response') === 1 ? say('dnsAnswer', named) : say('dnsAsk', named);
  }
  const http = layer('http');
  if (http !== null && findField(http, 'http.request.method') !== null) return say('httpAsk', { method: text(http, 'http.request.method'), uri: text(http, 'http.request.uri') });
  if (http !== null && findField(http, 'http.response.code') !== null) return say('httpAnswer', { code: text(http, 'http.response.code'), phrase: text(http, 'http.response.phrase') });

  const tcp = layer('tcp');
  if (tcp !== null) {
    const flag = (name: string): boolean => Boolean(value(tcp, `tcp.flags.${name}`));
    const port = { port: text(tcp, 'tcp.dstport') };
    const length = Number(value(tcp, 'tcp.len') ?? 0);
    if (flag('reset')) return say('reset');
    if (flag('syn')) return flag('ack') ? say('agree') : say('connect', port);
    if (findField(tcp, 'tcp.analysis.zero_window') !== null) return say('full');
    if (findField(tcp, 'tcp.analysis.retransmission') !== null) return say('again', {}, length);
    if (findField(tcp, 'tcp.analysis.keep_alive') !== null) return say('alive');
    if (flag('fin')) return length > 0 ? say('lastBytes', {}, length) : say('end');
    if (length > 0) return say('bytes', {}, length);
    return flag('ack') ? say('arrived', { next: text(tcp, 'tcp.ack') }) : null;
  }
  const udp = layer('udp');
  return udp === null ? null : say('datagram', { port: text(udp, 'udp.dstport') }, Math.max(Number(value(udp, 'udp.length') ?? 8) - 8, 0));
}
