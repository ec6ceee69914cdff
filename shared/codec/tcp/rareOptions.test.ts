// TCP options that few segments have, as they lie in a header; and that each is written back as it was read.

import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../base/bytes';
import { walkFields } from '../field';
import { decodeTcpOptions, encodeTcpOptions, tcpOptionNodes } from './options';

/** What one option says: its display, then its fields but for kind and length. */
function said(hex: string): [string, Record<string, unknown>] {
  const bytes = fromHex(hex);
  expect(toHex(encodeTcpOptions(decodeTcpOptions(bytes, 0)))).toBe(toHex(bytes) + '00'.repeat((4 - (bytes.length % 4)) % 4));
  const [option] = tcpOptionNodes(bytes, 0, 0).children;
  if (option === undefined) throw new Error('no option');
  const fields = [...walkFields(option)].filter(({ node, depth }) => depth > 0 && !/option_(kind|len)$/.test(node.name)).map(({ node }): [string, unknown] => [node.name.replace('tcp.options.', ''), node.value]);
  return [option.display, Object.fromEntries(fields)];
}

describe('Multipath TCP', () => {
  it('begins with keys', () => {
    expect(said('1e140081 0000000000000007 0102030405060708')).toEqual(['MP_CAPABLE', expect.objectContaining({ 'mptcp.subtype': 0, 'mptcp.version': 0, 'mptcp.checksumreq.flags': 1, 'mptcp.sendkey': 7, 'mptcp.recvkey': '72623859790382856' })]);
    expect(said('1e040181')[1]).toMatchObject({ 'mptcp.version': 1 });
  });

  it('adds paths, and tells of addresses', () => {
    expect(said('1e0c1001 01020304 05060708')[1]).toMatchObject({ 'mptcp.subtype': 1, 'mptcp.addrid': 1, 'mptcp.recvtok': 0x01020304, 'mptcp.sendrand': 0x05060708 });
    expect(said('1e101001 0000000000000009 0a0b0c0d')[1]).toMatchObject({ 'mptcp.sendtrunchmac': 9, 'mptcp.sendrand': 0x0a0b0c0d });
    expect(said('1e083001 0a000003')[0]).toBe('ADD_ADDR 10.0.0.3');
    expect(said(`1e1e3002 20010db8${'00'.repeat(11)}01 1f90 0000000000000009`)[1]).toMatchObject({ 'mptcp.ipv6': '2001:db8::1', 'mptcp.port': 8080, 'mptcp.addaddrtrunchmac': 9 });
    expect(said('1e054002 03')[0]).toBe('REMOVE_ADDR');
    expect(said('1e045102')[1]).toMatchObject({ 'mptcp.backup.flag': 1, 'mptcp.addrid': 2 });
  });

  it('numbers the bytes of all paths together', () => {
    expect(said('1e142005 0000002a 0000002b 00000001 0064 abcd')[1]).toMatchObject({ 'mptcp.rawdataack': 42, 'mptcp.rawdataseqno': 43, 'mptcp.subflowseqno': 1, 'mptcp.datalvllen': 100, 'mptcp.checksum': 0xabcd });
    expect(said('1e0c2003 000000000000002a')[1]).toMatchObject({ 'mptcp.rawdataack': 42 });
    expect(said('1e0c7000 0000000000000007')[1]).toMatchObject({ 'mptcp.subtype': 7, 'mptcp.recvkey': 7 });
    expect(said('1e048101')[1]).toMatchObject({ 'mptcp.flag_T.flag': true, 'mptcp.rst_reason': 1 });
  });
});

it('others', () => {
  expect(said('2202')[0]).toBe('Fast Open request');
  expect(said('220a 0102030405060708')).toEqual(['Fast Open cookie', { 'tfo.cookie': fromHex('0102030405060708') }]);
  expect(said('fd04 f989')).toEqual(['Fast Open request', { 'experimental.exid': 0xf989, 'tfo.request': null }]);
  expect(said('fe06 1234 abcd')).toEqual(['Experiment', { 'experimental.exid': 0x1234, 'experimental.data': fromHex('abcd') }]);
  expect(said(`1312 ${'ab'.repeat(16)}`)).toEqual(['MD5 signature', { 'md5.digest': fromHex('ab'.repeat(16)) }]);
  expect(said(`1d10 0102 ${'cd'.repeat(12)}`)).toEqual(['TCP-AO', { 'ao.keyid': 1, 'ao.rnextkeyid': 2, 'ao.mac': fromHex('cd'.repeat(12)) }]);
  expect(said('1c04 8005')).toEqual(['User timeout 5 min', { 'user_to_granularity': true, 'user_to_val': 5 }]);
  expect(said('ac0b 000001 000002 000003')[1]).toEqual({ 'acc_ecn.ee0b': 1, 'acc_ecn.eceb': 2, 'acc_ecn.ee1b': 3 });
  expect(said('4504 0101')).toEqual(['69', { 'unknown.payload': fromHex('0101') }]);
});

it('none of them shows more than its bytes, however short it is', () => {
  for (const kind of [19, 28, 29, 30, 34, 172, 174, 253]) {
    for (let length = 2; length < 36; length++) {
      for (const filler of [0, 0x20, 0xff]) {
        const bytes = new Uint8Array(length).fill(filler);
        bytes.set([kind, length]);
        for (const { node } of walkFields(tcpOptionNodes(bytes, 0, 0))) expect(node.start + node.length, `kind ${kind}, ${length} bytes`).toBeLessThanOrEqual(length);
      }
    }
  }
});
