// The experiment form: made from the manifest, says what is wrong while it is typed, and never loses what was typed.
import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../shared/lab/manifest';
import { i18n } from '../i18n/i18n';
import ParameterField from './ParameterField.vue';
import type { Lesson } from '../../shared/lab/lesson';
import type { ActionSpec, LabManifest } from '../../shared/lab/manifest';
import { choiceNames, complaintOf, defaultsOf, isValid, sameValues } from './form';

const clients: Parameter = { type: 'integer', id: 'clients', min: 1, max: 8, value: 2 };
const delay: Parameter = { type: 'integer', id: 'delay', min: 0, max: 1000, value: 20, unit: 'ms' };
const line: Parameter = { type: 'text', id: 'line', maxLength: 5, value: 'hi' };
const slow: Parameter = { type: 'boolean', id: 'slow', value: false };
const kind: Parameter = { type: 'choice', id: 'kind', options: ['early', 'half'], value: 'early' };
const all = [clients, delay, line, slow, kind];

const field = (parameter: Parameter, modelValue: string | number | boolean): VueWrapper => mount(ParameterField, { props: { parameter, modelValue, label: 'Label', options: new Map([['half', 'half-closes']]) }, global: { plugins: [i18n] } });

describe('values', () => {
  it('start as the manifest says, and are valid', () => {
    expect(defaultsOf(all)).toEqual({ clients: 2, delay: 20, line: 'hi', slow: false, kind: 'early' });
    expect(isValid(all, defaultsOf(all))).toBe(true);
  });

  it('outside their bounds are refused with the bounds', () => {
    expect(complaintOf(clients, 9)).toEqual({ key: 'lesson.invalid.integer', named: { min: 1, max: 8 } });
    expect(complaintOf(clients, 1.5)).not.toBeNull();
    expect(complaintOf(clients, '')).not.toBeNull();
    expect(complaintOf(line, 'longer')).toEqual({ key: 'lesson.invalid.length', named: { max: 5 } });
    expect(complaintOf(line, '\ud800')).toEqual({ key: 'lesson.invalid.text', named: {} });
  });

  it('are the same only when all are', () => {
    expect(sameValues({ a: 1 }, { a: 1 })).toBe(true);
    expect(sameValues({ a: 1 }, { a: 2 })).toBe(false);
    expect(sameValues({ a: 1 }, { a: 1, b: 1 })).toBe(false);
  });
});

describe('a field', () => {
  it('gives whole numbers as numbers', async () => {
    const shown = field(clients, 2);
    await shown.get('input').setValue('7');
    expect(shown.emitted('update:modelValue')).toEqual([[7]]);
  });

  it('says what a number may be when it is out of range, and ties the words to the field', () => {
    const shown = field(clients, 9);
    expect(shown.text()).toContain('A whole number from 1 to 8.');
    const input = shown.get('input');
    expect(input.attributes('aria-invalid')).toBe('true');
    expect(shown.get(`#${CSS.escape(input.attributes('aria-describedby') ?? '')}`).text()).toContain('1 to 8');
  });

  it('shows the unit', () => {
    expect(field(delay, 20).text()).toContain('ms');
  });

  it('for a choice shows the lesson\'s word for it', () => {
    expect(field(kind, 'half').text()).toContain('half-closes');
  });

  it('for yes or no is a switch', async () => {
    const shown = field(slow, false);
    await shown.get('[role="switch"]').trigger('click');
    expect(shown.emitted('update:modelValue')).toEqual([[true]]);
  });
});

describe('choices of an action', () => {
  const attack: Parameter = { type: 'choice', id: 'attack', options: ['none', 'wrong-id'], value: 'none' };
  const server: Parameter = { type: 'choice', id: 'server', options: ['ns1', 'root'], value: 'ns1' };
  const liar: Parameter = { type: 'choice', id: 'how', options: ['wrong-id'], value: 'wrong-id' };
  const manifest = { parameters: [kind, attack] } as unknown as LabManifest;
  const lesson = {
    parameters: new Map([['kind', { options: new Map([['early', 'closes early']]) }], ['attack', { options: new Map([['wrong-id', 'guesses the id']]) }]]),
    roles: new Map([['ns1', 'first server']]), actions: new Map([['go', { arguments: new Map([['kind.half', 'closes one half']]) }]]),
  } as unknown as Lesson;
  const names = (argument: Parameter): string[] => [...choiceNames(manifest, lesson, { id: 'go', arguments: [argument] } as ActionSpec, argument).values()];
  it('have names of their own, or those of the parameter, or those of roles', () => {
    expect(names(kind)).toEqual(['closes early', 'closes one half']);
    expect(names(liar)).toEqual(['guesses the id']);
    expect(names(server)).toEqual(['first server', 'root']);
    expect(names(line)).toEqual([]);
  });
});
