// Who speaks through a door is known for as long as it does, and a little longer; nobody can be made to be forgotten.
import { describe, expect, it } from 'vitest';
import { DoorBook } from './doorBook';
import { SHARE_LIMITS } from './limits';

const local = (port: number): { address: string; port: number } => ({ address: '127.0.0.1', port });
const STUDENT = { address: '192.168.77.2', port: 50_000 };

describe('the book of doors', () => {
  it('knows who speaks, by protocol and loopback end', () => {
    const book = new DoorBook();
    const ends = book.speaks('tcp', local(40_000), STUDENT);
    expect([book.comesFrom('tcp', local(40_000)), book.comesFrom('udp', local(40_000)), book.comesFrom('tcp', local(40_001))]).toEqual([STUDENT, null, null]);
    ends();
    // Its last words may not have been heard yet.
    expect(book.comesFrom('tcp', local(40_000))).toEqual(STUDENT);
  });

  it('forgets in time: the port may be another program\'s then', () => {
    let now = 0;
    const book = new DoorBook(() => now);
    const ends = book.speaks('tcp', local(40_000), STUDENT);
    now = SHARE_LIMITS.remembered.ms * 10;
    expect(book.comesFrom('tcp', local(40_000))).toEqual(STUDENT);
    ends();
    ends();
    now += SHARE_LIMITS.remembered.ms;
    expect(book.comesFrom('tcp', local(40_000))).toBeNull();
  });

  it('a client that waits is not forgotten, however many come and go', () => {
    const book = new DoorBook();
    book.speaks('tcp', local(40_000), STUDENT);
    for (let i = 0; i < SHARE_LIMITS.remembered.most + 10; i++) book.speaks('tcp', local(i), { address: '192.168.77.3', port: i })();
    expect(book.comesFrom('tcp', local(40_000))).toEqual(STUDENT);
    expect([book.comesFrom('tcp', local(0)), book.comesFrom('tcp', local(10))?.port]).toEqual([null, 10]);
  });

  it('a port that the system gives to the next connection at once is the next one\'s', () => {
    const book = new DoorBook();
    const first = book.speaks('tcp', local(40_000), STUDENT);
    const next = { address: '192.168.77.3', port: 50_000 };
    book.speaks('tcp', local(40_000), next);
    first();
    expect(book.comesFrom('tcp', local(40_000))).toEqual(next);
  });

  it('knows where the LAN reaches what listens', () => {
    const book = new DoorBook();
    book.opened('tcp', local(6881), { address: '192.168.77.1', port: 6882 });
    expect(book.outside('tcp', local(6881))).toEqual({ address: '192.168.77.1', port: 6882 });
    book.closed('tcp', local(6881));
    expect(book.outside('tcp', local(6881))).toBeNull();
  });
});
