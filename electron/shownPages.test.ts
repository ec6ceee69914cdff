import { describe, expect, it } from 'vitest';
import { ShownPages, isShown, shownHeaders } from './shownPages';

describe('pages of a lab', () => {
  it('are served under an origin of their own, the newest ones only', () => {
    const pages = new ShownPages();
    const urls = ['a', 'b', 'c', 'd', 'e'].map((html) => pages.put(html));
    expect(urls.map((url) => pages.get(url))).toEqual([null, 'b', 'c', 'd', 'e']);
    expect(urls.every(isShown)).toBe(true);
    expect(isShown('app://looplab/index.html')).toBe(false);
    expect(pages.get('app://page/../index.html')).toBeNull();
  });

  it('have no right at all', () => {
    const policy = shownHeaders['content-security-policy']?.split('; ') ?? [];
    expect(policy).toContain('sandbox');
    expect(policy).toContain("default-src 'none'");
    expect(policy.some((rule) => rule.startsWith('script-src') || rule.startsWith('connect-src') || rule.startsWith('sandbox '))).toBe(false);
  });
});
