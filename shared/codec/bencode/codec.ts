// Bencode (BEP 3) as a layer of its own: one value, as torrents, trackers and extensions of peers carry it. Reached by name
// (`app:bencode`), for no port is its own.

import { concatBytes } from '../../base/bytes';
import type { Codec } from '../codec';
import { group } from '../field';
import { decodeBencode, type BencodeProblem } from './decode';
import { encodeBencoded } from './encode';
import { bencodeNodes } from './fields';
import { BENCODE_LIMITS } from './limits';
import type { Bencoded } from './value';

export interface BencodeMessage {
  readonly value: Bencoded;
  readonly problems: readonly BencodeProblem[];
}

export const codec: Codec<BencodeMessage, Pick<BencodeMessage, 'value'>> = {
  protocol: 'bencode',
  title: 'Bencode',
  layer: 'application',
  claims: [],
  decode(bytes, context) {
    const read = decodeBencode(bytes);
    if (read.status !== 'complete') return read;
    const { value, end, problems } = read;
    return { status: 'complete', value: { value, problems }, length: end, payload: { start: end, end: bytes.length, missing: context.missing ?? 0 }, next: [], inside: {}, quotes: false };
  },
  encode: ({ value }, payload) => concatBytes(encodeBencoded(value), payload),
  fields(bytes, context, base) {
    const { nodes, end } = bencodeNodes(bytes, 0, base, { left: context.room ?? BENCODE_LIMITS.treeItems });
    return group('bencode', 'Bencode', base, end, nodes);
  },
};
