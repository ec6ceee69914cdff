// LLMNR beside DNS: the same messages, bits that say something else.

import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { findField } from '../field';
import { keepsPromises } from '../promises.fixture';
import { codec } from './codec';

const MESSAGE = 'abcd 8500 0001 0001 0000 0000 046c61623100 0001 0001 c00c 0001 0001 0000001e 0004 c0a80001';

describe('an answer on the link', () => keepsPromises({ codec, bytes: MESSAGE, datagram: true, value: { id: 0xabcd, questions: [{ name: 'lab1.', type: 1 }] } }, 60));

it('says whether the name is another one\'s too, and whether it is sure', () => {
  const tree = codec.fields(fromHex(MESSAGE), {}, 0);
  expect(['dns.flags.response', 'dns.flags.conflict', 'dns.flags.tentative', 'dns.a'].map((name) => findField(tree, name)?.value)).toEqual([true, true, true, '192.168.0.1']);
  expect([tree.name, findField(tree, 'dns.flags')?.display, findField(tree, 'dns.flags.authoritative')]).toEqual(['llmnr', 'response, C, T', null]);
});
