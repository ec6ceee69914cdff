import { describe, expect, it } from 'vitest';
import { scenario } from '../../../shared/trace/fixture';
import { echoClosesEarly } from '../../../shared/trace/fixtureScenes';
import { timelineLanes, wireTone } from './lanes';
import { laneY } from './paint';

describe('the lanes of the timeline', () => {
  it('are one for each role, clients above the wire and servers below', () => {
    const { story } = echoClosesEarly().told();
    const { lanes, wire, laneOfRole } = timelineLanes(story);
    expect(lanes.map((lane) => lane.id || lane.kind)).toEqual(['client', 'wire', 'server']);
    expect(wire).toBe(1);
    const server = story.roles.find((role) => role.kind === 'server');
    expect(laneOfRole(server?.index ?? -1)).toBe(2);
    expect(laneOfRole(99)).toBe(-1);
  });

  it('share two lanes when there are many roles', () => {
    const scene = scenario();
    scene.role('server', '127.0.20.1', 'server');
    for (let index = 1; index <= 8; index++) scene.role(`client-${index}`, '127.0.10.1', 'client', 'client');
    const { lanes } = timelineLanes(scene.told().story);
    expect(lanes.map((lane) => [lane.kind, lane.count])).toEqual([['clients', 8], ['wire', 0], ['servers', 1]]);
  });

  it('have a place for a relay, which is a client and a server', () => {
    const scene = scenario();
    scene.role('tap', '127.0.80.1', 'relay');
    scene.role('client', '127.0.80.2', 'client');
    scene.role('server', '127.0.80.3', 'server');
    const { story } = scene.told();
    const { lanes, laneOfRole } = timelineLanes(story);
    expect(lanes.map((lane) => lane.id || lane.kind)).toEqual(['client', 'wire', 'tap', 'server']);
    expect(story.roles.map(({ index }) => laneOfRole(index))).toEqual([2, 0, 3]);
    for (let index = 0; index < 4; index++) scene.role(`client-${index}`, '127.0.80.2', 'client', 'client');
    expect(timelineLanes(scene.told().story).lanes.map((lane) => [lane.kind, lane.count])).toEqual([['clients', 5], ['wire', 0], ['relays', 1], ['servers', 1]]);
  });

  it('mark bytes, control segments and trouble apart', () => {
    const { story } = echoClosesEarly().told();
    const tones = new Set(Array.from({ length: story.moments.count }, (_unused, index) => wireTone(story, story.moments.at(index))));
    expect(tones).toEqual(new Set([null, 'transport', 'app', 'bad']));
  });

  it('stand evenly over the height', () => {
    expect([0, 1, 2].map((lane) => laneY(lane, 3, 90))).toEqual([15, 45, 75]);
  });
});
