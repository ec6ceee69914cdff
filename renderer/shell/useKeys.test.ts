// Key presses reach commands, except where the focused widget has a use of its own for them.
import { mount } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { canRun, offerCommands, runCommand } from './commands';
import { useKeys } from './useKeys';

const toggle = vi.fn();
const next = vi.fn();
const run = vi.fn();
const Screen = defineComponent({
  setup() {
    useKeys(() => true);
    offerCommands({ 'play.toggle': toggle, 'play.next': next, 'lab.run': run });
    return () => h('div', [h('button', { id: 'button' }), h('input', { id: 'field' }), h('input', { id: 'box', type: 'checkbox' }), h('button', { id: 'switch', role: 'switch', onKeydown: (event: KeyboardEvent) => event.key === 'Enter' && event.preventDefault() }), h('div', { id: 'slider', role: 'slider', tabindex: 0 }), h('div', { role: 'dialog' }, [h('button', { id: 'inside' })]), h('div', { id: 'bar', role: 'separator', tabindex: 0 })]);
  },
});

const shown = mount(Screen, { attachTo: document.body });
const press = (id: string, key: string): boolean => document.getElementById(id)?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })) ?? true;
afterEach(() => vi.clearAllMocks());

describe('keys', () => {
  it('work from anywhere, and the page does not scroll with them', () => {
    expect(press('slider', ' ')).toBe(false);
    expect(press('slider', 'ArrowRight')).toBe(false);
    expect([toggle, next].map((one) => one.mock.calls.length)).toEqual([1, 1]);
  });

  it('leave Space to a focused button, letters to a field, arrows to a splitter', () => {
    press('button', ' ');
    press('field', ' ');
    press('bar', 'ArrowRight');
    expect([toggle, next].map((one) => one.mock.calls.length)).toEqual([0, 0]);
    press('button', 'ArrowRight');
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('leave Space to a box to tick, and nothing else', () => {
    press('box', ' ');
    press('box', 'ArrowRight');
    expect([toggle, next].map((one) => one.mock.calls.length)).toEqual([0, 1]);
  });

  it('run the lab from the parameter that was just set, though a switch keeps Enter to itself', () => {
    document.getElementById('switch')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }));
    expect(run).toHaveBeenCalledTimes(1);
    press('switch', 'Enter');
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('leave everything to an open dialog', () => {
    press('inside', 'ArrowRight');
    expect(next).not.toHaveBeenCalled();
  });

  it('give a command back when its screen is gone', () => {
    expect(canRun('play.next')).toBe(true);
    shown.unmount();
    expect(canRun('play.next')).toBe(false);
    expect(runCommand('play.next')).toBe(false);
  });
});
