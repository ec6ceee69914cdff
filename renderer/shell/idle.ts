// Tells the outside, on the document's root, what the page is doing: `data-idle` (nothing is pending, unread or moving), `data-screen`,
// `data-run`. Tests wait for these instead of for time; assistive scripts may too.

import { watchEffect } from 'vue';
import { pendingRequests } from '../bridge/bridge';
import { useCaptureFile } from '../stores/captureFile';
import { useHarFile } from '../stores/harFile';
import { useLabs } from '../stores/labs';
import { useNavigation } from '../stores/navigation';
import { useOpenFile } from '../stores/openFile';
import { usePlayback } from '../stores/playback';
import { useRun } from '../stores/run';
import { useTrace } from '../stores/trace';
import { screensLoading } from './laterScreens';
import { lessonsOwing } from './owing';

export function showIdle(): void {
  const captureFile = useCaptureFile();
  const harFile = useHarFile();
  const labs = useLabs();
  const navigation = useNavigation();
  const openFile = useOpenFile();
  const playback = usePlayback();
  const run = useRun();
  const trace = useTrace();
  watchEffect(
    () => {
      // The list of a capture that is on screen has not drawn its first rows.
      const awaited = navigation.route.screen === 'capture' && captureFile.state !== null && captureFile.failed === null && !captureFile.begun;
      const idle = pendingRequests() === 0 && screensLoading() === 0 && lessonsOwing() === 0 && !trace.unread && !playback.moving && !run.busy && labs.state !== 'loading' && harFile.state !== 'reading' && !openFile.busy && !captureFile.busy && !awaited;
      const root = document.documentElement.dataset;
      root['idle'] = String(idle);
      root['screen'] = navigation.route.screen;
      root['run'] = run.phase;
    },
    // After the screen is drawn: whoever waits for idle then sees what it is idle with.
    { flush: 'post' },
  );
}
