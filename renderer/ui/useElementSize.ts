// The inner size of an element in CSS pixels, for as long as it is there: it may come and go with a `v-if`.

import { ref, watch, type Ref } from 'vue';

export interface ElementSize {
  readonly width: Ref<number>;
  readonly height: Ref<number>;
}

/** `first`: the size until it is known. `onSize` is called after each change, with the element. */
export function useElementSize(element: Readonly<Ref<HTMLElement | null>>, first = { width: 0, height: 0 }, onSize: (of: HTMLElement) => void = () => undefined): ElementSize {
  const width = ref(first.width);
  const height = ref(first.height);
  watch(
    element,
    (now, _before, onCleanup) => {
      if (now === null) return;
      const observer = new ResizeObserver(() => {
        width.value = now.clientWidth;
        height.value = now.clientHeight;
        onSize(now);
      });
      observer.observe(now);
      onCleanup(() => observer.disconnect());
    },
    { flush: 'post', immediate: true },
  );
  return { width, height };
}
