// The app's icons as path data on a 16 x 16 grid, drawn with a 1.5 stroke in the text's colour. Decoration only: every control
// that shows one has a name in words.

export const ICONS = {
  play: 'M5 3.2v9.6L12.6 8z',
  stop: 'M4 4h8v8H4z',
  run: 'M5 3.2v9.6L12.6 8z',
  again: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.6h-2.6',
  settings: 'M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 2.8v3.4M6 9.8v3.4',
  help: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM6.4 6.4a1.6 1.6 0 1 1 2.3 1.5c-.5.2-.7.6-.7 1.1M8 11v.1',
  home: 'M2.5 7.5 8 3l5.5 4.5M4 6.6V13h8V6.6M6.8 13V9.6h2.4V13',
  language: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM1.8 8h12.4M8 1.8c2 2 2.6 4 2.6 6.2S10 12.2 8 14.2C6 12.2 5.4 10.2 5.4 8S6 3.8 8 1.8z',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z',
  screen: 'M2 3h12v8H2zM5.5 13.5h5M8 11v2.5',
  present: 'M2.5 6V3h3M13.5 6V3h-3M2.5 10v3h3M13.5 10v3h-3',
  search: 'M7 2.6a4.4 4.4 0 1 0 0 8.8 4.4 4.4 0 0 0 0-8.8zM10.2 10.2l3.4 3.4',
  check: 'M3.2 8.4 6.4 11.6 12.8 4.8',
  cross: 'M4 4l8 8M12 4l-8 8',
  chevron: 'M4 6l4 4 4-4',
  right: 'M6 3.5 10.5 8 6 12.5',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
  save: 'M8 2.2v7.6M5 6.9 8 9.9l3-3M2.8 11v2.6h10.4V11',
  record: 'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z',
  share: 'M8 8.6V14M5.4 10.6a3.7 3.7 0 1 1 5.2 0M3.4 12.6a6.5 6.5 0 1 1 9.2 0M8 8v.1',
  compare: 'M2.5 3h4v10h-4zM9.5 3h4v10h-4zM4.5 5.5v.1M11.5 5.5v.1M11.5 8.5v.1',
  keep: 'M4.8 2.5h6.4v11L8 10.9l-3.2 2.6z',
  swap: 'M3 5.5h9M9.5 3 12 5.5 9.5 8M13 10.5H4M6.5 8 4 10.5 6.5 13',
  folder: 'M2 12.8V3.8h4.2l1.4 1.7H14v7.3z',
  warning: 'M8 2.4 14.2 13H1.8zM8 6.4v3M8 11.2v.1',
  legend: 'M2.5 3h3v3h-3zM8.2 4.5h5.3M2.5 10h3v3h-3zM8.2 11.5h5.3',
  lock: 'M4 7.5h8v6H4zM5.6 7.5V5.4a2.4 2.4 0 0 1 4.8 0v2.1',
  keyboard: 'M1.8 4.2h12.4v7.6H1.8zM4.4 6.8v.1M7 6.8v.1M9.4 6.8v.1M11.8 6.8v.1M5 9.4h6',
} as const;

export type IconName = keyof typeof ICONS;
