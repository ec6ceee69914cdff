// Screens that are not needed for the first picture: each is a chunk of its own, loaded when it is wanted first, or once the page has
// nothing else to do. Loading counts against the page's idle signal.

import { defineAsyncComponent, nextTick, ref } from 'vue';

const loading = ref(0);

/** A screen is on its way. */
export const screensLoading = (): number => loading.value;

const importLab = () => import('./LabScreen.vue');
const importCompare = () => import('./CompareScreen.vue');
const importCapture = () => import('./CaptureScreen.vue');
const importHar = () => import('./HarScreen.vue');
const importArchitectures = () => import('./ArchitecturesScreen.vue');

/** Counts a load until its screen is mounted. */
async function counted<T>(load: () => Promise<T>): Promise<T> {
  loading.value++;
  try {
    return await load();
  } finally {
    void nextTick(() => loading.value--);
  }
}

export const LabScreen = defineAsyncComponent(() => counted(importLab));
export const CompareScreen = defineAsyncComponent(() => counted(importCompare));
export const CaptureScreen = defineAsyncComponent(() => counted(importCapture));
export const HarScreen = defineAsyncComponent(() => counted(importHar));
export const ArchitecturesScreen = defineAsyncComponent(() => counted(importArchitectures));

/** Fetches them ahead of time. */
export const fetchScreens = (): void => void importLab();
