// What happens in the hybrid lab, by the choice of the parameter `scenario`. Each waits for what was said to be heard, never for time
// alone; the pauses are the time that people take to answer.

import type { LabContext } from '../../roles/lab';
import { STILL_THERE, type Person } from './manifest';
import { townOf, type Town } from './town';

/** ms between hearing and answering. */
const THINKING = 150;

/** What the scenarios do with a town. */
class Stage {
  constructor(
    readonly lab: LabContext,
    readonly town: Town,
  ) {}

  /** Says it; when it was delivered, waits until it is heard. Who is gone by the user's hand says nothing. */
  async say(from: Person, to: Person, text: string): Promise<void> {
    await this.lab.sleep(THINKING);
    const other = this.town.find(to);
    if (await this.town.find(from)?.say(to, text)) await other?.until(() => other.hasHeard(text));
  }

  /** Ends a call, and waits until both ends know. */
  async hangUp(from: Person, on: Person): Promise<void> {
    this.town.find(from)?.hangUp(on);
    const other = this.town.find(on);
    await other?.until(() => !other.talksWith(from));
  }

  async crash(name: Person, inTalkWith: Person | null): Promise<void> {
    await this.lab.sleep(THINKING);
    this.town.crash(name);
    const other = inTalkWith === null ? null : this.town.find(inTalkWith);
    await other?.until(() => !other.talksWith(name));
  }
}

type Scenario = (stage: Stage) => Promise<void>;

/** Ann finds Bo and talks with him; Cho calls Ann for a moment. */
async function talk(stage: Stage): Promise<void> {
  await stage.say('ann', 'bo', stage.lab.text('message'));
  await stage.say('bo', 'ann', 'Yes, at noon. Is Cho coming?');
  await stage.say('cho', 'ann', 'I am coming too.');
}

async function directoryDies(stage: Stage): Promise<void> {
  await talk(stage);
  await stage.hangUp('cho', 'ann');
  stage.town.killDirectory();
  // What is open stays open; whom one has in one's book, one can call again.
  await stage.say('ann', 'bo', STILL_THERE);
  await stage.say('bo', 'ann', 'Of course. We never needed it to talk.');
  await stage.say('cho', 'ann', 'I still have your address.');
  await stage.lab.sleep(THINKING);
  await stage.town.join('dan');
  await stage.say('dan', 'ann', 'Hello, I am new here.');
}

const SCENARIOS: ReadonlyMap<string, Scenario> = new Map<string, Scenario>([
  [
    'chat',
    async (stage) => {
      await talk(stage);
      await stage.say('ann', 'cho', 'Good. Bo knows the place.');
      await stage.say('cho', 'bo', 'Where do we meet?');
      await stage.say('bo', 'cho', 'At the old gate.');
    },
  ],
  ['directory-dies', directoryDies],
  [
    'stale',
    async (stage) => {
      await stage.crash('bo', null);
      await stage.say('ann', 'bo', stage.lab.text('message'));
      // Nobody tells the directory: only time does.
      await stage.lab.sleep(stage.lab.number('lifetime') * 1000);
      await stage.say('ann', 'bo', 'Bo?');
      await stage.town.join('bo');
      await stage.say('ann', 'bo', 'There you are!');
    },
  ],
  [
    'moves',
    async (stage) => {
      await stage.say('ann', 'bo', stage.lab.text('message'));
      await stage.say('bo', 'ann', 'Yes. Wait, I have to change places.');
      await stage.crash('bo', 'ann');
      await stage.town.join('bo', 'other');
      await stage.say('ann', 'bo', 'Where are you now?');
      await stage.say('bo', 'ann', 'Behind another door.');
    },
  ],
  [
    'leave',
    async (stage) => {
      await talk(stage);
      await stage.town.leave('bo');
      await stage.say('cho', 'bo', 'Bo, one more thing.');
      await stage.say('cho', 'ann', 'Bo has left.');
    },
  ],
  [
    'introduce',
    async (stage) => {
      await directoryDies(stage);
      // Somebody told Dan on the telephone where Ann is.
      const dan = stage.town.find('dan');
      if (await dan?.askFriend('ann', stage.lab.endpoint('ann'))) await dan?.until(() => dan.wasTold);
      await stage.say('dan', 'bo', 'Hello Bo, Ann told me where you are.');
      await stage.say('bo', 'dan', 'Welcome!');
    },
  ],
]);

export async function playScenario(lab: LabContext): Promise<void> {
  const town = townOf(lab);
  await SCENARIOS.get(lab.text('scenario'))?.(new Stage(lab, town));
  // The story ends when the directory has learnt that its clients are gone.
  await town.connections.idle(lab.signal);
}
