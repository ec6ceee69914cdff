import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import UiSegmented from './UiSegmented.vue';

const options = ['one', 'two', 'three'].map((value) => ({ value, text: value }));

it('chooses by arrow keys at once, however short the key is held, and goes round', async () => {
  const chosen = async (modelValue: string, key: string): Promise<unknown> => {
    const group = mount(UiSegmented, { props: { modelValue, options, label: 'numbers' }, attachTo: document.body });
    const radio = group.findAll('[role="radio"]')[options.findIndex(({ value }) => value === modelValue)];
    await radio?.trigger('keydown', { key });
    await radio?.trigger('keyup', { key });
    const [emitted] = group.emitted('update:modelValue') ?? [];
    group.unmount();
    return emitted;
  };
  expect(await chosen('one', 'ArrowRight')).toEqual(['two']);
  expect(await chosen('one', 'ArrowLeft')).toEqual(['three']);
  expect(await chosen('two', 'Tab')).toBeUndefined();
});
