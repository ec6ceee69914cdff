// The colours and fonts of styles/tokens.css for canvases, which cannot use CSS variables. Read once per theme, never per frame.

import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

export const COLOURS = ['bg', 'panel', 'panel2', 'line', 'line-strong', 'ink', 'ink2', 'mute', 'app', 'tra', 'net', 'lnk', 'bad', 'ok', 'focus'] as const;

export type Colour = (typeof COLOURS)[number];

export interface Tokens {
  readonly colour: Readonly<Record<Colour, string>>;
  readonly font: string;
  readonly mono: string;
  /** The user's text size, and the enlargement when presenting: 1 is the designed size. */
  readonly scale: number;
}

/** What the text of the page is enlarged by: --text is 13px at scale 1, and calc() in a variable is not resolved for scripts. */
const textScale = (): number => (Number.parseFloat(getComputedStyle(document.body).fontSize) || 13) / 13;

/** The tokens as they are now. */
export function readTokens(element: Element = document.documentElement): Tokens {
  const style = getComputedStyle(element);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  const colour = Object.fromEntries(COLOURS.map((name) => [name, value(`--${name}`) || '#888'])) as Record<Colour, string>;
  return { colour, font: value('--font') || 'sans-serif', mono: value('--mono') || 'monospace', scale: textScale() };
}

/** The tokens, read again whenever the theme or the text size of the document changes. */
export function useTokens(): ShallowRef<Tokens> {
  const tokens = shallowRef(readTokens());
  const observer = new MutationObserver(() => (tokens.value = readTokens()));
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-present', 'style'] });
  onScopeDispose(() => observer.disconnect());
  return tokens;
}
