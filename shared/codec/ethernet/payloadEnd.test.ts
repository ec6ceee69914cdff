// Where packets end that say so and have no codec; and what is made of the rest of their frames.

import { expect, it } from 'vitest';
import { fromHex } from '../../base/bytes';
import { payloadEnd } from './payloadEnd';

const end = (type: number, hex: string): number | null => payloadEnd(type, fromHex(hex), 0);

it('LLDP ends with its End TLV', () => {
  expect(end(0x88cc, '0202 0701 0000 ffff')).toBe(6);
  expect(end(0x88cc, '0202 0701')).toBeNull();
});

it('PTP and EAPOL say how long they are, and are not believed beyond the frame', () => {
  expect(end(0x88f7, '1002 0006 0000 0000')).toBe(6);
  expect(end(0x88f7, '1002 0900')).toBeNull();
  expect(end(0x888e, '0101 0001 ff00')).toBe(5);
  expect(end(0x888e, '0101')).toBeNull();
  expect(end(0x0800, '4500 0014')).toBeNull();
});
