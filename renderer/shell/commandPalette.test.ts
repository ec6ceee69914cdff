// The palette in its dialog: what is chosen runs once the dialog is gone and the focus is where it was.
import { mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { expect, it, vi } from 'vitest';
import { defineComponent, h, shallowRef } from 'vue';
import { i18n } from '../i18n/i18n';
import { offerCommands } from './commands';
import CommandPalette from './CommandPalette.vue';

it('leaves the focus where the chosen command puts it', async () => {
  const open = shallowRef(false);
  const Screen = defineComponent({
    setup() {
      offerCommands({ 'pane.ladder': () => document.getElementById('ladder')?.focus() });
      return () => h('div', [h('button', { id: 'stage' }), h('button', { id: 'ladder' }), h(CommandPalette, { open: open.value, 'onUpdate:open': (now: boolean) => (open.value = now) })]);
    },
  });
  const shown = mount(Screen, { attachTo: document.body, global: { plugins: [i18n, createPinia()] } });
  document.getElementById('stage')?.focus();
  open.value = true;
  await vi.waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('combobox'));
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')).toBeNull());
  // Whoever gives the focus back by a timer has done so then.
  await new Promise((resolve) => setTimeout(resolve));
  expect(document.activeElement?.id).toBe('ladder');
  shown.unmount();
});
