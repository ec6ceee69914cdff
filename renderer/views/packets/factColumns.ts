// A column of a table of numbers: how its cells read and what they are ordered by.

import type { Hue } from './columns';

export interface FactColumn<T> {
  readonly id: string;
  readonly title: string;
  /** Track of a CSS grid. */
  readonly width: string;
  readonly numeric: boolean;
  readonly mono?: boolean;
  text(row: T): string;
  value(row: T): number | string;
  /** 0..1, drawn as a bar beneath the text. */
  share?(row: T): number;
  /** Drawn side by side instead of the text, which is then what is read out: the parts of a whole, by their class of styles/phases.css. */
  parts?(row: T): readonly { readonly style: string; readonly share: number }[];
  /** Its layer, for the colour of the text. */
  hue?(row: T): Hue;
  /** Steps to the right: a tree in a table. */
  indent?(row: T): number;
}
