// Bytes that no other codec claims: the payload as the application gave it. Ends the walk of dissect.ts.

import { concatBytes } from '../../base/bytes';
import type { Codec } from '../codec';
import { generated, group } from '../field';
import { bytesNode } from '../layout';
import { previewText } from '../text';

export const codec: Codec<Uint8Array> = {
  protocol: 'data',
  title: 'Data',
  layer: 'application',
  claims: [],
  decode(bytes, context) {
    const end = bytes.length;
    return { status: 'complete', value: bytes, length: end, payload: { start: end, end, missing: context.missing ?? 0 }, next: [], inside: {}, quotes: false };
  },
  encode: (value, payload) => concatBytes(value, payload),
  fields(bytes, _context, base) {
    const nodes = [
      bytesNode('data.data', bytes, 0, bytes.length, base),
      generated('data.text', previewText(bytes), previewText(bytes), base, bytes.length),
      // Of the bytes that are here, as in Wireshark.
      generated('data.len', bytes.length, `${bytes.length} B`, base, bytes.length),
    ];
    return group('data', 'Data', base, bytes.length, nodes);
  },
};
