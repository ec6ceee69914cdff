// The keyboard table: every key has one meaning, and works whatever the layout.
import { describe, expect, it } from 'vitest';
import { KEYMAP, commandOf, isCommand, keysOf, type Place, type Pressed } from './keymap';

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({ key, code: '', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });
const lab: Place = { onLab: true, inField: false };
const home: Place = { onLab: false, inField: false };
const field: Place = { onLab: true, inField: true };

describe('on the lab screen', () => {
  it('Space plays, arrows step, with Shift on the same connection', () => {
    expect(commandOf(press(' '), lab)).toBe('play.toggle');
    expect(commandOf(press('ArrowRight'), lab)).toBe('play.next');
    expect(commandOf(press('ArrowRight', { shiftKey: true }), lab)).toBe('play.nextSame');
    expect(commandOf(press('ArrowLeft', { shiftKey: true }), lab)).toBe('play.previousSame');
  });

  it('a Russian or Korean layout gives the same commands by the place of the key', () => {
    expect(commandOf(press('и', { code: 'KeyB' }), lab)).toBe('play.bookmark');
    expect(commandOf(press('ㅔ', { code: 'KeyP' }), lab)).toBe('view.present');
    expect(commandOf(press('б', { code: 'Comma' }), lab)).toBe('play.slower');
    expect(commandOf(press('л', { code: 'KeyK', ctrlKey: true }), lab)).toBe('view.palette');
  });

  it('Ctrl+E exports the run, in a field too, and nowhere else', () => {
    expect(commandOf(press('у', { code: 'KeyE', ctrlKey: true }), field)).toBe('lab.export');
    expect(commandOf(press('e', { ctrlKey: true }), home)).toBeNull();
    expect(commandOf(press('o', { ctrlKey: true }), home)).toBe('file.open');
    expect(commandOf(press('O', { ctrlKey: true, shiftKey: true }), home)).toBe('file.openHar');
    expect(commandOf(press('ы', { code: 'KeyS', ctrlKey: true }), field)).toBe('lab.save');
  });

  it('capital letters are the same keys, but Shift is not ignored', () => {
    expect(commandOf(press('B'), lab)).toBe('play.bookmark');
    expect(commandOf(press('B', { shiftKey: true, code: 'KeyB' }), lab)).toBeNull();
  });

  it('"?" needs Shift on most layouts and gives the help', () => {
    expect(commandOf(press('?', { shiftKey: true }), lab)).toBe('app.keys');
  });

  it('Command on a Mac is Ctrl; Alt is left to the system', () => {
    expect(commandOf(press('k', { metaKey: true }), lab)).toBe('view.palette');
    expect(commandOf(press('k', { altKey: true, ctrlKey: true }), lab)).toBeNull();
  });
});

describe('elsewhere', () => {
  it('typing in a field types', () => {
    expect(commandOf(press(' '), field)).toBeNull();
    expect(commandOf(press('b', { code: 'KeyB' }), field)).toBeNull();
    expect(commandOf(press('k', { ctrlKey: true }), field)).toBe('view.palette');
  });

  it('Home has no playback, but has the palette and the help', () => {
    expect(commandOf(press(' '), home)).toBeNull();
    expect(commandOf(press('1'), home)).toBeNull();
    expect(commandOf(press('k', { ctrlKey: true }), home)).toBe('view.palette');
    expect(commandOf(press('?', { shiftKey: true }), home)).toBe('app.keys');
  });
});

describe('the table', () => {
  it('gives no key two meanings in one place', () => {
    const seen = new Set<string>();
    for (const binding of KEYMAP) {
      for (const key of binding.keys) {
        const name = `${binding.ctrl ?? false} ${binding.shift ?? false} ${key}`;
        expect(seen.has(name), name).toBe(false);
        seen.add(name);
      }
    }
  });

  it('knows the commands of the native menu and no others', () => {
    for (const name of ['app.settings', 'app.about', 'app.keys', 'lab.home', 'lab.run', 'lab.stop', 'lab.export', 'file.openHar', 'view.palette', 'view.present']) expect(isCommand(name)).toBe(true);
    expect(isCommand('app.explode')).toBe(false);
  });

  it('tells the keys of a command for tooltips', () => {
    expect(keysOf('view.palette')).toEqual(['Ctrl', 'K']);
    expect(keysOf('lab.home')).toBeUndefined();
  });
});
