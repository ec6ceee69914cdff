// A packet without a link header (LINKTYPE_RAW): the first four bits say which IP it is. A header of no bytes.

import { concatBytes } from '../../base/bytes';
import { incomplete, malformed, type Codec } from '../codec';
import { group } from '../field';
import { versionOf } from '../layout';

export const codec: Codec<null> = {
  protocol: 'raw',
  title: 'Raw IP',
  layer: 'link',
  claims: ['linktype:101', 'linktype:12', 'linktype:14'],
  decode(bytes, context) {
    if (bytes.length < 1) return incomplete(1);
    const version = versionOf(bytes);
    if (version !== 4 && version !== 6) return malformed(0, `version ${version} is neither 4 nor 6`);
    return { status: 'complete', value: null, length: 0, payload: { start: 0, end: bytes.length, missing: context.missing ?? 0 }, next: [version === 4 ? 'ethertype:2048' : 'ethertype:34525'], inside: {}, quotes: false };
  },
  encode: (_value, payload) => concatBytes(payload),
  fields: (_bytes, _context, base) => group('raw', 'Raw IP', base, 0, []),
};
