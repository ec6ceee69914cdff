// The flow view: the chart's geometry, the rows that say the same, and the page.

import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import { createI18n } from 'vue-i18n';
import { EMPTY_APP } from '../../../shared/trace/app/emptyApp';
import { stalledScene, type StalledScene } from '../../../shared/trace/window/window.fixture';
import en from '../../i18n/locales/en/window.json';
import { PacedAxis } from '../../timeline/pacing';
import type { AppViewProps } from '../../timeline/viewProps';
import { areaOf, arrivedOf, mostOf, placeX, roundStep, spanOf, spanX, ticksX, ticksY, windowLine, zeroWindows, type Frame } from './chart';
import { eventsOf } from './events';
import WindowView from './WindowView.vue';

const FRAME: Frame = { width: 100, height: 100, from: 0, to: 1000, most: 1000 };

describe('the chart', () => {
  it('holds a sum between its steps, up to the playhead', () => {
    expect(areaOf([{ t: 100, bytes: 500 }, { t: 500, bytes: 1000 }], FRAME, 250)).toBe('M10.0 100.0L10.0 50.0L25.0 50.0L25.0 100.0Z');
    expect(areaOf([{ t: 100, bytes: 500 }], FRAME, 50)).toBe('');
  });

  it('draws the advertised window as a line up to the playhead, and when it was 0', () => {
    const windows = [{ t: 100, bytes: 500, seq: 1 }, { t: 300, bytes: 0, seq: 2 }, { t: 700, bytes: 5000, seq: 3 }];
    expect(windowLine(windows, FRAME, 500)).toBe('M10.0 50.0H30.0V100.0H50.0');
    expect(windowLine(windows, FRAME, 50)).toBe('');
    // A window beyond the chart is drawn at its top.
    expect(windowLine(windows, FRAME, 800)).toBe('M10.0 50.0H30.0V100.0H70.0V0.0H80.0');
    expect(zeroWindows(windows)).toEqual([{ from: 300, to: 700 }]);
  });

  it('draws no more steps than can be seen, and keeps the last', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => ({ t: n / 100, bytes: n / 100 }));
    const path = areaOf(many, FRAME, 1000);
    expect(path.split('L').length).toBeLessThan(3100);
    expect(path).toContain('L100.0 0.0');
  });

  it('takes what arrived for never less than was read, and never more than was taken', () => {
    const { flow, at } = stalledScene();
    const arrived = arrivedOf(flow);
    expect(arrived.map(({ bytes }) => bytes)).toEqual([600, 600, 600, 1200]);
    for (const { t, bytes } of arrived) expect(bytes, `${t} of ${at.read}`).toBeLessThanOrEqual(3000);
  });

  it('spans the flow, and what still waits lasts until now', () => {
    const { flow, at } = stalledScene();
    const span = spanOf(flow, Infinity);
    expect(span.from).toBeLessThan(at.stalled);
    expect(span.to).toBeGreaterThan(at.goesOn);
    expect(spanX(FRAME, 100, null, 600)).toEqual({ x: 10, width: 50 });
    expect(spanX(FRAME, 700, null, 600)).toBeNull();
    expect(mostOf(flow)).toBe(3000);
    expect(placeX(FRAME, 5000)).toBe(100);
  });

  it('has round ticks', () => {
    expect([roundStep(3 * 1024, 2), roundStep(700 * 1024, 2), roundStep(130, 10)]).toEqual([4 * 1024, 1024 * 1024, 200]);
    expect(ticksX(FRAME, 0, 20).map(({ t }) => t)).toEqual([0, 200, 400, 600, 800, 1000]);
    expect(ticksY(FRAME, 40).map(({ bytes }) => bytes)).toEqual([512]);
  });
});

it('the rows tell what the chart shows', () => {
  const rows = eventsOf(stalledScene().flow);
  expect(rows.map(({ what }) => what)).toEqual(['first', 'stalled', 'closed', 'reads', 'goesOn', 'opened']);
  expect(rows[1]).toMatchObject({ taken: 2500, read: 0 });
  expect(rows[2]).toMatchObject({ send: 1900, receive: 600 });
  expect(rows[4]?.lasted).toBeGreaterThan(1000);
});

const pageOf = (scene: StalledScene, position = Number.POSITIVE_INFINITY) => {
  const { story, trace } = scene;
  const props: AppViewProps = {
    story, trace, app: EMPTY_APP, version: story.version, position: Math.min(position, story.moments.count), selection: { type: 'none' },
    axis: new PacedAxis('each', story), reducedMotion: true, labels: { host: (id) => id, role: (id) => id },
  };
  return mount(WindowView, { props, global: { plugins: [createI18n({ legacy: false, locale: 'en', messages: { en: { window: en } } })] }, attachTo: document.body });
};
const momentAfter = ({ story }: StalledScene, t: number): number => Array.from({ length: story.moments.count }, (_, n) => n).filter((n) => story.momentTime(n) <= t).length;

describe('the page', () => {
  it('says that send() waits, and where the bytes are, at the playhead', () => {
    const scene = stalledScene();
    const page = pageOf(scene, momentAfter(scene, scene.at.read));
    expect(page.find('[data-doing]').text()).toContain('send() has been waiting for');
    expect(page.find('[data-place="program"]').text()).toContain('500 B');
    expect(page.find('[data-place="sendBuffer"]').text()).toContain('1.9 KiB');
    expect(page.find('[data-place="receiveBuffer"]').text()).toContain('0 B');
    expect(page.find('[data-place="read"]').text()).toContain('600 B');
    expect(page.text()).toContain('not captured');
    expect(page.findAll('[data-closed]')).toHaveLength(1);
    expect(page.find('svg').attributes('aria-label')).toContain('1 times so far');
    page.unmount();
  });

  it('shows nothing of what is still to come', () => {
    const scene = stalledScene();
    const page = pageOf(scene, momentAfter(scene, scene.at.stalled) - 1);
    expect(page.findAll('[data-stall]')).toHaveLength(0);
    expect(page.find('[data-place="read"]').text()).toContain('0 B');
    page.unmount();
    const before = pageOf(scene, 2);
    expect(before.text()).toContain('The first bytes are still to come');
    before.unmount();
  });

  it('has a table whose rows take the playhead there', async () => {
    const scene = stalledScene();
    const page = pageOf(scene);
    await page.findAll('[role="radio"]').find((one) => one.text() === 'Table')?.trigger('click');
    await nextTick();
    const rows = page.findAll('[data-event]');
    expect(rows.map((row) => row.attributes('data-event'))).toEqual(['first', 'stalled', 'closed', 'reads', 'goesOn', 'opened']);
    await rows[1]?.find('button').trigger('click');
    expect(page.emitted('seek')?.[0]).toEqual([momentAfter(scene, scene.at.stalled)]);
    page.unmount();
  });

  it('says so where the kernel was not asked', () => {
    const page = pageOf(stalledScene(false));
    expect(page.text()).toContain('did not read the kernel');
    expect(page.find('[data-place="sendBuffer"]').text()).toContain('not known');
    page.unmount();
  });
});
