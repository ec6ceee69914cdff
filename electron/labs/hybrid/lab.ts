// The hybrid lab: a directory server by which people find one another, and messages that go from one to the other without it. Roles are
// in electron/roles/directory and electron/roles/chat, the scripts in scenarios.ts.

import type { Person as Process } from '../../roles/chat/person';
import type { Lab, LabContext, ParameterValues } from '../../roles/lab';
import { ActionError } from '../../roles/serverControl';
import { manifest, PEOPLE, type Person } from './manifest';
import { playScenario } from './scenarios';
import { townOf } from './town';

const who = (args: ParameterValues, argument = 'who'): Person => PEOPLE.find((one) => one === args[argument]) ?? 'ann';

function present(lab: LabContext, name: Person): Process {
  const found = townOf(lab).find(name);
  if (found === null) throw new ActionError('NOT_THERE', `${name} is not there`);
  return found;
}

const lab: Lab = {
  manifest,

  /** The directory, and the three who are there from the beginning. Dan comes later. */
  async serve(lab) {
    const town = townOf(lab);
    await town.startDirectory();
    for (const name of ['ann', 'bo', 'cho'] as const) await town.join(name);
  },

  play: playScenario,

  actions: {
    say: async (lab, args) => void (await present(lab, who(args)).say(String(args['name']), String(args['text']))),
    'look-up': async (lab, args) => void (await present(lab, who(args)).find(String(args['name']))),
    join: async (lab, args) => void (await townOf(lab).join(who(args), args['door'] === 'other' ? 'other' : 'usual')),
    leave: async (lab, args) => {
      present(lab, who(args));
      await townOf(lab).leave(who(args));
    },
    crash: (lab, args) => {
      present(lab, who(args));
      townOf(lab).crash(who(args));
      return Promise.resolve();
    },
    introduce: async (lab, args) => {
      const friend = who(args, 'friend');
      await present(lab, who(args)).askFriend(friend, lab.endpoint(friend));
    },
    'kill-directory': (lab) => {
      if (!townOf(lab).killDirectory()) throw new ActionError('NO_SERVER', 'no directory is running');
      return Promise.resolve();
    },
    'start-directory': (lab) => townOf(lab).startDirectory(),
  },
};

export default lab;
