// Joins the requests of SSDP (UPnP device architecture 1.3): HTTP over UDP, of which one flow repeats the same question. Wireshark tells of them as of
// HTTP's: which number it is, and the one before. Looks at the few packets before; keeps nothing.

import type { DissectedLayer } from '../../codec/dissect';
import { findField, generated, withChildren, type FieldNode } from '../../codec/field';
import { latin1 } from '../../codec/http/chars';
import { visibleText } from '../../codec/text';
import { CHUNK } from '../packetTable';
import type { DnsFlow } from './dnsLinks';
import { DISSECTION_LIMITS } from './limits';

/** The first line of a request. What only tells of an event is none. */
const REQUEST = /^M-SEARCH \S+ HTTP\//;
const FIRST_LINE = 200;
const SHOWN = 300;

interface Earlier {
  readonly count: number;
  readonly latest: number | null;
  readonly whole: boolean;
}
const NOTHING_BEFORE: Earlier = { count: 0, latest: null, whole: false };

/** The layer with what its flow's earlier packets tell; responses come in flows of their own and stay as they are. */
export function ssdpLinked(layer: DissectedLayer, number: number, flow: number, input: DnsFlow): DissectedLayer {
  const target = findField(layer.tree, 'http.request.uri')?.value;
  if (typeof target !== 'string' || flow === 0) return layer;
  const host = findField(layer.tree, 'http.host')?.value;
  const uri = typeof host === 'string' ? `http://${host}${target}` : '';
  const asks = findField(layer.tree, 'http.notification') === null;
  const before = asks ? earlier(number, flow, input) : NOTHING_BEFORE;
  const nodes: FieldNode[] = [
    generated('http.chat', null, asks ? 'request' : 'notification', 0, 0), ...(uri === '' ? [] : [generated('http.request.full_uri', uri, visibleText(uri.slice(0, SHOWN)), 0, 0)]),
    ...(before.whole ? [generated('http.request_number', before.count + 1, `${before.count + 1}`, 0, 0)] : []), ...(before.latest === null ? [] : [generated('http.prev_request_in', before.latest + 1, `${before.latest + 1}`, 0, 0)]),
  ];
  return { ...layer, tree: withChildren(layer.tree, nodes) };
}

/** Requests of the flow before this packet, as far as the bounds go; `whole`: to its beginning. */
function earlier(number: number, flow: number, { table, flows, packets }: DnsFlow): Earlier {
  const first = flows.columns.first[flow] ?? 0;
  let [count, looked, rows] = [0, 0, 0];
  let latest: number | null = null;
  for (let at = number - 1; at >= first; at--) {
    if (++rows > DISSECTION_LIMITS.questionRows) return { count, latest, whole: false };
    const chunk = table.chunks[Math.floor(at / CHUNK)];
    const row = at % CHUNK;
    if (chunk?.flow[row] !== flow) continue;
    if (++looked > DISSECTION_LIMITS.questions) return { count, latest, whole: false };
    const start = chunk.payloadAt[row] ?? 0;
    if (!REQUEST.test(latin1(packets.bytes(at).subarray(start, start + FIRST_LINE)))) continue;
    count++;
    latest ??= at;
  }
  return { count, latest, whole: true };
}
