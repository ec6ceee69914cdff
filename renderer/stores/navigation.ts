// Which screen is shown, and the way back. A few screens need no router.

import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';

export type Route = { readonly screen: 'home' } | { readonly screen: 'lab'; readonly lab: string } | { readonly screen: 'settings' } | { readonly screen: 'har' } | { readonly screen: 'capture' } | { readonly screen: 'architectures' } | { readonly screen: 'compare' };

export const useNavigation = defineStore('navigation', () => {
  const trail = shallowRef<readonly Route[]>([{ screen: 'home' }]);
  const route = computed<Route>(() => trail.value[trail.value.length - 1] ?? { screen: 'home' });

  function go(to: Route): void {
    if (to.screen === 'home') trail.value = [to];
    else if (!same(route.value, to)) trail.value = [...trail.value.filter((past) => !same(past, to)), to];
  }

  /** To where the user came from; Home is the end. */
  function back(): void {
    if (trail.value.length > 1) trail.value = trail.value.slice(0, -1);
  }

  /** Back to a screen that the user came from, however far; else there. */
  function backTo(to: Route): void {
    const at = trail.value.findIndex((past) => same(past, to));
    if (at < 0) go(to);
    else trail.value = trail.value.slice(0, at + 1);
  }

  return { route, go, back, backTo };
});

const same = (a: Route, b: Route): boolean => a.screen === b.screen && (a.screen !== 'lab' || b.screen !== 'lab' || a.lab === b.lab);
