// What the name of an SRV record says.

import { expect, it } from 'vitest';
import { findField } from '../field';
import { dnsFields } from './fields';
import { encodeMessage } from './message';
import { queryFor } from './records';
import { DNS_TYPE } from './types';
import { parseZone } from './zoneText';

it('tells the service of a record by its name', () => {
  const told = (owner: string): unknown[] => {
    const tree = dnsFields(encodeMessage({ ...queryFor(1, 'a.t.', DNS_TYPE.SRV), answers: parseZone(`${owner} 1 IN SRV 1 2 3 b.t.`).records }), false, 0);
    return ['dns.srv.service', 'dns.srv.proto', 'dns.srv.name'].map((name) => findField(tree, name)?.value);
  };
  expect(told('_sip._udp.a.example.')).toEqual(['_sip', '_udp', 'a.example']);
  expect(told('a.example.')).toEqual([undefined, undefined, undefined]);
});
