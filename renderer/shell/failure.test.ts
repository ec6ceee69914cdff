// A failure is said in words, whatever the code; the code itself is never lost.
import { beforeAll, describe, expect, it } from 'vitest';
import { i18n, speak } from '../i18n/i18n';
import { KNOWN_CODES, failureWords } from './failure';

const t = (key: string): string => i18n.global.t(key);
beforeAll(() => speak('en'));

describe('a failure', () => {
  it.each(KNOWN_CODES)('%s has its own words', (code) => {
    const words = failureWords({ code, message: 'x', where: '' }, t);
    expect(words.what).not.toContain('errors.');
    expect(words.hint).not.toContain('errors.');
    expect(words.what).not.toBe(t('errors.what.other'));
  });

  it('with a code that nobody thought of still says what the system says', () => {
    const words = failureWords({ code: 'EXOTIC', message: 'very odd', where: 'server' }, t);
    expect(words.what).toBe('Something went wrong');
    expect(words.detail).toBe('EXOTIC: very odd');
  });

  it('does not say its code twice', () => {
    expect(failureWords({ code: 'EADDRINUSE', message: 'EADDRINUSE: address already in use', where: '' }, t).detail).toBe('EADDRINUSE: address already in use');
  });
});
