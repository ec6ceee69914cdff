// The hybrid lab on real sockets: who finds whom, who talks to whom, and what is left when the directory is gone.
import { describe, expect, it } from 'vitest';
import { LabTest, local } from '../run.fixture';
import lab from './lab';

const REFUSED = 'ECONNREFUSED: nobody listens there. Is the server running?';
const BEGINNING = ['directory', 'door', 'register', 'registered', 'look-up', 'found', 'dial'];

const verdicts = (run: LabTest): Record<string, string | null> => Object.fromEntries(lab.manifest.predictions.map(({ id }) => [id, run.verdict(id)]));
const bo = `bo is at ${local('127.0.68.2')}:6700`;
const ann = `ann is at ${local('127.0.68.1')}:6700`;

describe('the chat', () => {
  it('finds by the directory, talks from peer to peer', async () => {
    const run = await LabTest.play(lab, { scenario: 'chat' });
    expect(run.ladder()).toMatchSnapshot();
    expect(run.prints('ann')).toEqual([`in the directory: ${ann}`, `directory: ${bo}`, 'bo: Yes, at noon. Is Cho coming?', 'cho: I am coming too.']);
    expect(run.prints('bo')).toEqual([`in the directory: ${bo}`, 'ann: Hi Bo! 점심 먹을까?', 'cho: Where do we meet?']);
    expect(run.stepsDone()).toEqual([...BEGINNING, 'message', 'book', 'reply']);
    expect(verdicts(run)).toEqual({ way: 'direct', 'look-ups': 'fewer', 'old-ones': 'alive', newcomer: 'nobody', stale: 'well' });
    // Not one byte of what was said has passed the directory.
    const said = run.facts('bytes.received', 'directory').map((fact) => run.text(fact)).join('');
    expect(said).not.toContain('Hi Bo!');
    expect(said.match(/GET \/people\//g)).toHaveLength(3);
  });

  it('refreshes the entries while it lasts', async () => {
    const run = await LabTest.play(lab, { scenario: 'chat', lifetime: 2 });
    await run.until(() => run.stepsDone().includes('refresh'));
    expect(run.stepsDone()).not.toContain('expired');
  });

  it('any message arrives as it is: one that looks like a command, and one of two lines', async () => {
    const run = await LabTest.play(lab, { scenario: 'chat', message: '/who\nис? 누구세요?' });
    expect(run.prints('bo')[1]).toBe('ann: /who ис? 누구세요?');
  });
});

it('the directory is killed: the old ones go on, a newcomer finds nobody', async () => {
  const run = await LabTest.play(lab);
  expect(run.ladder()).toMatchSnapshot();
  expect(run.prints('bo')[2]).toBe('ann: The directory is dead. Are you still there?');
  expect(run.prints('ann')).toContain('cho: I still have your address.');
  expect(run.prints('dan')).toEqual([`not in the directory: ${REFUSED}`, `directory: ${REFUSED}`]);
  expect(run.stepsDone()).toEqual([...BEGINNING, 'message', 'book', 'reply', 'killed', 'goes-on', 'remembered', 'newcomer']);
  expect(verdicts(run)).toEqual({ way: 'direct', 'look-ups': 'fewer', 'old-ones': 'goes-on', newcomer: 'refused', stale: 'well' });
  expect(run.facts('role.ended').map((fact) => fact.text)).toEqual(['killed']);
});

it('without address books, who has hung up is lost too', async () => {
  const run = await LabTest.play(lab, { remember: false });
  expect(run.stepsDone()).not.toContain('remembered');
  expect(run.prints('cho').at(-1)).toBe(`directory: ${REFUSED}`);
  expect(run.verdict('old-ones')).toBe('goes-on');
});

it('a directory that comes back empty is filled by those who refresh', async () => {
  const run = await LabTest.play(lab, { lifetime: 2 });
  await run.act('start-directory');
  await run.until(() => run.facts('role.noted', 'directory-2').filter((fact) => fact.text.includes('"registered"')).length === 4);
  expect(run.stepsDone()).toContain('back');
  await run.act('say', { who: 'dan', name: 'cho', text: 'There you are.' });
  expect(run.prints('dan').at(-1)).toBe(`directory: cho is at ${local('127.0.68.3')}:6700`);
});

it('stale: the directory gives the old address until the entry\'s time is over', async () => {
  const run = await LabTest.play(lab, { scenario: 'stale', lifetime: 2 });
  const [, ...asked] = run.prints('ann');
  expect(asked).toEqual([`directory: ${bo}`, `bo is not at ${local('127.0.68.2')}:6700: ${REFUSED}`, 'directory: nobody is bo', `directory: ${bo}`]);
  expect(run.prints('directory')).toEqual(['bo has not been heard of for 2 s: entry dropped']);
  expect(run.prints('bo-2').at(-1)).toBe('ann: There you are!');
  expect(run.stepsDone()).toEqual(expect.arrayContaining(['crash', 'stale', 'expired', 'absent', 'moved']));
  expect(run.verdict('stale')).toBe('old-address');
});

it('moves: the address book is stale, the directory knows better', async () => {
  const run = await LabTest.play(lab, { scenario: 'moves' });
  const now = /bo is at (\S+)/.exec(run.prints('bo-2')[0] ?? '')?.[1];
  expect(now).not.toBe(`${local('127.0.68.2')}:6700`);
  expect(run.prints('ann').slice(-3)).toEqual([`bo is not at ${local('127.0.68.2')}:6700: ${REFUSED}`, `directory: bo is at ${now}`, 'bo: Behind another door.']);
  expect(run.verdict('stale')).toBe('book');
});

it('moves: who keeps no address book asks the directory first, and is told the new door', async () => {
  const run = await LabTest.play(lab, { scenario: 'moves', remember: false });
  expect(run.errors('ann')).toEqual([]);
  expect(run.verdict('stale')).toBe('new-address');
});

it('leave: the entry is gone at once', async () => {
  const run = await LabTest.play(lab, { scenario: 'leave' });
  expect(run.prints('cho').at(-1)).toBe('directory: nobody is bo');
  expect(run.prints('ann')).toContain('bo has hung up');
  expect(run.stepsDone()).toEqual(expect.arrayContaining(['leave', 'absent']));
  expect(run.facts('role.ended', 'bo').map((fact) => fact.text)).toEqual(['done']);
});

it('introduce: one friend is enough to find the others without any directory', async () => {
  const run = await LabTest.play(lab, { scenario: 'introduce' });
  expect(run.prints('bo').at(-1)).toBe('dan: Hello Bo, Ann told me where you are.');
  expect(run.prints('dan').at(-1)).toBe('bo: Welcome!');
  expect(run.stepsDone()).toContain('introduced');
  expect(run.verdict('newcomer')).toBe('introduced');
});

describe('the user\'s hand', () => {
  it('joins, looks up, talks, leaves and crashes', async () => {
    const run = await LabTest.serve(lab);
    await run.act('join', { who: 'dan', door: 'other' });
    await run.act('look-up', { who: 'cho', name: 'dan' });
    await run.act('say', { who: 'cho', name: 'dan', text: 'Hello, Dan' });
    await run.until(() => run.prints('dan').includes('cho: Hello, Dan'));
    await run.act('say', { who: 'dan', name: 'eve', text: 'Eve?' });
    expect(run.prints('dan').at(-1)).toBe('directory: nobody is eve');
    await run.act('introduce', { who: 'bo', friend: 'cho' });
    await run.until(() => run.facts('role.noted', 'bo').some((fact) => fact.text.includes('"learned","name":"dan"')));
    await run.act('crash', { who: 'dan' });
    await expect(run.act('say', { who: 'dan', name: 'ann', text: '' })).rejects.toMatchObject({ code: 'NOT_THERE' });
    await run.act('leave', { who: 'cho' });
    await expect(run.act('leave', { who: 'cho' })).rejects.toMatchObject({ code: 'NOT_THERE' });
    await run.act('kill-directory');
    await expect(run.act('kill-directory')).rejects.toMatchObject({ code: 'NO_SERVER' });
    await run.act('leave', { who: 'bo' });
    expect(run.prints('bo').at(-1)).toBe(`directory: ${REFUSED}`);
  });

  it('a second process at the same door: EADDRINUSE, and the first goes on', async () => {
    const run = await LabTest.serve(lab);
    await run.act('join', { who: 'bo' });
    expect(run.errors('bo-2')).toEqual(['EADDRINUSE']);
    await run.act('say', { who: 'ann', name: 'bo', text: 'Still you?' });
    await run.until(() => run.prints('bo').includes('ann: Still you?'));
  });
});
