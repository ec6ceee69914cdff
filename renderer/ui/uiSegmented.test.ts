import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import UiSegmented from './UiSegmented.vue';

const options = ['one', 'two', 'three'].map((value) => ({ value, text: value }));
const shown = async (modelValue: string) => {
  const group = mount(UiSegmented, {
    props: { modelValue, options, label: 'numbers', 'onUpdate:modelValue': (value: string) => void group.setProps({ modelValue: value }) },
    attachTo: document.body,
  });
  await nextTick();
  const radios = group.findAll<HTMLElement>('[role="radio"]').map(({ element }) => element);
  /** Like a hand: at the one that has the focus. */
  const press = (key: string, more: KeyboardEventInit = {}): boolean =>
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })) ?? false;
  return { group, radios, press, chosen: () => (group.emitted('update:modelValue') ?? []).flat(), focused: () => document.activeElement?.textContent };
};

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

it('chooses by arrow keys at once, with the focus, and goes round', async () => {
  const { group, radios, press, chosen, focused } = await shown('one');
  radios[0]?.focus();
  expect(press('ArrowRight')).toBe(false);
  expect([chosen(), focused()]).toEqual([['two'], 'two']);
  press('ArrowLeft');
  press('ArrowLeft');
  expect([chosen(), focused()]).toEqual([['two', 'one', 'three'], 'three']);
  press('Home');
  press('End');
  expect([chosen().slice(3), focused()]).toEqual([['one', 'three'], 'three']);
  group.unmount();
});

it('stays with the choice when nothing else of the page had its turn between focus and key', async () => {
  const { group, radios, press, chosen, focused } = await shown('one');
  radios[0]?.focus();
  press('ArrowRight');
  await vi.runAllTimersAsync();
  expect([chosen(), focused()]).toEqual([['two'], 'two']);
  expect(radios.map((radio) => [radio.getAttribute('aria-checked'), radio.tabIndex])).toEqual([['false', -1], ['true', 0], ['false', -1]]);
  group.unmount();
});

it('leaves other keys and modified ones alone', async () => {
  const { group, radios, press, chosen, focused } = await shown('one');
  radios[0]?.focus();
  expect(press('ArrowDown')).toBe(true);
  expect(press('ArrowRight', { shiftKey: true })).toBe(true);
  expect(press('ArrowRight', { ctrlKey: true })).toBe(true);
  expect([chosen(), focused()]).toEqual([[], 'one']);
  group.unmount();
});

it('can be entered by Tab when nothing is chosen', async () => {
  const { group, radios } = await shown('none of them');
  expect(radios.map((radio) => radio.tabIndex)).toEqual([0, -1, -1]);
  group.unmount();
});
