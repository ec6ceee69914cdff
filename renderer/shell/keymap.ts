// The keyboard in one table: which keys give which command, in which group of the help, and where. The help dialog, the palette, the
// tooltips and the key handler all read it. What a command does is in commands.ts.

/** Everything that the user can ask of the frame. The native menu sends some of these names too (`menu.command`). */
export type CommandId =
  | 'play.toggle' | 'play.next' | 'play.previous' | 'play.nextSame' | 'play.previousSame' | 'play.home' | 'play.end' | 'play.slower' | 'play.faster' | 'play.bookmark'
  | 'pane.lesson' | 'pane.stage' | 'pane.ladder' | 'pane.inspector' | 'pane.timeline' | 'pane.log'
  | 'view.search' | 'view.palette' | 'view.present' | 'view.back' | 'view.theme' | 'view.architectures' | 'view.compare' | 'compare.next' | 'compare.previous'
  | 'lab.home' | 'lab.run' | 'lab.stop' | 'lab.export' | 'lab.share' | 'lab.keep' | 'lab.save' | 'lab.record' | 'file.open' | 'file.openHar' | 'capture.find' | 'capture.legend' | 'app.settings' | 'app.keys' | 'app.about';

export type KeyGroup = 'playback' | 'panes' | 'view' | 'app';

export interface KeyBinding {
  readonly command: CommandId;
  readonly group: KeyGroup;
  /** `KeyboardEvent.key` values, any of which will do. Letters in lower case. */
  readonly keys: readonly string[];
  /** By place on the keyboard (`KeyboardEvent.code`), for letters and signs that a Korean or Russian layout types otherwise. */
  readonly code?: string;
  readonly shift?: boolean;
  /** Ctrl, or Command on a Mac. */
  readonly ctrl?: boolean;
  /** How the help writes it. */
  readonly shown: readonly string[];
  /** Only on the screens of runs: a lab's, and the comparison of two. */
  readonly lab?: boolean;
  /** Also while a field has the focus. */
  readonly inFields?: boolean;
}

export const KEYMAP: readonly KeyBinding[] = [
  { command: 'play.toggle', group: 'playback', keys: [' '], shown: ['Space'], lab: true },
  { command: 'play.next', group: 'playback', keys: ['ArrowRight'], shown: ['→'], lab: true },
  { command: 'play.previous', group: 'playback', keys: ['ArrowLeft'], shown: ['←'], lab: true },
  { command: 'play.nextSame', group: 'playback', keys: ['ArrowRight'], shift: true, shown: ['Shift', '→'], lab: true },
  { command: 'play.previousSame', group: 'playback', keys: ['ArrowLeft'], shift: true, shown: ['Shift', '←'], lab: true },
  { command: 'play.home', group: 'playback', keys: ['Home'], shown: ['Home'], lab: true },
  { command: 'play.end', group: 'playback', keys: ['End'], shown: ['End'], lab: true },
  { command: 'play.slower', group: 'playback', keys: [','], code: 'Comma', shown: [','], lab: true },
  { command: 'play.faster', group: 'playback', keys: ['.'], code: 'Period', shown: ['.'], lab: true },
  { command: 'play.bookmark', group: 'playback', keys: ['b'], code: 'KeyB', shown: ['B'], lab: true },
  { command: 'pane.lesson', group: 'panes', keys: ['1'], shown: ['1'], lab: true },
  { command: 'pane.stage', group: 'panes', keys: ['2'], shown: ['2'], lab: true },
  { command: 'pane.ladder', group: 'panes', keys: ['3'], shown: ['3'], lab: true },
  { command: 'pane.inspector', group: 'panes', keys: ['4'], shown: ['4'], lab: true },
  { command: 'pane.timeline', group: 'panes', keys: ['5'], shown: ['5'], lab: true },
  { command: 'pane.log', group: 'panes', keys: ['6'], shown: ['6'], lab: true },
  { command: 'view.search', group: 'view', keys: ['f'], code: 'KeyF', shown: ['F'] },
  { command: 'capture.find', group: 'view', keys: ['f'], code: 'KeyF', ctrl: true, shown: ['Ctrl', 'F'], inFields: true },
  { command: 'capture.legend', group: 'view', keys: ['l'], code: 'KeyL', shown: ['L'] },
  { command: 'view.palette', group: 'view', keys: ['k'], code: 'KeyK', ctrl: true, shown: ['Ctrl', 'K'], inFields: true },
  { command: 'view.present', group: 'view', keys: ['p'], code: 'KeyP', shown: ['P'], lab: true },
  { command: 'view.compare', group: 'view', keys: ['c'], code: 'KeyC', shown: ['C'] },
  { command: 'compare.next', group: 'view', keys: ['n'], code: 'KeyN', shown: ['N'] },
  { command: 'compare.previous', group: 'view', keys: ['n'], code: 'KeyN', shift: true, shown: ['Shift', 'N'] },
  { command: 'view.theme', group: 'view', keys: ['t'], code: 'KeyT', shown: ['T'] },
  { command: 'view.back', group: 'view', keys: ['Escape'], shown: ['Esc'] },
  { command: 'lab.run', group: 'app', keys: ['Enter'], ctrl: true, shown: ['Ctrl', 'Enter'], lab: true, inFields: true },
  { command: 'lab.stop', group: 'app', keys: ['.'], code: 'Period', ctrl: true, shown: ['Ctrl', '.'], lab: true, inFields: true },
  { command: 'lab.export', group: 'app', keys: ['e'], code: 'KeyE', ctrl: true, shown: ['Ctrl', 'E'], lab: true, inFields: true },
  { command: 'lab.keep', group: 'app', keys: ['k'], code: 'KeyK', shown: ['K'], lab: true },
  { command: 'lab.save', group: 'app', keys: ['s'], code: 'KeyS', ctrl: true, shown: ['Ctrl', 'S'], lab: true, inFields: true },
  { command: 'lab.record', group: 'app', keys: ['s'], code: 'KeyS', ctrl: true, shift: true, shown: ['Ctrl', 'Shift', 'S'], lab: true, inFields: true },
  { command: 'file.open', group: 'app', keys: ['o'], code: 'KeyO', ctrl: true, shown: ['Ctrl', 'O'], inFields: true },
  { command: 'file.openHar', group: 'app', keys: ['o'], code: 'KeyO', ctrl: true, shift: true, shown: ['Ctrl', 'Shift', 'O'], inFields: true },
  { command: 'app.settings', group: 'app', keys: [','], code: 'Comma', ctrl: true, shown: ['Ctrl', ','], inFields: true },
  { command: 'app.keys', group: 'app', keys: ['?'], shown: ['?'] },
];

export const KEY_GROUPS: readonly KeyGroup[] = ['playback', 'panes', 'view', 'app'];

/** What of an event matters for finding its binding. */
export interface Pressed {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export interface Place {
  readonly onLab: boolean;
  /** A text field or the like has the focus. */
  readonly inField: boolean;
}

/** The command of a key press, or null. */
export function commandOf(pressed: Pressed, place: Place): CommandId | null {
  if (pressed.altKey) return null;
  const ctrl = pressed.ctrlKey || pressed.metaKey;
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  const found = KEYMAP.find((binding) => {
    if ((binding.ctrl ?? false) !== ctrl) return false;
    if (binding.lab === true && !place.onLab) return false;
    if (place.inField && binding.inFields !== true) return false;
    // '?' is Shift with another key on most layouts.
    if ((binding.shift ?? false) !== pressed.shiftKey && key !== '?') return false;
    return binding.keys.includes(key) || (binding.code !== undefined && binding.code === pressed.code);
  });
  return found?.command ?? null;
}

/** How the help writes the keys of a command; undefined when it has none. */
export const keysOf = (command: CommandId): readonly string[] | undefined => KEYMAP.find((binding) => binding.command === command)?.shown;

export const isCommand = (name: string): name is CommandId => name === 'app.about' || name === 'lab.home' || KEYMAP.some((binding) => binding.command === name);
