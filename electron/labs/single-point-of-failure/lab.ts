// The lab of the single point of failure: clients that keep asking, a service behind them in one architecture or another, and a blow to
// it in mid-run. Counted is what the clients see. Roles are in electron/roles/service and electron/roles/balancer.

import { plainly } from '../../roles/errno';
import type { Lab, LabContext } from '../../roles/lab';
import { ActionError, perRun } from '../../roles/serverControl';
import { ServiceClient } from '../../roles/service/serviceClient';
import { MOST, manifest, type Blow } from './manifest';
import { addServer, architectureOf, drain, killBalancer, killServer, nextLife, server, sizeOf, startBalancer, startServer, undrain } from './programs';
import { killSeeder, killTracker, playSwarm, serveSwarm, startLeechers } from './swarm';

/** How many clients were started so far: the next one has the next address. */
const clientsOf = perRun(() => ({ started: 0 }));

/** Starts `count` clients that ask for `duration` ms; resolves when all are done. */
async function ask(lab: LabContext, count: number, duration: number): Promise<void> {
  const { balancers } = sizeOf(lab);
  const part = balancers > 0 ? 'balancer' : 'server';
  const addresses = Array.from({ length: Math.max(balancers, 1) }, (_, i) => lab.endpoint(`${part}-${i + 1}`));
  const clients = clientsOf(lab);
  const first = clients.started;
  clients.started += count;
  const think = lab.number('think');
  const roles = Array.from({ length: count }, (_, i) => {
    const client = `client-${((first + i) % MOST.clients) + 1}`;
    // Not all at the same moment: their first requests are spread over one pause.
    const options = {
      addresses, target: '/time', think, duration, delay: Math.round((think * i) / count), timeOut: lab.number('time-out'), slow: lab.number('slow'), keepAlive: lab.flag('keep-alive'),
    };
    return lab.role({ id: nextLife(lab, client), host: client, kind: 'client' }, plainly((role) => new ServiceClient(role, options).run()));
  });
  await Promise.all(roles.map(({ ended }) => ended));
}

/** The blow, and what mends it; nothing of it comes later than the clients' time. */
async function strike(lab: LabContext, duration: number): Promise<void> {
  const blow = lab.text('blow') as Blow;
  const [at, after] = [lab.number('blow-at'), lab.number('restart-after')];
  const { balancers } = sizeOf(lab);
  if (blow === 'none' || at >= duration || (balancers === 0 && (blow === 'kill-balancer' || blow === 'drain'))) return;
  await lab.sleep(at);
  await ifItRuns(() => BLOWS[blow](lab));
  if (after === 0 || at + after >= duration) return;
  await lab.sleep(after);
  if (blow === 'kill-balancer') return startBalancer(lab, 1);
  // A program that hangs or resets is helped as people do: off, and on again.
  if (blow === 'hang-server' || blow === 'reset-server') await ifItRuns(() => killServer(lab, 1));
  await startServer(lab, 1);
  if (blow === 'drain') undrain(lab, 1);
}

/** Somebody may have been quicker by hand: then there is nothing left to strike, and the script goes on. */
async function ifItRuns(act: () => Promise<void> | void): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
  }
}

const BLOWS: Readonly<Record<Exclude<Blow, 'none'>, (lab: LabContext) => Promise<void> | void>> = {
  'kill-server': (lab) => killServer(lab, 1),
  'kill-balancer': (lab) => killBalancer(lab, 1),
  'hang-server': (lab) => server(lab, 1).hang(),
  'reset-server': (lab) => server(lab, 1).reset(),
  // Emptied first, switched off then: nobody notices.
  drain: async (lab) => {
    await drain(lab, 1);
    killServer(lab, 1);
  },
};

const isSwarm = (lab: LabContext): boolean => architectureOf(lab) === 'swarm';
const counted = (number: number): readonly number[] => Array.from({ length: number }, (_, i) => i + 1);

const lab: Lab = {
  manifest,

  async serve(lab) {
    if (isSwarm(lab)) return serveSwarm(lab);
    const { servers, balancers } = sizeOf(lab);
    await Promise.all(counted(servers).map((number) => startServer(lab, number)));
    await Promise.all(counted(balancers).map((number) => startBalancer(lab, number)));
  },

  async play(lab) {
    if (isSwarm(lab)) return playSwarm(lab);
    const duration = lab.number('duration');
    await Promise.all([ask(lab, lab.number('clients'), duration), strike(lab, duration)]);
  },

  actions: {
    'kill-server': (lab, args) => Promise.resolve(isSwarm(lab) ? killSeeder(lab) : killServer(lab, Number(args['server']))),
    'start-server': (lab, args) => startServer(lab, Number(args['server'])),
    'hang-server': (lab, args) => Promise.resolve(server(lab, Number(args['server'])).hang()),
    'resume-server': (lab, args) => Promise.resolve(server(lab, Number(args['server'])).resume()),
    drain: (lab, args) => drain(lab, Number(args['server'])),
    undrain: (lab, args) => Promise.resolve(undrain(lab, Number(args['server']))),
    'kill-balancer': (lab, args) => Promise.resolve(isSwarm(lab) ? killTracker(lab) : killBalancer(lab, Number(args['balancer']))),
    'start-balancer': (lab, args) => startBalancer(lab, Number(args['balancer'])),
    'add-server': addServer,
    'more-clients': (lab, args) => {
      const count = Number(args['clients']);
      if (isSwarm(lab)) return void startLeechers(lab, count), Promise.resolve();
      void ask(lab, count, Number(args['seconds']) * 1000);
      return Promise.resolve();
    },
  },
};

export default lab;
