// The page of this lab: a gallery of ten small pictures, a style sheet and a script, so twelve objects. One picture may be in the way:
// the server thinks about it, or it is large. Everything is computed; no file is read.

import { landscape } from '../../roles/http/pagePictures';
import type { Resource } from '../../roles/http/siteServer';
import { encode } from '../../roles/text';
import { BLOCKING, pathOf, PICTURES } from './pictures';
import type { ReckonedObject } from './reckoning';

export type Blocker = 'none' | 'slow' | 'large';

/** ms that the server thinks about the slow picture. */
const THINKING = 200;

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Ten evenings</title>
<link rel="stylesheet" href="/style.css">
<script src="/gallery.js"></script>
</head>
<body>
<h1>Ten evenings</h1>
<p>One page, twelve objects. How many connections?</p>
<main>
${Array.from({ length: PICTURES }, (_, index) => `<figure><img src="${pathOf(index + 1)}" alt="Evening ${index + 1}" width="96" height="72"><figcaption>${index + 1}</figcaption></figure>`).join('\n')}
</main>
</body>
</html>
`;

const css = `body { margin: 0; padding: 18px; background: #131722; color: #e8ecf4; font: 15px/1.4 system-ui, sans-serif; }
h1 { margin: 0; font-size: 22px; letter-spacing: .02em; }
p { margin: 2px 0 14px; color: #9aa5ba; }
main { display: grid; grid-template-columns: repeat(5, 96px); gap: 12px; }
figure { margin: 0; }
img { display: block; border-radius: 6px; box-shadow: 0 4px 14px #0008; background: #232a3a; }
figcaption { margin-top: 3px; color: #9aa5ba; font-size: 11px; text-align: center; }
`;

const js = `// Fetched like every other object. Looplab's page view does not run scripts.
document.addEventListener('click', (event) => {
  if (event.target instanceof HTMLImageElement) event.target.requestFullscreen();
});
`;

/** Not to be kept: each browser is to fetch everything itself. */
const type = (value: string): Resource['headers'] => [['Content-Type', value], ['Cache-Control', 'no-store']];

/** Path -> resource, in the order in which the page names them. */
export function gallery(blocker: Blocker): ReadonlyMap<string, Resource> {
  const site = new Map<string, Resource>([
    ['/', { headers: type('text/html; charset=utf-8'), body: encode(html) }],
    ['/style.css', { headers: type('text/css; charset=utf-8'), body: encode(css) }],
    ['/gallery.js', { headers: type('text/javascript; charset=utf-8'), body: encode(js) }],
  ]);
  for (let number = 1; number <= PICTURES; number++) {
    const [width, height] = blocker === 'large' && number === BLOCKING ? [480, 360] : [64, 48];
    const thinking = blocker === 'slow' && number === BLOCKING ? { delay: THINKING } : {};
    site.set(pathOf(number), { headers: type('image/png'), body: landscape(width, height, number / PICTURES, number), ...thinking });
  }
  return site;
}

/** Bytes of a head, about: what node:http writes for these answers. HPACK makes them fewer. */
const HEAD_SIZE = 200;

/** The page and its objects, as the reckoning sees them. */
export function reckoned(site: ReadonlyMap<string, Resource>): { readonly page: ReckonedObject; readonly objects: readonly ReckonedObject[] } {
  const [page = { size: 0, think: 0 }, ...objects] = [...site.values()].map(({ body, delay }) => ({ size: HEAD_SIZE + body.length, think: delay ?? 0 }));
  return { page, objects };
}
