// A trace whose swarm can be asked for while it grows.

import { AppBuilder } from '../../../shared/trace/app/appBuilder';
import { StoryBuilder } from '../../../shared/trace/fold';
import { swarmOf } from '../../../shared/trace/swarm/swarmBuilder';
import type { SwarmStory } from '../../../shared/trace/swarm/swarmStory';
import { traced } from '../../capture/traced.fixture';

export function watchedSwarm() {
  const { recorder, store } = traced();
  const builder = new StoryBuilder(store);
  const apps = new AppBuilder(store, builder.story);
  const swarm = (): SwarmStory => {
    recorder.flush();
    builder.advance();
    apps.advance();
    return swarmOf(apps.app, builder.story);
  };
  return { recorder, builder, apps, swarm };
}
