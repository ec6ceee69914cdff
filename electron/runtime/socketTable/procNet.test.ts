// The kernel's rows, as Linux wrote them, and what they say.

import { describe, expect, it } from 'vitest';
import { Columns, eachRow, listeningPaths, stateName, TIMER } from './procNet';

const NAMES = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     ';
const read = (rows: readonly string[], digits: 8 | 32 = 8): object[] => {
  const columns = new Columns(digits);
  const table = Buffer.from(`${[NAMES, ...rows].join('\n')}\n`);
  const found: object[] = [];
  eachRow(table, table.length, (at) => {
    const state = columns.stateOf(table, at);
    found.push({
      local: columns.endpoint(table, at), remote: columns.endpoint(table, at + columns.remote), state: stateName(state),
      send: columns.sendQueue(table, at, state), receive: columns.receiveQueue(table, at, state), timer: columns.timer(table, at), left: columns.timeLeft(table, at),
    });
  });
  return found;
};

describe('/proc/net/tcp', () => {
  it('tells of a listening socket how many wait in its accept queue', () => {
    expect(read(['   0: 0146007F:1B6C 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 1065 1 0000000077287b79 100 0 0 10 0  '])).toEqual([
      { local: { address: '127.0.70.1', port: 7020 }, remote: { address: '0.0.0.0', port: 0 }, state: 'LISTEN', send: 0, receive: 3, timer: TIMER.none, left: 0 },
    ]);
  });

  it('tells of TIME_WAIT how long it still lasts', () => {
    expect(read(['10234: 0163007F:AAB9 0263007F:AB9F 06 00000000:00000000 03:00001763 00000000     0        0 0 3 00000000a978430b'])).toMatchObject([
      { local: { address: '127.0.99.1', port: 43705 }, state: 'TIME_WAIT', timer: TIMER.timeWait, left: 59_870 },
    ]);
  });

  it('tells bytes in both queues, and that a zero window is being probed', () => {
    expect(read(['   3: 014D007F:A001 024D007F:1BA8 01 0003E800:00000000 04:00000014 00000000     0        0 11 2 0000 20 0 0 10 -1'])).toMatchObject([
      { state: 'ESTABLISHED', send: 256_000, receive: 0, timer: TIMER.windowProbe, left: 200 },
    ]);
  });

  it('does not count a FIN as a byte', () => {
    const row = (state: string, send: string, receive: string): string => `   3: 014D007F:A001 024D007F:1BA8 ${state} ${send}:${receive} 00:00000000 00000000 0 0 11 2`;
    expect(read([row('08', '00000000', '00000001'), row('08', '00000000', '00000006'), row('04', '00000003', '00000000'), row('08', '00000000', '00000000')])).toMatchObject([
      { state: 'CLOSE_WAIT', receive: 0 }, { state: 'CLOSE_WAIT', receive: 5 }, { state: 'FIN_WAIT1', send: 2 }, { state: 'CLOSE_WAIT', receive: 0 },
    ]);
  });

  it('takes no timer that is late for one of weeks', () => {
    expect(read(['   3: 014D007F:A001 024D007F:1BA8 01 00000001:00000000 01:FFFFFFFF 00000000 0 0 11 2'])).toMatchObject([{ left: 0 }]);
  });

  it('leaves a row that is not whole for the next piece', () => {
    const table = Buffer.from(`${NAMES}\n   0: 0146007F:1B6C 0000`);
    const places: number[] = [];
    expect(eachRow(table, table.length, (at) => places.push(at))).toBe(NAMES.length + 1);
    expect(places).toEqual([]);
  });
});

describe('/proc/net/tcp6', () => {
  const row = (local: string): string => `   0: ${local}:1B6C 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1`;
  it.each([
    ['00000000000000000000000001000000', '::1'],
    ['00000000000000000000000000000000', '::'],
    ['000080FE000000000000000001000000', 'fe80::1'],
    ['B80D0120000000000000010002000000', '2001:db8::1:0:0:2'],
    ['0000000000000000FFFF00000146007F', '127.0.70.1'],
  ])('writes %s as %s', (written, address) => {
    expect(read([row(written)], 32)).toMatchObject([{ local: { address, port: 7020 }, state: 'LISTEN' }]);
  });
});

describe('/proc/net/unix', () => {
  it('tells which paths are listened at', () => {
    expect(listeningPaths([
      'Num       RefCount Protocol Flags    Type St Inode Path',
      '00000000a8a7832d: 00000003 00000000 00000000 0001 03  1061',
      '00000000a8a7832e: 00000002 00000000 00010000 0001 01  1062 /run/one.sock',
      '00000000a8a7832f: 00000003 00000000 00000000 0001 03  1063 /run/one.sock', '',
    ].join('\n'))).toEqual(['/run/one.sock']);
  });
});
