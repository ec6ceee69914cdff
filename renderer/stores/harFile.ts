// The HAR that is open: asked of main, read as an application story. Kept apart from the run: another program reports it.

import { defineStore } from 'pinia';
import { markRaw, shallowRef } from 'vue';
import type { ReportedError } from '../../shared/ipc/contract';
import type { Har } from '../../shared/trace/har/har';
import type { HarStory } from '../../shared/trace/har/harStory';
import { reported, request } from '../bridge/bridge';

export interface OpenHar extends HarStory {
  /** Of the file, without its folder. */
  readonly name: string;
  readonly har: Har;
}

export const useHarFile = defineStore('harFile', () => {
  const state = shallowRef<'none' | 'reading' | 'open' | 'failed'>('none');
  const file = shallowRef<OpenHar | null>(null);
  const error = shallowRef<ReportedError | null>(null);
  /** How far the reading is, from 0 to 1. */
  const share = shallowRef(0);
  let asking = false;
  /** Counts readings: one that was cancelled is not for us. */
  let attempt = 0;

  /** Asks for a file and reads it. When the user changes their mind all is as before; `onChosen` is called when not. */
  async function choose(onChosen: () => void): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      const given = await request('file.open', { kind: 'har' });
      if (given === null) return;
      await read(given.name, given.text, onChosen);
    } catch (failure) {
      fail(reported(failure));
      onChosen();
    } finally {
      asking = false;
    }
  }

  /** Reads the text of a file; what cannot be read says why. */
  async function read(name: string, text: string, onChosen: () => void = () => undefined): Promise<void> {
    const mine = ++attempt;
    share.value = 0;
    state.value = 'reading';
    onChosen();
    const [{ readHar }, { harStory }] = await Promise.all([import('../../shared/trace/har/har'), import('../../shared/trace/har/harStory')]);
    // A large file takes a while: first the page says so.
    await painted();
    try {
      const reading = readHar(text);
      let step = reading.next();
      for (let breath = performance.now() + SLICE; step.done !== true; step = reading.next()) {
        if (performance.now() < breath) continue;
        share.value = step.value;
        await new Promise((resolve) => setTimeout(resolve));
        if (mine !== attempt) return;
        breath = performance.now() + SLICE;
      }
      if (mine !== attempt) return;
      const har = step.value;
      file.value = markRaw({ name, har, ...harStory(har) });
      error.value = null;
      state.value = 'open';
    } catch (failure) {
      if (mine === attempt) fail({ code: 'HAR_BROKEN', message: failure instanceof Error ? failure.message : String(failure), where: name });
    }
  }

  /** Leaves the reading; what was open before is open again. */
  function cancel(): void {
    attempt++;
    state.value = file.value === null ? 'none' : 'open';
  }

  function fail(why: ReportedError): void {
    file.value = null;
    error.value = why;
    state.value = 'failed';
  }

  return { state, share, file, error, choose, read, cancel };
});

/** ms of work between two breaths, in which the page draws and hears. */
const SLICE = 24;

/** After the next picture; at once where none is drawn. */
const painted = (): Promise<void> => new Promise((resolve) => {
  window.setTimeout(resolve, 100);
  requestAnimationFrame(() => window.setTimeout(resolve));
});
