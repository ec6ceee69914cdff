// The splitter by keyboard and pointer, as assistive technology and a mouse meet it.
import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import SplitPanes from './SplitPanes.vue';

const panes = (more: object = {}): VueWrapper => mount(SplitPanes, { props: { direction: 'horizontal' as const, size: 50, min: 20, max: 80, label: 'Width', ...more }, slots: { first: 'a', second: 'b' } });
const moved = (shown: VueWrapper): unknown => shown.emitted('resize')?.at(-1)?.[0];

describe('the splitter', () => {
  it('says where it stands', () => {
    const bar = panes().get('[role="separator"]');
    expect(bar.attributes()).toMatchObject({ 'aria-valuenow': '50', 'aria-valuemin': '20', 'aria-valuemax': '80', 'aria-orientation': 'vertical', 'aria-label': 'Width', tabindex: '0' });
  });

  it('moves with the arrows along its way, faster with Shift, and to its ends', async () => {
    const shown = panes();
    const bar = shown.get('[role="separator"]');
    await bar.trigger('keydown', { key: 'ArrowRight' });
    expect(moved(shown)).toBe(52);
    await bar.trigger('keydown', { key: 'ArrowLeft', shiftKey: true });
    expect(moved(shown)).toBe(40);
    await bar.trigger('keydown', { key: 'End' });
    expect(moved(shown)).toBe(80);
    await bar.trigger('keydown', { key: 'ArrowUp' });
    expect(shown.emitted('resize')).toHaveLength(3);
  });

  it('never passes its ends, whatever was remembered', async () => {
    const shown = panes({ size: 97 });
    expect(shown.get('[role="separator"]').attributes('aria-valuenow')).toBe('80');
    await shown.get('[role="separator"]').trigger('keydown', { key: 'ArrowRight' });
    expect(moved(shown)).toBe(80);
  });

  it('shows one pane alone without throwing the other away', () => {
    const shown = panes({ only: 'second' });
    expect(shown.get('.first').attributes('style')).toContain('display: none');
    expect(shown.text()).toBe('ab');
  });
});
