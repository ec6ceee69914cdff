// What a filter says of a packet of which only the protocols are known that its stream spoke: 'no' to all that asks others. So a filter of HTTP builds trees
// of packets in which a message of HTTP ends, and of no others.

import type { Filter } from '../../filter/filter';
import { BARE, HEADLESS, SEALED } from '../dissector';
import { verdictOf, type Leaf } from './leaves';
import { neededBy } from './plan';
import { VERDICT } from './verdict';

/** Whose messages alone have fields of a protocol; those of others tell by their dissection. */
const SPEAKERS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...['http2', 'websocket', 'smtp', 'pop', 'imap', 'ftp', 'bittorrent', 'dhcp', 'quic', 'ssdp', 'mdns', 'llmnr'].map((protocol): [string, readonly string[]] => [protocol, [protocol]]),
  ['http', ['http', 'ssdp', HEADLESS]], ['dns', ['dns', 'mdns', 'llmnr']],
  ['tls', ['tls', SEALED]], ...['ocsp', 'x509af', 'x509ce', 'x509if', 'x509sat'].map((protocol): [string, readonly string[]] => [protocol, ['tls']]),
]);

/** What a message without a head cannot have. */
const HEADS = /^http\.(?:request|response)\b/u;

/** What a message of DNS has of which only the header could be read. */
const BARES = /^dns(?:$|\.(?:id|flags|count|data|time|response|retransmi))/u;

/** The protocols of a stream whose messages have a field; null: others may. */
export function speakersOf(field: string): readonly string[] | null {
  if (field.startsWith('tls.handshake')) return ['tls'];
  // The request for an upgrade has them too.
  if (field.startsWith('http2.settings')) return ['http2', 'http'];
  if (HEADS.test(field)) return ['http', 'ssdp'];
  const speakers = SPEAKERS.get(field.split('.')[0] ?? '') ?? null;
  return speakers !== null && BARES.test(field) ? [...speakers, BARE] : speakers;
}

/** Null: it asks for no such protocol. */
export function spokenVerdict(filter: Filter): ((spoken: readonly string[]) => number) | null {
  const none = answer(filter, []);
  if (none === VERDICT.maybe) return null;
  const known = new Map<string, number>([['', none]]);
  return (spoken) => {
    const key = spoken.join();
    let verdict = known.get(key);
    // As many as there are sorts of packets; what each of many messages is does not make new ones.
    if (verdict === undefined) {
      verdict = answer(filter, spoken);
      if (known.size < 256) known.set(key, verdict);
    }
    return verdict;
  };
}

const answer = (filter: Filter, spoken: readonly string[]): number => verdictOf(filter, (leaf) => {
  const field = neededBy(leaf);
  const speakers = field === null ? null : speakersOf(field);
  if (speakers !== null && !speakers.some((one) => spoken.includes(one))) return VERDICT.no;
  return isProtocol(leaf, spoken) ? VERDICT.yes : VERDICT.maybe;
});

/** It asks for a protocol that was spoken, wherever in the packet. */
function isProtocol(leaf: Leaf, spoken: readonly string[]): boolean {
  if (leaf.type !== 'present' || leaf.operand.type !== 'field' || leaf.operand.layers !== null) return false;
  const { name } = leaf.operand.field;
  return spoken.some((one) => one.split(':')[0] === name);
}
