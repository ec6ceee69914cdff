// Screens that are not needed for the first picture: each is a chunk of its own, loaded when it is wanted first, or once the page has
// nothing else to do. Loading counts against the page's idle signal.

import { defineAsyncComponent, nextTick, ref } from 'vue';
import { fetchTexts, speakAll } from '../i18n/i18n';

const loading = ref(0);

/** A screen is on its way. */
export const screensLoading = (): number => loading.value;

const importLab = () => import('./LabScreen.vue');
const importCompare = () => import('./CompareScreen.vue');
const importCapture = () => import('./CaptureScreen.vue');
const importBook = () => import('./capture/CaptureBook.vue');
const importHar = () => import('./HarScreen.vue');
const importArchitectures = () => import('./ArchitecturesScreen.vue');

/** Loads a screen with all that it says, and counts that until it is mounted. */
async function counted<T>(load: () => Promise<T>): Promise<T> {
  loading.value++;
  try {
    const [screen] = await Promise.all([load(), speakAll()]);
    return screen;
  } finally {
    void nextTick(() => loading.value--);
  }
}

export const LabScreen = defineAsyncComponent(() => counted(importLab));
export const CompareScreen = defineAsyncComponent(() => counted(importCompare));
export const CaptureScreen = defineAsyncComponent(() => counted(importCapture));
/** What lies under the list of packets. */
export const CaptureBook = defineAsyncComponent(() => counted(importBook));
export const HarScreen = defineAsyncComponent(() => counted(importHar));
export const ArchitecturesScreen = defineAsyncComponent(() => counted(importArchitectures));

/** Fetches them ahead of time. */
export function fetchScreens(): void {
  fetchTexts();
  void importLab();
}
