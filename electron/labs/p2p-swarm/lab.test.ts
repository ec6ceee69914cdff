// The swarm lab on real sockets: each scenario to its end, who asked whom, whose bytes are right, and what the user may do meanwhile.
import { describe, expect, it } from 'vitest';
import type { RoleIx, SockId } from '../../../shared/base/brand';
import { toHex } from '../../../shared/base/bytes';
import type { ParameterValues } from '../../../shared/lab/manifest';
import type { Note, NoteTopic } from '../../../shared/trace/notes';
import { parseNote } from '../../../shared/trace/notes';
import type { Story } from '../../../shared/trace/story';
import { sha1 } from '../../roles/bittorrent/metainfo';
import type { Lab, LabContext } from '../../roles/lab';
import { lostTime } from '../lostTime.fixture';
import { LabTest, local } from '../run.fixture';
import lab from './lab';
import { HOSTILITIES } from './manifest';
import { runOf, type SwarmRun } from './swarmRun';

/** Quicker than in class. */
const QUICK: ParameterValues = { up: 400, 'choke-interval': 300, interval: 1 };

/** The lab, and its swarm to look into: the bytes that peers have are in no trace. */
function watched(): { readonly lab: Lab; swarm(): SwarmRun } {
  const runs: LabContext[] = [];
  return {
    lab: { ...lab, serve: (context) => (runs.push(context), lab.serve(context)) },
    swarm() {
      const [context] = runs;
      if (context === undefined) throw new Error('the lab was not started');
      return runOf(context);
    },
  };
}

interface Played {
  readonly run: LabTest;
  readonly swarm: SwarmRun;
}

async function played(params: ParameterValues, mode: 'play' | 'serve' = 'play'): Promise<Played> {
  const { lab, swarm } = watched();
  return { run: await LabTest[mode](lab, { ...QUICK, ...params }), swarm: swarm() };
}

/** Of those that are here: whether the bytes are those of the film. */
const hashes = ({ swarm }: Played): (readonly [string, boolean])[] => {
  const right = toHex(sha1(swarm.film.file));
  return swarm.members.filter(({ here }) => here).map(({ id, peer }) => [id, toHex(sha1(peer.store.bytes)) === right]);
};
const allRight = (each: Played): boolean => hashes(each).every(([, right]) => right);

const roleOf = (story: Story, index: RoleIx | null): string => (index === null ? null : story.role(index))?.id ?? '?';

function notes<T extends NoteTopic>(run: LabTest, topic: T, role?: string): (Extract<Note, { topic: T }> & { readonly by: string; readonly t: number })[] {
  return run.facts('role.noted', role).flatMap((fact) => {
    const note = parseNote(fact.text);
    return note?.topic === topic ? [{ ...(note as Extract<Note, { topic: T }>), by: roleOf(run.story, fact.role), t: fact.t }] : [];
  });
}

/** Messages between peers whose summary begins so, as 'peer-1 > peer-2 Request piece 1', in the order in which they left. */
function between(run: LabTest, ...kinds: readonly string[]): string[] {
  const { app, story } = run;
  const name = (sock: SockId | null): string => roleOf(story, (sock === null ? null : story.socket(sock))?.role ?? null);
  return app.messages
    .filter(({ protocol, state, summary }) => protocol === 'bittorrent' && state === 'complete' && kinds.some((kind) => summary.startsWith(kind)))
    .sort((one, other) => one.sentSeq - other.sentSeq)
    .map(({ fromSock, toSock, summary }) => `${name(fromSock)} > ${name(toSock)} ${summary.replace(/ offset.*/, '')}`);
}

describe('A, B and C', () => {
  it('as in the course: A asks B, B sends; A asks C, C sends; B asks C, C sends', async () => {
    const each = await played({ scenario: 'abc', up: 64 });
    expect(between(each.run, 'Request')).toEqual(['peer-1 > peer-2 Request piece 1', 'peer-1 > peer-3 Request piece 2', 'peer-2 > peer-3 Request piece 2']);
    expect(between(each.run, 'Piece')).toEqual(['peer-2 > peer-1 Piece 1', 'peer-3 > peer-1 Piece 2', 'peer-3 > peer-2 Piece 2']);
    expect(between(each.run, 'Request', 'Piece', 'Bitfield').slice(0, 4)).toEqual(['peer-2 > peer-1 Bitfield 2/8', 'peer-1 > peer-2 Bitfield 1/8', 'peer-1 > peer-2 Request piece 1', 'peer-2 > peer-1 Piece 1']);
    expect(hashes(each)).toEqual([['peer-2', true], ['peer-1', true], ['peer-3', true]]);
    expect(each.run.stepsDone()).toEqual(['listen', 'announce', 'handshake', 'bitfield', 'interested', 'unchoke', 'request', 'piece', 'have', 'rarest', 'both', 'done']);
  });

  it('with the words of the user, which can be read on the wire', async () => {
    const text = 'Every node is both a client and a server. 모든 노드는 클라이언트이면서 서버이다.\n';
    const each = await played({ scenario: 'abc', up: 1, file: 'text', text });
    expect(new TextDecoder().decode(each.swarm.members[1]?.peer.store.bytes)).toBe(text);
    expect(each.run.facts('bytes.sent', 'peer-3').some((fact) => each.run.text(fact).includes('서버이다'))).toBe(true);
    expect(between(each.run, 'Request')).toEqual(['peer-1 > peer-2 Request piece 1', 'peer-1 > peer-3 Request piece 2', 'peer-2 > peer-3 Request piece 2']);
  });

  it('no words, no film', async () => {
    await expect(played({ scenario: 'abc', file: 'text', text: '' })).rejects.toThrow('the text is empty');
  });
});

describe('a swarm', () => {
  it('everyone gets the film; the peers give more than the seeder', async () => {
    const each = await played({});
    expect(hashes(each)).toEqual([['seeder-1', true], ['peer-1', true], ['peer-2', true], ['peer-3', true], ['peer-4', true]]);
    expect(each.run.verdict('gives')).toBe('peers');
    expect(notes(each.run, 'bt.peer').map(({ by, have, pieces, up }) => [by, have, pieces, up])).toEqual([['seeder-1', 12, 12, 409_600], ...[1, 2, 3, 4].map((n) => [`peer-${n}`, 0, 12, 409_600])]);
    for (const peer of ['peer-1', 'peer-2', 'peer-3', 'peer-4']) expect(notes(each.run, 'bt.have', peer)).toHaveLength(12);
    expect(each.run.prints('peer*').map((said) => /last of (\d)/.exec(said)?.[1] ?? '')).toEqual(['', '', '', '4']);
    expect(each.run.stepsDone()).toEqual(expect.arrayContaining(['listen', 'announce', 'handshake', 'bitfield', 'interested', 'unchoke', 'request', 'piece', 'have', 'rarest', 'both', 'endgame', 'done']));
    // Two that have everything part; one of them may have had something to say still.
    expect(each.run.errors('*').filter((err) => err !== 'ECONNRESET' && err !== 'EPIPE')).toEqual([]);
  });

  it.each([['sequential', 'zero'], ['rarest', null], ['random', null]])('%s', async (strategy, verdict) => {
    const { run } = await played({ strategy });
    const chosen = notes(run, 'bt.chose', 'peer-2');
    const whys = new Set(chosen.map(({ why }) => why).filter((why) => why !== 'started' && why !== 'endgame'));
    expect([...whys]).toEqual(strategy === 'rarest' ? ['first', 'rarest'] : [strategy]);
    // The trace says the same as the verdict.
    expect(run.verdict('first-piece')).toBe(verdict ?? (chosen[0]?.piece === 0 ? 'zero' : 'another'));
  });

  it('with a tracker over UDP', async () => {
    const each = await played({ tracker: 'udp' });
    expect(allRight(each)).toBe(true);
    expect(each.run.facts('datagram.sent', 'peer-1').length).toBeGreaterThanOrEqual(2);
    expect(each.run.stepsDone()).toContain('announce-udp');
    expect(each.run.stepsDone()).not.toContain('announce');
  });

  it('of two: the seeder alone gives', async () => {
    const each = await played({ peers: 2 });
    expect(allRight(each)).toBe(true);
    expect(each.run.verdict('gives')).toBe('seeder');
  });

  it('of twenty, with three seeders and capped down-links', async () => {
    const each = await played({ peers: 20, seeders: 3, pieces: 8, down: 300 });
    expect([hashes(each).length, allRight(each)]).toEqual([20, true]);
  });

  it('that would not fit into the memory is not begun', async () => {
    await expect(played({ peers: 200, pieces: 1000, 'piece-size': 256 })).rejects.toThrow('200 copies');
  });
});

it('as it comes it is a show for a class: some seconds, and every step of a plain swarm', async () => {
  const lost = lostTime();
  const run = await LabTest.play(lab);
  const late = lost();
  expect(run.stepsDone()).toEqual(['listen', 'announce', 'handshake', 'bitfield', 'interested', 'unchoke', 'request', 'piece', 'have', 'rarest', 'both', 'optimistic', 'tit-for-tat', 'endgame', 'done']);
  expect(run.store.at(run.store.count - 1).t / 1000).toBeLessThan(12_000 + late);
  expect(run.app.messages.length).toBeLessThan(1200);
});

describe('those that come and go', () => {
  it('a newcomer gets it from whoever has it', async () => {
    const each = await played({ scenario: 'newcomer' });
    const from = new Set(between(each.run, 'Piece').filter((line) => line.includes('> newcomer')).map((line) => line.split(' ')[0]));
    expect(from.size).toBeGreaterThan(1);
    expect(each.run.verdict('newcomer')).toBe(from.has('seeder-1') ? 'all' : 'peers');
    expect(each.run.prints('newcomer')[0]).toBe('comes in the middle, with nothing');
    expect(hashes(each)).toContainEqual(['newcomer', true]);
    expect(each.run.stepsDone()).toContain('newcomer');
  });

  it('the seeder leaves when the others have a copy: all get it', async () => {
    const each = await played({ scenario: 'seeder-leaves' });
    expect(hashes(each)).toEqual([1, 2, 3, 4].map((n) => [`peer-${n}`, true]));
    expect(each.run.verdict('seeder-leaves')).toBe('goes-on');
    expect(each.run.facts('role.ended', 'seeder-1').map(({ text }) => text)).toEqual(['done']);
  });

  it('the seeder leaves early: they starve, until another one comes', async () => {
    const each = await played({ scenario: 'seeder-leaves', leaves: 'early', pieces: 40, up: 200 });
    const { run, swarm } = each;
    expect(run.verdict('seeder-leaves')).toBe('starves');
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['seeder-leaves', 'starved']));
    expect(notes(run, 'bt.done')).toEqual([]);
    const counts = swarm.leechers.map(({ peer }) => peer.store.have.count);
    expect(new Set(counts).size).toBe(1);
    expect(run.prints('peer-3').at(-1)).toBe(`lacks ${40 - (counts[0] ?? 0)} of 40 pieces: nobody here has them`);
    await run.act('add-peer', { brings: 'film' });
    await run.until(() => notes(run, 'bt.done').length === 4);
    expect(allRight(each)).toBe(true);
  });

  it('one crashes: the others finish, the tracker forgets it by the clock', async () => {
    const each = await played({ scenario: 'crash' });
    const { run } = each;
    expect(run.facts('role.ended', 'peer-4').map(({ text }) => text)).toEqual(['killed']);
    expect(hashes(each).filter(([, right]) => right)).toHaveLength(4);
    expect(run.prints('tracker')).toEqual([`${local('127.0.61.4')}:6881 has not announced for 3 s: forgotten`]);
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['crash', 'forgotten', 'done']));
  });

  it('some seconds of coming and going: who is here at the end has it', async () => {
    const each = await played({ scenario: 'churn', churn: 4, peers: 12, seed: 3 });
    const ends = each.run.facts('role.ended', 'peer*').map(({ text }) => text);
    expect(ends).toEqual(expect.arrayContaining(['killed', 'done']));
    expect(each.run.prints('peer*').some((said) => said.startsWith('is back with'))).toBe(true);
    expect(each.run.stepsDone()).toEqual(expect.arrayContaining(['crash', 'back']));
    // Never more at once than were asked for.
    expect(hashes(each).length).toBeLessThanOrEqual(12);
    expect(allRight(each)).toBe(true);
    expect(hashes(each).length).toBeGreaterThan(1);
  });

  it('a free rider gives nothing, and is none of the first', async () => {
    const each = await played({ scenario: 'free-rider', up: 128, pieces: 24, peers: 6 });
    const { run } = each;
    expect(between(run, 'Piece').filter((line) => line.startsWith('free-rider'))).toEqual([]);
    expect(notes(run, 'bt.done').findIndex(({ by }) => by === 'free-rider')).toBeGreaterThanOrEqual(2);
    expect(['last', 'among']).toContain(run.verdict('free-rider'));
    expect(run.stepsDone()).toEqual(expect.arrayContaining(['free-rider', 'tit-for-tat', 'optimistic']));
    expect(allRight(each)).toBe(true);
  });
});

describe('a troublemaker', () => {
  const why: Readonly<Record<string, string>> = {
    'bad-hash': 'bad-hash', 'bad-block': 'bad-length', 'long-message': 'bad-length', 'bad-bitfield': 'bad-length', 'spare-bits': 'bad-length', 'bad-have': 'bad-piece', 'bad-request': 'bad-request', 'long-request': 'bad-request',
    'flood-blocks': 'flood', 'flood-requests': 'flood', 'flood-messages': 'flood', 'wrong-torrent': 'wrong-torrent', garbage: 'bad-handshake', silent: 'handshake-timeout',
  };

  it.each(HOSTILITIES)('%s: is cut for it, and everyone finishes', async (hostility) => {
    const each = await played({ scenario: 'hostile', hostility });
    expect(notes(each.run, 'bt.cut').filter((cut) => cut.peer.startsWith(`${local('127.0.61.231')}:`)).map((cut) => cut.why)).toContain(why[hostility]);
    expect(each.run.prints('hostile-1').at(-1)).toMatch(/: was cut off/);
    expect(hashes(each)).toHaveLength(5);
    expect(allRight(each)).toBe(true);
    expect(each.run.stepsDone()).toEqual(expect.arrayContaining(['hostile', 'cut', 'done']));
    if (hostility === 'bad-hash') expect(each.run.stepsDone()).toContain('bad-hash');
  });
});

describe('by hand', () => {
  it('without a tracker nobody finds in; with a new one they do', async () => {
    const each = await played({}, 'serve');
    const { run } = each;
    const done = (count: number): Promise<void> => run.until(() => notes(run, 'bt.done').length === count);
    await run.act('add-peer');
    await done(1);
    await run.act('kill-tracker');
    await expect(run.act('kill-tracker')).rejects.toMatchObject({ code: 'NO_SERVER' });
    await run.act('add-peer');
    await run.until(() => run.prints('peer-2').some((said) => said.includes('ECONNREFUSED')));
    expect(notes(run, 'bt.have', 'peer-2')).toEqual([]);
    expect(run.stepsDone()).toContain('tracker-killed');
    await run.act('start-tracker');
    await done(2);
    expect(allRight(each)).toBe(true);
  });

  it('leave, crash, and nobody is there twice', async () => {
    const { run } = await played({}, 'serve');
    await run.act('add-peer');
    await run.act('add-peer');
    await run.act('leave', { peer: 1 });
    await run.act('crash', { peer: 2 });
    expect(run.facts('role.ended', 'peer*').map(({ text }) => text)).toEqual(['done', 'killed']);
    await expect(run.act('leave', { peer: 1 })).rejects.toMatchObject({ code: 'NOT_THERE' });
    await run.act('seeder-leaves');
    await expect(run.act('seeder-leaves')).rejects.toMatchObject({ code: 'NOT_THERE' });
  });

  it('slots, links and strategy hold at once', async () => {
    const each = await played({ up: 20, pieces: 60 }, 'serve');
    const { run } = each;
    await run.act('slots', { slots: 0 });
    await run.act('add-peer');
    await run.until(() => between(run, 'Interested').length > 0);
    expect(between(run, 'Unchoke')).toEqual([]);
    await run.act('strategy', { strategy: 'sequential' });
    await run.act('slots', { slots: 2 });
    await run.act('links', { up: 0, down: 0 });
    await run.until(() => notes(run, 'bt.done').length === 1);
    expect(notes(run, 'bt.chose', 'peer-1').slice(0, 5).map(({ piece, why }) => [piece, why])).toEqual([0, 1, 2, 3, 4].map((piece) => [piece, 'sequential']));
    expect(allRight(each)).toBe(true);
  });

  it('a troublemaker is sent in', async () => {
    const { run } = await played({}, 'serve');
    await run.act('hostile', { how: 'bad-have' });
    await run.until(() => run.prints('hostile*').some((said) => said.includes('was cut off by seeder-1')));
  });
});

it('the tracker gives the torrent to any program, and no other file', async () => {
  const { swarm } = await played({}, 'serve');
  const at = `http://${local('127.0.60.1')}:6969`;
  const answer = await fetch(`${at}/film-1.torrent`);
  expect([answer.headers.get('content-type'), new Uint8Array(await answer.arrayBuffer())]).toEqual(['application/x-bittorrent', new Uint8Array(swarm.film.torrent.bytes)]);
  expect((await fetch(`${at}/../package.json`)).status).toBe(404);
  expect((await fetch(`${at}/film-1.torrent`, { method: 'POST' })).status).toBe(405);
});
