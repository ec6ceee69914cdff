// What paints a row of the packet table: a filter of the user's own that has a colour.

import type { FilterButton, FilterColour } from '../../../shared/ipc/contract';

export interface Paint {
  /** Of the filter's button. */
  readonly name: string;
  readonly filter: string;
  readonly colour: FilterColour;
}

/** Of the buttons those that have a colour, in their order: the first that fits paints. */
export const paintsOf = (buttons: readonly FilterButton[]): readonly Paint[] => buttons.flatMap(({ name, filter, colour }) => (colour === undefined ? [] : [{ name, filter, colour }]));
