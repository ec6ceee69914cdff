// The scripts of the swarm lab: who comes when, with what, and who goes how. A script waits for what the peers really have, never for a
// time that it hopes is enough.

import { never } from '../../../shared/base/assert';
import type { LabContext } from '../../roles/lab';
import { churn } from './churn';
import type { HostilityChoice, Scenario } from './manifest';
import type { Member, SwarmRun } from './swarmRun';

/** Seeders and leechers that the parameters ask for: at least one of each. */
export function sizesOf(lab: LabContext): { readonly seeders: number; readonly leechers: number } {
  const peers = lab.number('peers');
  const seeders = Math.min(lab.number('seeders'), peers - 1);
  return { seeders, leechers: peers - seeders };
}

export async function startSeeders(lab: LabContext, run: SwarmRun): Promise<void> {
  // The three friends have none, C brings the film; who rides free shows best among equals.
  if (lab.text('scenario') === 'abc' || lab.text('scenario') === 'free-rider') return;
  for (let count = sizesOf(lab).seeders; count > 0; count--) await run.start('seeder', { file: run.film.file });
}

export async function playScenario(lab: LabContext, run: SwarmRun): Promise<void> {
  const scenario = lab.text('scenario') as Scenario;
  const { leechers } = sizesOf(lab);
  switch (scenario) {
    case 'swarm':
      await startLeechers(run, leechers);
      return run.everyoneHas();
    case 'abc': return friends(lab, run);
    case 'newcomer': return newcomer(run, leechers);
    case 'seeder-leaves': return seederLeaves(run, leechers, lab.text('leaves') === 'early');
    case 'crash': return crash(run, leechers);
    case 'churn': return churn(lab, run, leechers);
    case 'hostile': return hostile(run, leechers, lab.text('hostility') as HostilityChoice);
    case 'free-rider': return freeRider(run, lab.number('peers') - 1);
    default: return never(scenario);
  }
}

const startLeechers = (run: SwarmRun, count: number): Promise<Member[]> => Promise.all(Array.from({ length: count }, () => run.start('peer')));

const has = ({ peer }: Member): number => peer.store.have.count;

/**
 * The course's picture: A asks B for a piece, B sends it; A asks C, C sends it; B asks C, C sends it. Each begins with a part: A the first
 * third of the film, B two thirds, C all of it. Nobody is told whom to ask: there is only one at each time who has what is lacking.
 */
async function friends(lab: LabContext, run: SwarmRun): Promise<void> {
  const { file, torrent } = run.film;
  const first = (part: number): number[] => Array.from({ length: Math.floor(torrent.pieceCount * part) }, (_, i) => i);
  // Two slots at least, so that C serves both at once; no end game, in which B would ask A, too, for what is on its way from C.
  const options = { file, endGame: false, slots: Math.max(2, lab.number('slots')) };
  const b = await run.start('peer', { ...options, place: { family: 'peer', number: 2 }, pieces: first(2 / 3), says: `B is on, with ${first(2 / 3).length} of ${torrent.pieceCount} pieces of film 1` });
  const a = await run.start('peer', { ...options, place: { family: 'peer', number: 1 }, pieces: first(1 / 3), says: `A is on, with ${first(1 / 3).length} of ${torrent.pieceCount} pieces, and would like the rest` });
  await run.until(() => has(a) >= has(b));
  // C knows its friend A; of B it is told by the tracker.
  await run.start('peer', { ...options, place: { family: 'peer', number: 3 }, peers: [lab.endpoint('peer-1')], says: 'C is on, with all of film 1' });
  await run.everyoneHas();
}

/** The others have half of it when one more comes. */
async function newcomer(run: SwarmRun, leechers: number): Promise<void> {
  const others = await startLeechers(run, leechers - 1);
  const half = (run.film.torrent.pieceCount * others.length) / 2;
  await run.until(() => others.reduce((sum, each) => sum + has(each), 0) >= half);
  await run.start('peer', { id: 'newcomer', says: 'comes in the middle, with nothing' });
  await run.everyoneHas();
}

/** Pieces that at least one of the leechers has. */
function unionOf(run: SwarmRun): number {
  let count = 0;
  for (let piece = 0; piece < run.film.torrent.pieceCount; piece++) if (run.leechers.some(({ peer }) => peer.store.have.has(piece))) count++;
  return count;
}

/** Early: half of the film is still at the seeders only. Else: the others together have a copy of it. */
async function seederLeaves(run: SwarmRun, leechers: number, early: boolean): Promise<void> {
  const { pieceCount } = run.film.torrent;
  await startLeechers(run, leechers);
  await run.until(() => unionOf(run) >= (early ? Math.floor(pieceCount / 2) : pieceCount));
  for (const { peer, role, context } of run.seeders) {
    context.print(early ? 'leaves, though some pieces are nowhere else' : 'leaves: the others together have every piece');
    peer.leave();
    await role.ended;
  }
  const union = unionOf(run);
  await run.until(() => run.leechers.every((each) => has(each) >= union));
  for (const { peer, context } of run.leechers) {
    const { have } = peer.store;
    if (!have.complete) context.print(`lacks ${pieceCount - have.count} of ${pieceCount} pieces: nobody here has them`);
  }
}

/** The last one dies with a third of the film; the others finish, and the tracker learns of it by the clock only. */
async function crash(run: SwarmRun, leechers: number): Promise<void> {
  const all = await startLeechers(run, leechers);
  const victim = all.at(-1);
  if (victim === undefined) return;
  await run.until(() => has(victim) * 3 >= run.film.torrent.pieceCount);
  victim.role.kill();
  await run.everyoneHas();
  await run.until(() => run.forgotten > 0 || run.tracker === null);
}

async function hostile(run: SwarmRun, leechers: number, how: HostilityChoice): Promise<void> {
  await startLeechers(run, leechers);
  await Promise.all([run.startHostile(how), run.everyoneHas()]);
}

/**
 * Like for like: everyone begins with as many pieces and has the same links, and no seeder helps anybody. Only one gives nothing; its share
 * is a copy of A's, so that the others need nothing of it.
 */
async function freeRider(run: SwarmRun, givers: number): Promise<void> {
  const { file, torrent } = run.film;
  const share = (number: number): number[] => Array.from({ length: torrent.pieceCount }, (_, piece) => piece).filter((piece) => piece % givers === number);
  await Promise.all(Array.from({ length: givers }, (_, number) => run.start('peer', { file, pieces: share(number) })));
  await run.start('peer', { id: 'free-rider', file, pieces: share(0), slots: 0, says: 'takes, and gives nothing: it has no upload slot for anybody' });
  await run.everyoneHas();
}
