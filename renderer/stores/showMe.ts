// What a "Show me" of the architectures' table asked for: which cell, and whether its run has begun. The table asks; the session of the
// lab takes it, starts the run and plays to the step. Over when the user starts a run of their own.

import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { ArchitectureCell } from '../../shared/lab/architectures';

export const useShowMe = defineStore('showMe', () => {
  const asked = shallowRef<ArchitectureCell | null>(null);
  const shown = shallowRef<ArchitectureCell | null>(null);
  /** The cell that was shown last: the table puts the focus there when the user comes back. */
  const last = shallowRef<ArchitectureCell | null>(null);

  /** Whoever opens that lab next is to show it. */
  function ask(cell: ArchitectureCell): void {
    asked.value = cell;
    last.value = cell;
  }

  /** What is to be shown in that lab; from now on it is being shown. */
  function take(lab: string): ArchitectureCell | null {
    const cell = asked.value?.show.lab === lab ? asked.value : null;
    asked.value = null;
    if (cell !== null) shown.value = cell;
    return cell;
  }

  /** The run on screen is not the table's. */
  function end(): void {
    shown.value = null;
  }

  return { shown: computed(() => shown.value), last: computed(() => last.value), ask, take, end };
});
