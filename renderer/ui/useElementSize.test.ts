import { mount } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { defineComponent, h, nextTick, ref, useTemplateRef } from 'vue';
import { useElementSize } from './useElementSize';

afterEach(() => vi.unstubAllGlobals());

it('measures an element that comes later, and lets go of one that has gone', async () => {
  const watched = new Set<Element>();
  let tell = (): void => undefined;
  vi.stubGlobal('ResizeObserver', class {
    private element: Element | null = null;
    constructor(listener: () => void) {
      tell = listener;
    }
    observe(element: Element): void {
      this.element = element;
      watched.add(element);
    }
    disconnect(): void {
      if (this.element !== null) watched.delete(this.element);
    }
  });
  const shown = ref(false);
  let size = { width: ref(0), height: ref(0) };
  const wrapper = mount(defineComponent(() => {
    size = useElementSize(useTemplateRef<HTMLElement>('box'), { width: 7, height: 9 });
    return () => (shown.value ? h('div', { ref: 'box' }) : h('p'));
  }));
  expect([size.width.value, size.height.value, watched.size]).toEqual([7, 9, 0]);

  shown.value = true;
  await nextTick();
  const box = wrapper.get('div').element;
  expect([...watched]).toEqual([box]);
  Object.defineProperties(box, { clientWidth: { value: 320 }, clientHeight: { value: 200 } });
  tell();
  expect([size.width.value, size.height.value]).toEqual([320, 200]);

  shown.value = false;
  await nextTick();
  expect(watched.size).toBe(0);
});
