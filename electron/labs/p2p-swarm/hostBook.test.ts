// Peers get hosts: new ones first, then those whose peer is gone, as new roles.
import { expect, it } from 'vitest';
import { HostBook } from './hostBook';

it('gives each peer a host of its own, and those that are free again when there is no new one', () => {
  const book = new HostBook({ peer: 2, seeder: 1, hostile: 0 });
  const one = book.take('peer');
  const two = book.take('peer');
  expect([one, two].map(({ host, role, number }) => [host, role, number])).toEqual([['peer-1', 'peer-1', 1], ['peer-2', 'peer-2', 2]]);
  expect(() => book.take('peer')).toThrow('all 2 peer hosts are taken');
  expect(book.take('seeder').role).toBe('seeder-1');
  expect(() => book.take('hostile')).toThrow(RangeError);
  book.free(two);
  expect(book.take('peer')).toMatchObject({ host: 'peer-2', role: 'peer-2-2' });
});

it('lets a peer back to where it was, unless somebody is there', () => {
  const book = new HostBook({ peer: 3, seeder: 1, hostile: 1 });
  const one = book.take('peer');
  expect(() => book.at(one)).toThrow('peer-1 is not free');
  book.free(one);
  expect(book.at(one)).toMatchObject({ host: 'peer-1', role: 'peer-1-2' });
  expect(book.at({ family: 'peer', number: 3 }).role).toBe('peer-3');
  expect(book.take('peer').role).toBe('peer-2');
});
