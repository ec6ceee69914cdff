// The page's start: settings and language first, so that the first picture is the right one; then the app; the rest when it is idle.

import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/base.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { hasBridge } from './bridge/bridge';
import { i18n, speak } from './i18n/i18n';
import AppShell from './shell/AppShell.vue';
import NoBridge from './shell/NoBridge.vue';
import { applyLook } from './shell/look';
import { useLabs } from './stores/labs';
import { useRun } from './stores/run';
import { useSettings } from './stores/settings';
import { useTrace } from './stores/trace';

async function start(): Promise<void> {
  const app = createApp(hasBridge() ? AppShell : NoBridge).use(createPinia()).use(i18n);
  const settings = useSettings();
  if (hasBridge()) {
    useTrace().connect();
    useRun().connect();
    // Settings that cannot be read are no reason to show nothing: the defaults do.
    await settings.load().catch((error: unknown) => console.error('settings', error));
    void useLabs().load();
  }
  await speak(settings.locale);
  applyLook();
  app.mount('#app');
  // Korean glyphs: 120 font faces that only some texts need, each fetched when one does.
  window.requestIdleCallback(() => void import('@fontsource-variable/noto-sans-kr/wght.css'));
}

void start();
