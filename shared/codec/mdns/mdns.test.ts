// mDNS beside DNS: the same messages, two bits that say something else.

import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { findField } from '../field';
import { keepsPromises } from '../promises.fixture';
import { codec } from './codec';

const MESSAGE = '0000 8400 0001 0001 0000 0000 0161056c6f63616c00 0001 8001 c00c 0001 8001 00000078 0004 01020304';

describe('an answer on the link', () => keepsPromises({ codec, bytes: MESSAGE, datagram: true, value: { questions: [{ name: 'a.local.', type: 1, class: 0x8001 }] } }, 60));

it('says who shall answer whom, and what to forget', () => {
  const tree = codec.fields(fromHex(MESSAGE), {}, 0);
  expect(['dns.qry.class', 'dns.qry.qu', 'dns.resp.class', 'dns.resp.cache_flush', 'dns.a'].map((name) => findField(tree, name)?.value)).toEqual([1, true, 1, true, '1.2.3.4']);
  expect(tree.name).toBe('mdns');
});
