// Screens that are not needed for the first picture: each is a chunk of its own, loaded when it is wanted first, or once the page has
// nothing else to do. Loading counts against the page's idle signal.

import { defineAsyncComponent, nextTick, ref } from 'vue';

const loading = ref(0);

/** A screen is on its way. */
export const screensLoading = (): number => loading.value;

const importLab = () => import('./LabScreen.vue');

export const LabScreen = defineAsyncComponent(async () => {
  loading.value++;
  try {
    return await importLab();
  } finally {
    // The screen is mounted by then.
    void nextTick(() => loading.value--);
  }
});

/** Fetches them ahead of time. */
export const fetchScreens = (): void => void importLab();
