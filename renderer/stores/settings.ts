// The user's settings: read once from main, changed at once on screen, written back one request at a time.
// Also says what follows from them and from the system: the language, the theme, whether things may move.

import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { defaultSettings, type AppInfo, type ReportedError, type Settings } from '../../shared/ipc/contract';
import { reported, request } from '../bridge/bridge';
import { chooseLocale } from '../i18n/locale';

/** Follows a media query of the system. */
function media(query: string): { readonly value: boolean } {
  const list = window.matchMedia(query);
  const value = ref(list.matches);
  list.addEventListener('change', (event) => (value.value = event.matches));
  return value;
}

export const useSettings = defineStore('settings', () => {
  const values = ref<Settings>(defaultSettings);
  const info = shallowRef<AppInfo | null>(null);
  const error = shallowRef<ReportedError | null>(null);
  const prefersLight = media('(prefers-color-scheme: light)');
  const prefersStill = media('(prefers-reduced-motion: reduce)');

  const locale = computed(() => chooseLocale(values.value.locale, info.value?.systemLocale ?? navigator.language));
  const theme = computed<'dark' | 'light'>(() => {
    if (values.value.theme !== 'system') return values.value.theme;
    return prefersLight.value ? 'light' : 'dark';
  });
  const reducedMotion = computed(() => values.value.motion === 'reduced' || (values.value.motion === 'system' && prefersStill.value));

  async function load(): Promise<void> {
    [values.value, info.value] = await Promise.all([request('settings.read', undefined), request('app.info', undefined)]);
  }

  let waiting: Partial<Settings> | null = null;
  let writing = false;

  /** Takes effect at once; what changes while a write is under way goes with the next one. */
  function update(patch: Partial<Settings>): void {
    values.value = { ...values.value, ...patch };
    waiting = { ...waiting, ...patch };
    if (!writing) void write();
  }

  /** What waits, for sending; then nothing does. */
  function taken(patch: Partial<Settings>): Partial<Settings> {
    waiting = null;
    return JSON.parse(JSON.stringify(patch)) as Partial<Settings>;
  }

  async function write(): Promise<void> {
    writing = true;
    while (waiting !== null) {
      try {
        await request('settings.write', taken(waiting));
        error.value = null;
      } catch (failure) {
        error.value = reported(failure);
      }
    }
    writing = false;
  }

  // The page goes before the write that is under way is answered: who writes takes them in turn.
  window.addEventListener('beforeunload', () => {
    if (waiting !== null) request('settings.write', taken(waiting)).catch(() => undefined);
  });

  /** Sizes of a splitter, or what the design gives it. */
  const paneSize = (name: string, otherwise: number): number => values.value.panes[name]?.[0] ?? otherwise;
  const setPaneSize = (name: string, size: number): void => update({ panes: { ...values.value.panes, [name]: [size] } });

  const remember = (lab: string): void =>
    update({ recentLabs: [lab, ...values.value.recentLabs.filter((other) => other !== lab)].slice(0, 6) });

  return { values, info, error, locale, theme, reducedMotion, load, update, paneSize, setPaneSize, remember };
});
