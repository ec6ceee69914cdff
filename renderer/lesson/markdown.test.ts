// Lesson text becomes elements; whatever looks like HTML stays text.
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import MarkdownText from './MarkdownText.vue';

const html = (text: string, inline = false): string => mount(MarkdownText, { props: { text, inline } }).html({ raw: true });

describe('lesson text', () => {
  it('has paragraphs, lists, emphasis and code', () => {
    const shown = html('Call `close()` **now**.\n\n- one\n- two');
    expect(shown).toContain('<p>Call <code>close()</code> <strong>now</strong>.</p>');
    expect(shown).toContain('<ul><li>one</li><li>two</li></ul>');
  });

  it('keeps code blocks as they are', () => {
    expect(html('```\nnc 127.0.0.1 7\n  two\n```')).toContain('<pre><code>nc 127.0.0.1 7\n  two</code></pre>');
  });

  it('shows HTML as text and opens nothing', () => {
    const shown = html('<img src=x onerror=alert(1)> <script>alert(1)</script> [RFC 9293](javascript:alert(1)) [text](https://example.org) ![x](y.png)');
    expect(shown).not.toMatch(/<(img|script|a)\b/u);
    expect(shown).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(shown).toContain('text');
  });

  it('on one line has no paragraphs', () => {
    expect(html('Fix it with `shutdown()`', true)).toContain('Fix it with <code>shutdown()</code>');
    expect(html('a *b*', true)).not.toContain('<p>');
  });
});
