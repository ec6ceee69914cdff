// The lab of a connection's life: how it begins, how it ends, and what each side comes to know of it. The data is in manifest.ts, the
// scripts in scenarios.ts, the programs in electron/roles/life.

import type { Lab, LabContext } from '../../roles/lab';
import { answersAtTheEnd } from '../../roles/life/servers';
import { ActionError } from '../../roles/serverControl';
import { lifeRun } from './lifeRun';
import { manifest, type Scenario, type Way } from './manifest';
import { play, serve } from './scenarios';

const scenarioOf = (lab: LabContext): Scenario => lab.text('scenario') as Scenario;

const lab: Lab = {
  manifest,
  serve: (lab) => serve(lab, scenarioOf(lab)),
  play: (lab) => play(lab, scenarioOf(lab)),

  actions: {
    connect: (lab, args) => lifeRun(lab).connectByHand(String(args['to']) as Way),
    'send-line': (lab, args) => lifeRun(lab).hand.sendLine(String(args['text'])),
    'shutdown-wr': (lab) => lifeRun(lab).hand.shutdownWrite(),
    close: async (lab) => lifeRun(lab).hand.close(),
    abort: async (lab) => lifeRun(lab).hand.abort(),
    'kill-server': async (lab) => lifeRun(lab).kill(),
    'start-server': async (lab) => void (await lifeRun(lab).startServer(answersAtTheEnd)),
    stall: async (lab, args) => {
      const { relay } = lifeRun(lab);
      if (relay === null) throw new ActionError('NOT_THERE', 'this scenario has no relay');
      relay.set({ stalled: args['silent'] === true });
    },
  },
};

export default lab;
