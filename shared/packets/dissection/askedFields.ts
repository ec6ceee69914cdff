// Which parts of a dissection a list of fields needs: the headers that carry everything are passed by where none of their fields is asked for, and the
// streams of TCP are not read for lists of headers. Trees of applications, and of all that is rare, are always built.

import { codecs } from '../../codec/dissect';
import { isMark } from '../../codec/expert/marks';
import type { AskedFields } from '../dissector';

/** Headers of nearly every packet, whose fields are in no other protocol's tree; those of which one has another's fields too. */
const HEADERS: ReadonlyMap<string, readonly string[]> = new Map([['eth', ['eth']], ['ip', ['ip']], ['ipv6', ['ipv6', 'ip']], ['tcp', ['tcp']], ['udp', ['udp']]]);
/** Fields of TCP that are told by its streams. */
const OF_STREAMS = /^tcp\.(segment|reassembled|pdu)/;
/** The frame's list of protocols names those in streams too. */
const CHAIN = 'frame.protocols';

/** Undefined: all of it, for `names` are of what stands over the whole packet. */
export function askedFields(names: Iterable<string>): AskedFields | undefined {
  const all = [...names];
  if (all.some(isMark)) return undefined;
  const protocols = new Set(all.map((name) => name.split('.')[0] ?? ''));
  const asked = new Map([...HEADERS].map(([protocol, prefixes]) => [protocol, prefixes.some((prefix) => protocols.has(prefix))]));
  const streams = all.some((name) => name === CHAIN || OF_STREAMS.test(name)) || [...protocols].some((protocol) => protocol !== 'frame' && !HEADERS.has(protocol));
  const headers = ![...protocols].every((protocol) => codecs.get(protocol)?.layer === 'application');
  return { asks: (protocol) => asked.get(protocol) ?? true, headers, streams };
}

/** Whether packets that come later may tell what is asked for: where a message ends, or is answered. */
export const asksLater = (names: Iterable<string>): boolean => [...names].some((name) => name.endsWith('_in') || isMark(name));

/** Whether it is asked where requests are answered, which may be as far ahead as their flow goes. */
export const asksAnswers = (names: Iterable<string>): boolean => [...names].some((name) => name.endsWith('.response_in'));
