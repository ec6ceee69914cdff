import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import en from '../../i18n/locales/en/stage.json';
import type { Scenario } from '../../../shared/trace/fixture';
import { scenario } from '../../../shared/trace/fixture';
import { echoClosesEarly } from '../../../shared/trace/fixtureScenes';
import { PacedAxis } from '../../timeline/pacing';
import StageView from './StageView.vue';

const labels = { host: (id: string) => id, role: (id: string) => id };

function staged(scene: Scenario, position: number, given: Record<string, unknown> = {}): { view: VueWrapper; told: ReturnType<Scenario['told']> } {
  const told = scene.told();
  const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { stage: en } } });
  const view = mount(StageView, {
    attachTo: document.body,
    global: { plugins: [i18n] },
    props: {
      story: told.story, trace: told.trace, version: told.story.version, position, selection: { type: 'none' }, axis: new PacedAxis('each', told.story),
      reducedMotion: false, labels, tabs: ['hosts', 'stack'], ...given,
    } as never,
  });
  return { view, told };
}

const segmentOf = (told: ReturnType<Scenario['told']>, kind: string): number =>
  Array.from({ length: told.story.segments.count }, (_, id) => told.story.segments.at(id)).find((segment) => segment.kind === kind)?.id ?? -1;

describe('the stage in the page', () => {
  it('says what to do while there is nothing to show', () => {
    const { view } = staged(scenario(), 0);
    expect(view.text()).toContain('The stage is set');
  });

  it('says the hosts, sockets and what is on the wires in words, in step with the playhead', async () => {
    const { view, told } = staged(echoClosesEarly(), 0);
    expect(view.text()).toContain('Host client, 127.0.20.2');
    expect(view.text()).toContain('Nothing.');
    await view.setProps({ position: told.story.momentOfSegment(segmentOf(told, 'data')) + 1 } as never);
    await view.vm.$nextTick();
    expect(view.text()).toMatch(/10 B “GET READY↵”, from 127\.0\.20\.2:\d+ to 127\.0\.20\.1:7007, observed/);
    await view.setProps({ position: 0 } as never);
    await view.vm.$nextTick();
    expect(view.text()).toContain('Nothing.');
  });

  it('chooses a capsule by keyboard through that text', async () => {
    const { view, told } = staged(echoClosesEarly(), 0);
    const syn = segmentOf(told, 'syn');
    await view.setProps({ position: told.story.momentOfSegment(syn) + 1 } as never);
    await view.vm.$nextTick();
    await view.findAll('button').find((button) => button.text().startsWith('SYN'))?.trigger('click');
    expect(view.emitted('select')?.at(-1)).toEqual([{ type: 'segment', id: syn }]);
  });

  it('counts and names the hosts without traffic', async () => {
    const s = echoClosesEarly();
    for (let n = 1; n <= 6; n++) s.role(`idle-${n}`, `127.0.30.${n}`, 'server').listen(7);
    const { view } = staged(s, 1);
    expect(view.get('.quiet').text()).toContain('and 6 more without traffic');
    expect(view.text()).toContain('Hosts without traffic, which are not drawn: idle-1, 127.0.30.1; idle-2');
    expect(view.text()).not.toContain('Host idle-1');
  });

  it('tells what happens now', () => {
    const { view, told } = staged(echoClosesEarly(), 0);
    expect(view.get('[role=status]').text()).toContain('Nothing has happened yet');
    expect(told.story.moments.count).toBeGreaterThan(20);
  });
});

describe('the Stack tab', () => {
  async function stack(position: (told: ReturnType<Scenario['told']>) => number, given: Record<string, unknown> = {}): Promise<{ view: VueWrapper; told: ReturnType<Scenario['told']> }> {
    const both = staged(echoClosesEarly(), 0, { tabs: ['stack'], ...given });
    await both.view.setProps({ position: position(both.told) } as never);
    await both.view.vm.$nextTick();
    return both;
  }

  it('offers the next message when nothing has been sent', async () => {
    const { view, told } = await stack(() => 1);
    await view.get('button').trigger('click');
    const syn = segmentOf(told, 'syn');
    expect(view.emitted('select')?.[0]).toEqual([{ type: 'segment', id: syn }]);
    expect(view.emitted('seek')?.[0]).toEqual([told.story.momentOfSegment(syn) + 1]);
  });

  it('has all three headers around the bytes on the wire, and none at the start', async () => {
    const sent = (told: ReturnType<Scenario['told']>): number => told.story.momentOfSegment(segmentOf(told, 'data')) + 1;
    const start = await stack(sent);
    expect(start.view.findAll('.pdu .header')).toHaveLength(0);
    const wire = await stack((told) => sent(told) + 0.5);
    expect(wire.view.findAll('.pdu .header').map((header) => header.text())).toEqual([expect.stringMatching(/^Ethernet\s*14 B$/), expect.stringMatching(/^IPv4\s*20 B$/), expect.stringMatching(/^TCP\s*\d+ B$/)]);
    expect(wire.view.text()).toContain('headers reconstructed');
  });

  it('names what the application sends', async () => {
    const named = { ...labels, segment: () => 'GET READY' };
    const { view } = await stack((told) => told.story.momentOfSegment(segmentOf(told, 'data')) + 1, { labels: named });
    expect(view.get('.pdu .payload').text()).toMatch(/^GET READY\s*10 B$/);
  });

  it('chooses the message by a click on a header', async () => {
    const { view, told } = await stack((one) => one.story.momentOfSegment(segmentOf(one, 'data')) + 1.5);
    await view.get('.pdu .header').trigger('click');
    expect(view.emitted('select')?.at(-1)).toEqual([{ type: 'segment', id: segmentOf(told, 'data') }]);
  });

  it('moves the playhead with its slider, within the flight of the message', async () => {
    const { view, told } = await stack((one) => one.story.momentOfSegment(segmentOf(one, 'data')) + 1);
    await view.get('input[type=range]').setValue('500');
    const [position] = view.emitted('seek')?.at(-1) as [number];
    expect(position).toBeCloseTo(told.story.momentOfSegment(segmentOf(told, 'data')) + 1.5, 5);
  });
});
