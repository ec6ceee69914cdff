// NTP: what a client asks and a server answers.

import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { findField } from '../field';
import { keepsPromises } from '../promises.fixture';
import { codec } from './codec';

const ANSWER = '24 02 06 e9 00000100 00000200 c0a80001 e0000000 00000000 e0000001 80000000 00000000 00000000 00000001 40000000';

describe('an answer', () => keepsPromises({ codec, bytes: ANSWER, datagram: true, value: { flags: 0x24, stratum: 2, poll: 6, precision: 0xe9, reference: fromHex('c0a80001') } }));
describe('a signed one', () => keepsPromises({ codec, bytes: `${ANSWER} 00000008 ${'ab'.repeat(16)}`, datagram: true, value: { rest: fromHex(`00000008${'ab'.repeat(16)}`) } }));

it('has four times, of which some may not be known', () => {
  const tree = codec.fields(fromHex(ANSWER), {}, 0);
  expect(['ntp.flags.vn', 'ntp.flags.mode', 'ntp.ppoll', 'ntp.precision', 'ntp.rootdelay', 'ntp.reftime', 'ntp.org', 'ntp.rec', 'ntp.xmt'].map((name) => findField(tree, name)?.display)).toEqual([
    '4', 'server (4)', '64 s', '1.2e-7 s', '0.003906 s', 'Feb  2, 2019 11:39:44.000000000 UTC', 'Feb  2, 2019 11:39:45.500000000 UTC', 'NULL', 'Feb  7, 2036 06:28:17.250000000 UTC',
  ]);
});

it('is not taken for what it is not', () => {
  expect(codec.decode(fromHex('16020001'), {})).toMatchObject({ status: 'malformed', at: 0 });
  expect(codec.decode(fromHex('24'), { missing: 0 })).toMatchObject({ status: 'malformed', at: 0 });
});
