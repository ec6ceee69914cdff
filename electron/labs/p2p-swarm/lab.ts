// The swarm lab: a tracker, and peers that share one film over BitTorrent. Plain roles from electron/roles/bittorrent, joined by swarmRun.ts;
// the scripts are in scenarios.ts, the data in manifest.ts.

import type { Strategy } from '../../roles/bittorrent/picker';
import type { Lab, LabContext } from '../../roles/lab';
import { ActionError } from '../../roles/serverControl';
import { manifest, type HostilityChoice } from './manifest';
import { lanSwarm } from './lanSwarm';
import { playScenario, startSeeders } from './scenarios';
import { runOf, type Member } from './swarmRun';

/** Who is on that host of the peers' family now. */
function peerAt(lab: LabContext, number: number): Member {
  const found = runOf(lab).members.find(({ here, place }) => here && place.family === 'peer' && place.number === number);
  if (found === undefined) throw new ActionError('NOT_THERE', `no peer ${number} is here`);
  return found;
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    const run = runOf(lab);
    if (await run.startTracker()) await startSeeders(lab, run);
  },

  async play(lab) {
    const run = runOf(lab);
    await playScenario(lab, run).catch((error: unknown) => {
      // The user has joined another swarm in the middle of it.
      if (!run.interrupted) throw error;
    });
    if (!run.interrupted) await run.announced();
  },

  actions: {
    'add-peer': async (lab, args) => {
      const run = runOf(lab);
      await (args['brings'] === 'film' ? run.start('seeder', { file: run.film.file, says: 'a seeder comes, with the whole film' }) : run.start('peer'));
    },
    leave: async (lab, args) => {
      const { peer, role } = peerAt(lab, Number(args['peer']));
      peer.leave();
      await role.ended;
    },
    crash: (lab, args) => Promise.resolve(peerAt(lab, Number(args['peer'])).role.kill()),
    'seeder-leaves': async (lab) => {
      const seeder = runOf(lab).seeders[0];
      if (seeder === undefined) throw new ActionError('NOT_THERE', 'no seeder is here');
      seeder.peer.leave();
      await seeder.role.ended;
    },
    strategy: (lab, args) => Promise.resolve(runOf(lab).setStrategy(String(args['strategy']) as Strategy)),
    slots: (lab, args) => Promise.resolve(runOf(lab).setSlots(Number(args['slots']))),
    links: (lab, args) => Promise.resolve(runOf(lab).setLinks(Number(args['up']), Number(args['down']))),
    // How it ends is seen in the trace: the user need not wait for it.
    hostile: (lab, args) => Promise.resolve(void runOf(lab).startHostile(String(args['how']) as HostilityChoice).catch(() => undefined)),
    'kill-tracker': (lab) => {
      const { tracker } = runOf(lab);
      if (tracker === null) throw new ActionError('NO_SERVER', 'no tracker is running');
      tracker.kill();
      return Promise.resolve();
    },
    'start-tracker': async (lab) => void (await runOf(lab).startTracker()),
  },

  swarm: lanSwarm,
};

export default lab;
