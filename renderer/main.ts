// The app's start, after boot.ts: what main must be asked for is asked at once, settings and language come first, so that the first
// picture is the right one; then the app; the rest when the page is idle.

import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/base.css';
import { createPinia } from 'pinia';
import { createApp, watch } from 'vue';
import { hasBridge, request } from './bridge/bridge';
import { fetchLanguage, i18n, speak } from './i18n/i18n';
import AppShell from './shell/AppShell.vue';
import NoBridge from './shell/NoBridge.vue';
import { fetchScreens } from './shell/laterScreens';
import { applyLook } from './shell/look';
import { useOpenFile } from './stores/openFile';
import { useLabs } from './stores/labs';
import { useRun } from './stores/run';
import { useSettings } from './stores/settings';
import { useShare } from './stores/share';
import { fetchApplications, useTrace } from './stores/trace';
import { writeNumbersAs } from './ui/numbers';

/** Mounts the app. Resolves when it is in the document. */
export async function start(): Promise<void> {
  const app = createApp(hasBridge() ? AppShell : NoBridge).use(createPinia()).use(i18n);
  const settings = useSettings();
  if (hasBridge()) {
    useTrace().connect();
    useRun().connect();
    useShare().connect();
    useOpenFile().connect();
    request('trace.connect', undefined).catch((error: unknown) => console.error('trace', error));
    void useLabs().load();
    // Most likely the language that the settings name: fetched while they are read.
    fetchLanguage(settings.locale);
    // Settings that cannot be read are no reason to show nothing: the defaults do.
    await settings.load().catch((error: unknown) => console.error('settings', error));
  }
  await speak(settings.locale);
  watch(i18n.global.locale, writeNumbersAs, { immediate: true });
  applyLook();
  app.mount('#app');
  window.requestIdleCallback(() => {
    fetchScreens();
    void fetchApplications();
    // Korean glyphs: 120 font faces that only some texts need, each fetched when one does.
    void import('@fontsource-variable/noto-sans-kr/wght.css');
  });
}
