// Where the keys are when the screen has changed, or what was on it: what had the focus is gone with the old one, and from the bare page nobody sees where Tab leads. The
// new screen's title has it then, which is also read out; a screen that gives it to something itself keeps it so.

import { watch } from 'vue';
import { useCaptureFile } from '../stores/captureFile';
import { useNavigation } from '../stores/navigation';
import { screensLoading } from './laterScreens';

const CONTROLS = 'button:not(:disabled), a[href], input:not(:disabled), select:not(:disabled), [tabindex="0"]';

export function useArrival(): void {
  const navigation = useNavigation();
  const file = useCaptureFile();
  /** The list of packets takes the keys as soon as there are some. */
  const listed = (): boolean => file.capture !== null && file.failed === null && (file.busy || file.summary === null || file.summary.packets > 0);
  watch([() => navigation.route, () => screensLoading(), listed], () => {
    const taken = navigation.route.screen === 'capture' && listed();
    if (taken || screensLoading() > 0 || (document.activeElement !== null && document.activeElement !== document.body)) return;
    const main = document.querySelector('main');
    const title = main?.querySelector<HTMLElement>('h1:not(.ui-hidden)') ?? null;
    if (title === null) main?.querySelector<HTMLElement>(CONTROLS)?.focus();
    else {
      title.tabIndex = -1;
      title.focus();
    }
  }, { flush: 'post' });
}
