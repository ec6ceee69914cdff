// A question as the user meets it: choose, answer or skip, then see the trace's verdict.
import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { i18n } from '../i18n/i18n';
import PredictionCard from './PredictionCard.vue';
import type { QuestionProgress } from './progress';

const texts = { question: 'How many bytes?', options: new Map([['all', 'all of them'], ['fewer', 'fewer']]), because: 'Nobody read the rest.' };
const open: QuestionProgress = { id: 'received', options: ['all', 'fewer'], answer: null, verdict: null };
const card = (question: QuestionProgress, waiting = false): VueWrapper => mount(PredictionCard, { props: { question, texts, waiting }, global: { plugins: [i18n] } });
const button = (shown: VueWrapper, text: string) => shown.findAll('button').find((one) => one.text() === text);

describe('a prediction', () => {
  it('can be answered only after a choice, and always skipped', async () => {
    const shown = card(open, true);
    expect(shown.text()).toContain('Predict before you look');
    expect(button(shown, 'That is my answer')?.attributes('disabled')).toBeDefined();
    await shown.findAll('[role="radio"]')[1]?.trigger('click');
    await button(shown, 'That is my answer')?.trigger('click');
    await button(shown, 'Skip')?.trigger('click');
    expect(shown.emitted('answer')).toEqual([[{ type: 'option', id: 'fewer' }], [{ type: 'skipped' }]]);
  });

  it('is chosen by arrow keys, as long as it is open', async () => {
    const shown = card(open);
    const checked = (): (string | undefined)[] => shown.findAll('[role="radio"]').map((radio) => radio.attributes('aria-checked'));
    const [all, fewer] = shown.findAll('[role="radio"]');
    await all?.trigger('keydown', { key: 'ArrowDown' });
    expect(checked()).toEqual(['false', 'true']);
    await fewer?.trigger('keydown', { key: 'ArrowRight' });
    expect(checked()).toEqual(['true', 'false']);
    await shown.setProps({ question: { ...open, answer: { type: 'option', id: 'all' } } });
    await all?.trigger('keydown', { key: 'ArrowDown' });
    expect(checked()).toEqual(['true', 'false']);
  });

  it('does not give itself away before its moment', () => {
    expect(card({ ...open, answer: { type: 'option', id: 'all' } }).text()).not.toContain('Nobody read');
  });

  it('says right or wrong in words, and why', () => {
    const wrong = card({ ...open, answer: { type: 'option', id: 'all' }, verdict: { right: 'fewer' } });
    expect(wrong.text()).toContain('the run shows otherwise');
    expect(wrong.text()).toContain('Nobody read the rest.');
    expect(card({ ...open, answer: { type: 'option', id: 'fewer' }, verdict: { right: 'fewer' } }).text()).toContain('Right');
  });

  it('tells who skipped what happened', () => {
    expect(card({ ...open, answer: { type: 'skipped' }, verdict: { right: 'fewer' } }).text()).toContain('This is what happened');
  });
});
