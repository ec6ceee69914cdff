// What the user wants relays to do, by lab: holds for the run that runs, at once, and for every later one of this lab from its start, until
// it is forgotten. Main and the relays decide what is possible; nothing of it outlives the window.

import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { RelayStarts } from '../../shared/ipc/contract';
import type { FaultValues } from '../../shared/lab/faults';

export const useFaults = defineStore('faults', () => {
  const wanted = shallowRef<ReadonlyMap<string, RelayStarts>>(new Map());

  /** What a run of that lab begins with. */
  const of = (lab: string): RelayStarts => wanted.value.get(lab) ?? {};

  const change = (lab: string, relay: string, by: { readonly seed?: number; readonly faults?: FaultValues }): void => {
    const known = of(lab);
    const before = Object.hasOwn(known, relay) ? known[relay] : undefined;
    const seed = by.seed ?? before?.seed;
    wanted.value = new Map(wanted.value).set(lab, { ...known, [relay]: { ...(seed !== undefined && { seed }), faults: { ...before?.faults, ...by.faults } } });
  };

  /** Relays begin again as the lab says. */
  const forget = (lab: string): void => {
    wanted.value = new Map([...wanted.value].filter(([id]) => id !== lab));
  };

  return { wanted, of, change, forget };
});
