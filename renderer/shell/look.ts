// Puts theme, motion, text size and language on the document. Styles are set through the CSSOM: the content security policy allows
// no style attributes.

import { watch, watchEffect } from 'vue';
import { speak } from '../i18n/i18n';
import { useSettings } from '../stores/settings';

export function applyLook(): void {
  const settings = useSettings();
  const root = document.documentElement;
  watchEffect(() => {
    root.dataset['theme'] = settings.theme;
    root.dataset['motion'] = settings.reducedMotion ? 'reduced' : 'full';
    root.style.setProperty('--text-scale', String(settings.values.textScale));
  });
  watch(() => settings.locale, (locale) => void speak(locale));
}
