// Peers that come and go: somebody joins, leaves, crashes, or is back with what it had, at moments that the seed chooses. The seeders stay;
// whoever is here at the end gets the whole film.

import type { LabContext } from '../../roles/lab';
import type { SwarmRun } from './swarmRun';

type Event = 'join' | 'leave' | 'crash' | 'back';

/** ms between two events in a swarm of five; larger ones have more of them. */
const PAUSE = { least: 150, most: 1200, of: 5 } as const;
/** Events that are as likely as their share here: more come than go, so that the swarm fills up again. */
const EVENTS: readonly Event[] = ['join', 'join', 'leave', 'crash', 'back', 'back'];

/** `room`: leechers at once, at the most. */
export async function churn(lab: LabContext, run: SwarmRun, room: number): Promise<void> {
  const { random } = run;
  await Promise.all(Array.from({ length: Math.ceil(room / 2) }, () => run.start('peer')));
  const pace = PAUSE.of / Math.max(PAUSE.of, room);
  for (const end = performance.now() + lab.number('churn') * 1000; performance.now() < end; ) {
    await lab.sleep((PAUSE.least + random.below(PAUSE.most - PAUSE.least)) * pace);
    const event = EVENTS[random.below(EVENTS.length)] ?? 'join';
    const chance = random.below(1_000_000);
    if (event === 'join' || event === 'back') await come(run, room, event, chance);
    else await go(run, event, chance);
  }
  await run.everyoneHas();
}

async function come(run: SwarmRun, room: number, event: 'join' | 'back', chance: number): Promise<void> {
  if (run.leechers.length >= room) return;
  const gone = run.members.filter(({ here, seeds, place }) => !here && !seeds && run.isFree(place));
  const who = event === 'back' ? gone[chance % Math.max(1, gone.length)] : undefined;
  if (who === undefined) return void (await run.start('peer'));
  const { have, torrent, bytes } = who.peer.store;
  const pieces = Array.from({ length: torrent.pieceCount }, (_, piece) => piece).filter((piece) => have.has(piece));
  await run.start('peer', { place: who.place, file: bytes, pieces, says: `is back with ${pieces.length} of ${torrent.pieceCount} pieces` });
}

/** One always stays: a swarm of seeders only would be dull. */
async function go(run: SwarmRun, event: 'leave' | 'crash', chance: number): Promise<void> {
  const here = run.leechers;
  const who = here[chance % Math.max(1, here.length)];
  if (who === undefined || here.length < 2) return;
  if (event === 'crash') who.role.kill();
  else who.peer.leave();
  await who.role.ended;
}
