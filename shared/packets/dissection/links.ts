// What a message has from other packets, as fields of its layer: the segments that it was put together from, and for HTTP the request or
// response that belongs to it. Wireshark's names.

import type { DissectedLayer } from '../../codec/dissect';
import { findField, generated, group, withChildren, type FieldNode } from '../../codec/field';
import { visibleText } from '../../codec/text';
import type { PacketTable } from '../packetTable';
import { unsolicited } from './dnsLinks';
import type { Links, Message } from './streams/outcome';
import { momentOf, spanField } from './times';

/** Longest text of a URI that is shown. */
const SHOWN = 300;

/** `reassembled`: the layer's bytes are the message's own source. */
export function withLinks(layer: DissectedLayer, message: Message, reassembled: boolean, table: PacketTable): DissectedLayer {
  const more: FieldNode[] = [];
  if (message.links !== null && message.protocol === 'http') more.push(...httpLinks(message, message.links, table));
  if (message.protocol === 'dns') more.push(...(message.links === null ? unasked(layer) : dnsLinks(message, message.links, table)));
  if (message.links !== null && message.protocol === 'http2') more.push(...http2Links(message, message.links, table));
  if (message.level === 0 && message.segments.length > 0) more.push(segmentNodes(message, reassembled));
  return more.length === 0 ? layer : { ...layer, tree: withChildren(layer.tree, more) };
}

function segmentNodes({ segments, bytes }: Message, reassembled: boolean): FieldNode {
  const place = (at: number, length: number): { start: number; length: number } => (reassembled ? { start: at, length } : { start: 0, length: 0 });
  const parts = segments.map(({ packet, at, length }): FieldNode => ({ ...generated('tcp.segment', packet + 1, `#${packet + 1}: ${length} B`, 0, 0), ...place(at, length) }));
  const whole = place(0, bytes.length);
  return {
    ...group('tcp.segments', `${segments.length} segments, ${bytes.length} B`, whole.start, whole.length, [
      ...parts, generated('tcp.segment.count', segments.length, `${segments.length}`, 0, 0), generated('tcp.reassembled.length', bytes.length, `${bytes.length} B`, 0, 0),
      generated('tcp.reassembled.data', bytes, `${bytes.length} B`, whole.start, whole.length),
    ]),
    generated: true,
  };
}

/** A whole message that belongs to no question. */
const unasked = ({ tree, status }: DissectedLayer): FieldNode[] => (status.status === 'complete' && findField(tree, 'dns.flags.response')?.value === true ? [unsolicited()] : []);

function dnsLinks({ role }: Message, { request, response }: Links, table: PacketTable): FieldNode[] {
  if (role === 'request') return response === null ? [] : [generated('dns.response_in', response + 1, `${response + 1}`, 0, 0)];
  if (request === null || response === null) return [];
  return [generated('dns.response_to', request + 1, `${request + 1}`, 0, 0), spanField('dns.time', momentOf(table, request), momentOf(table, response))];
}

/** As Wireshark has them since 4.2: at the header blocks of the request and of the response. */
function http2Links({ role }: Message, links: Links, table: PacketTable): FieldNode[] {
  if (role === null) return [];
  const packet = (name: string, number: number | null): FieldNode[] => (number === null ? [] : [generated(name, number + 1, `${number + 1}`, 0, 0)]);
  if (role === 'request') return [...(links.uri === '' ? [] : [generated('http2.request.full_uri', links.uri, visibleText(links.uri.slice(0, SHOWN)), 0, 0)]), ...packet('http2.response_in', links.response)];
  const time = links.request === null || links.response === null ? [] : [spanField('http2.time', momentOf(table, links.request), momentOf(table, links.response))];
  return [...time, ...packet('http2.request_in', links.request)];
}

function httpLinks({ role }: Message, links: Links, table: PacketTable): FieldNode[] {
  const nodes: FieldNode[] = [];
  const field = (name: string, value: FieldNode['value'], display = String(value)): void => {
    nodes.push(generated(name, value, display, 0, 0));
  };
  const packet = (name: string, number: number | null | undefined): void => {
    if (number !== null && number !== undefined) field(name, number + 1);
  };
  const uri = (name: string, text: string): void => {
    if (text !== '') field(name, text, visibleText(text.slice(0, SHOWN)));
  };
  field('http.chat', null, role ?? '');
  if (role === 'request') {
    uri('http.request.full_uri', links.uri);
    field('http.request_number', links.count);
    packet('http.prev_request_in', links.previous?.request);
    packet('http.response_in', links.response);
    packet('http.next_request_in', links.next?.request);
    return nodes;
  }
  field('http.response_number', links.count);
  if (links.request !== null && links.response !== null) nodes.push(spanField('http.time', momentOf(table, links.request), momentOf(table, links.response)));
  packet('http.prev_request_in', links.previous?.request);
  packet('http.prev_response_in', links.previous?.response);
  packet('http.request_in', links.request);
  packet('http.next_request_in', links.next?.request);
  packet('http.next_response_in', links.next?.response);
  // Without Host the target is all that is known (RFC 9112 3.3).
  uri('http.response_for.uri', links.uri || (links.target ?? ''));
  return nodes;
}
