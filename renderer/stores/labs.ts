// The labs that main knows: manifests and lessons, in the order of the course.

import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { ReportedError } from '../../shared/ipc/contract';
import { decodeBundles, type LabBundle } from '../../shared/lab/bundle';
import type { Lesson, Locale } from '../../shared/lab/lesson';
import type { LabGroup } from '../../shared/lab/manifest';
import { reported, request } from '../bridge/bridge';

/** Chapters of Home, in order. The template is not a lab of the course. */
export const GROUPS = ['sockets', 'web', 'architectures', 'stack', 'applications', 'own'] as const satisfies readonly LabGroup[];

export const useLabs = defineStore('labs', () => {
  const bundles = shallowRef<readonly LabBundle[]>([]);
  const state = shallowRef<'loading' | 'ready' | 'failed'>('loading');
  const error = shallowRef<ReportedError | null>(null);

  async function load(): Promise<void> {
    state.value = 'loading';
    try {
      bundles.value = decodeBundles(await request('lab.list', undefined)).sort((a, b) => a.manifest.order - b.manifest.order || a.manifest.id.localeCompare(b.manifest.id));
      state.value = 'ready';
    } catch (failure) {
      error.value = reported(failure);
      state.value = 'failed';
    }
  }

  const chapters = computed(() =>
    GROUPS.map((group) => ({ group, labs: bundles.value.filter((bundle) => bundle.manifest.group === group) })).filter((chapter) => chapter.labs.length > 0),
  );

  /** A lab that is not here, of which a run was opened. */
  const guest = shallowRef<LabBundle | null>(null);
  const find = (id: string): LabBundle | null => bundles.value.find((bundle) => bundle.manifest.id === id) ?? (guest.value?.manifest.id === id ? guest.value : null);
  const isGuest = (id: string): boolean => guest.value?.manifest.id === id && find(id) === guest.value;
  /** Makes a lab that is not here known by its id alone, so that its runs can be shown. */
  function adopt(id: string, title = id): void {
    if (find(id) === null || isGuest(id)) guest.value = guestLab(id, title);
  }

  return { bundles, chapters, state, error, load, find, isGuest, adopt };
});

/** The general pictures, and no words but its id. */
function guestLab(id: string, title: string): LabBundle {
  const none = new Map<string, never>();
  const lesson: Lesson = { title, summary: '', intro: '', hosts: none, roles: none, steps: none, predictions: none, parameters: none, actions: none, tryIt: none };
  return {
    manifest: { id, group: 'sockets', order: 0, parameters: [], hosts: [], endpoints: [], actions: [], steps: [], predictions: [], tryIt: [], stage: ['hosts', 'stack', 'sockets', 'streams', 'states'], specifications: [] },
    lessons: new Map([['en', lesson]]),
  };
}

/** The lesson in that language; the parser's tests prove that every lab has all three. */
export function lessonOf(bundle: LabBundle, locale: Locale): Lesson {
  const lesson = bundle.lessons.get(locale) ?? bundle.lessons.get('en');
  if (lesson === undefined) throw new Error(`lab ${bundle.manifest.id} has no lesson in ${locale}`);
  return lesson;
}
