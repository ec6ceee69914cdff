import { describe, expect, it } from 'vitest';
import { composePage, type ArrivedObject } from './compose';

const BASE = 'http://www.example.test/';
const object = (type: string, text: string): ArrivedObject => ({ type, bytes: new TextEncoder().encode(text) });

describe('one document of a page and its objects', () => {
  it('has style sheets and pictures inside once they are there', () => {
    const html = '<html><head><title>A &amp; B</title><link rel="stylesheet" href="/a.css"></head><body><h1>Hi</h1><img src="b.png" alt="b"></body></html>';
    const nothing = composePage(html, BASE, new Map());
    expect(nothing).toContain('<h1>Hi</h1><img alt="b">');
    expect(nothing).toContain('<title>A &amp; B</title>');
    expect(nothing).not.toMatch(/href|src/);
    const all = composePage(html, BASE, new Map([[`${BASE}a.css`, object('text/css', 'h1 { color: red }')], [`${BASE}b.png`, object('image/png', 'png')]]));
    expect(all).toContain('<style>h1 { color: red }</style>');
    expect(all).toContain('src="data:image/png;base64,cG5n"');
  });

  it('has no scripts, frames, handlers, references or base', () => {
    const html = '<base href="http://evil/"><script>alert(1)</script><iframe src="x"><p>in</p></iframe><p onclick="x()" style="color:red">t</p><a href="javascript:x()">l</a><form action="http://evil"><object data="x"></object><svg><script>y</script></svg>';
    const page = composePage(html, BASE, new Map());
    expect(page).not.toMatch(/script|iframe|onclick|javascript|evil|object|<base/i);
    expect(page).toContain('<p style="color:red">t</p>');
  });

  it('takes the page as far as it has come, wherever that is', () => {
    const html = '<html><body><p class="a">one</p><img src="b.png" alt="x"><script>var a = "<p>";</script><p>two</p></body></html>';
    for (let length = 0; length <= html.length; length++) {
      const page = composePage(html.slice(0, length), BASE, new Map());
      expect(page).not.toMatch(/<script|var a/);
    }
  });

  it('lets no style sheet and no attribute break out of its place', () => {
    const css = object('text/css', 'a{}</style><script>x</script>');
    const page = composePage('<link rel=stylesheet href=a.css><p title="&quot;><script>x</script>">t</p>', BASE, new Map([[`${BASE}a.css`, css]]));
    expect(new DOMParser().parseFromString(page, 'text/html').querySelectorAll('p').length).toBe(1);
    expect(page).not.toContain('</style><script>');
  });
});
