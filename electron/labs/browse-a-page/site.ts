// The site of this lab: a small portal made for it, with a style sheet, a script and three pictures, each with other words for the
// caches. Everything is computed; no file is read. The HTML is sent in pieces, so that the page can be seen growing.

import { landscape } from '../../roles/http/pagePictures';
import type { HeaderLines } from '../../roles/http/headers';
import { answer, type Handler } from '../../roles/http/message';
import { valueOf } from '../../roles/http/headers';
import { siteHandler, type Resource } from '../../roles/http/siteServer';
import { encode } from '../../roles/text';

/** Bytes of a piece of the HTML, and ms between two: slow enough to see it come. */
const PIECE = 400;
const PAUSE = 40;

const html = `<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<title>NAVER, 연습용</title>
<link rel="stylesheet" href="/style.css">
<script src="/portal.js"></script>
</head>
<body>
<header>
<img src="/logo.svg" alt="Logo" width="132" height="36">
<form><input value="" placeholder="무엇을 찾으세요?" disabled></form>
</header>
<img class="wide" src="/evening.png" alt="An evening, made of numbers" width="560" height="150">
<main>
<section>
<h2>안녕하세요</h2>
<p>This page was made for a lab. The real naver.com was not asked: name servers, web server and browser all ran on your own machine.</p>
<p>Its bytes came in pieces of ${PIECE}, and you have seen it grow. What the parser met on the way was fetched at once, while the rest was still coming.</p>
</section>
<section>
<h2>여섯 단계 · six steps · шесть шагов</h2>
<ol>
<li>A person types a URL.</li>
<li>The browser asks DNS for the address.</li>
<li>DNS answers.</li>
<li>The browser connects and sends GET.</li>
<li>The server answers with HTML, CSS, JS and pictures.</li>
<li>The browser shows the page.</li>
</ol>
</section>
<aside>
<h2>오늘의 날씨</h2>
<img src="/weather.svg" alt="Weather" width="150" height="84">
<p>Never kept by any cache.</p>
</aside>
</main>
<footer>© nobody · <b>Looplab</b></footer>
</body>
</html>
`;

const css = `body { margin: 0; background: #f4f6f8; color: #1c2430; font: 15px/1.55 system-ui, "Noto Sans KR", sans-serif; }
header { display: flex; gap: 18px; align-items: center; padding: 14px 24px; background: #fff; border-bottom: 3px solid #03a65a; }
form { flex: 1; }
input { width: 100%; max-width: 360px; padding: 8px 14px; border: 2px solid #03a65a; border-radius: 22px; background: #fff; font: inherit; }
.wide { display: block; width: 100%; max-width: 760px; height: 150px; margin: 18px auto 0; border-radius: 12px; object-fit: cover; background: #dfe5ea; }
main { display: grid; grid-template-columns: 1fr 1fr 190px; gap: 16px; max-width: 760px; margin: 16px auto; }
section, aside { padding: 12px 16px; border-radius: 12px; background: #fff; box-shadow: 0 1px 3px #0d1b2a1c; }
h2 { margin: 0 0 6px; color: #027a43; font-size: 15px; }
p { margin: 0 0 8px; }
ol { margin: 0; padding-left: 20px; }
aside { text-align: center; }
footer { padding: 10px; color: #6a7684; font-size: 12px; text-align: center; }
`;

const js = `// Fetched as a browser fetches it. Looplab's page view does not run scripts.
document.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
`;

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 132 36"><rect width="36" height="36" rx="9" fill="#03a65a"/><path d="M11 26V10l14 16V10" fill="none" stroke="#fff" stroke-width="4" stroke-linejoin="round"/><text x="46" y="25" font-family="system-ui, sans-serif" font-size="20" font-weight="700" fill="#1c2430">portal</text></svg>
`;

const weather = (degrees: number): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 84"><circle cx="48" cy="34" r="17" fill="#f7b733"/><g stroke="#f7b733" stroke-width="3" stroke-linecap="round"><path d="M48 6v5M48 57v5M20 34h5M71 34h5M28 14l4 4M64 50l4 4M68 14l-4 4M32 50l-4 4"/></g><text x="84" y="45" font-family="system-ui, sans-serif" font-size="28" font-weight="600" fill="#1c2430">${degrees}°</text></svg>
`;

const CHANGED = 'Wed, 01 Jan 2025 09:00:00 GMT';

/** Path -> resource. `degrees`: of the weather, which is another at every request. */
function resources(degrees: number): ReadonlyMap<string, Resource> {
  const made = (type: string, caching: HeaderLines, body: string | Uint8Array): Resource => ({ headers: [['Content-Type', type], ...caching], body: typeof body === 'string' ? encode(body) : body });
  return new Map<string, Resource>([
    // May be kept, but is to be asked about each time: no-cache does not mean "do not store" (RFC 9111 5.2.2.4).
    ['/', { ...made('text/html; charset=utf-8', [['Cache-Control', 'no-cache'], ['ETag', '"portal-1"']], html), partSize: PIECE, interval: PAUSE }],
    ['/style.css', made('text/css; charset=utf-8', [['Cache-Control', 'max-age=3600'], ['ETag', '"style-1"']], css)],
    ['/portal.js', made('text/javascript; charset=utf-8', [['Cache-Control', 'max-age=60'], ['ETag', '"script-1"']], js)],
    ['/logo.svg', made('image/svg+xml', [['Cache-Control', 'max-age=86400, immutable']], logo)],
    // No Cache-Control: a tenth of its age counts as fresh (RFC 9111 4.2.2).
    ['/evening.png', made('image/png', [['Last-Modified', CHANGED]], EVENING)],
    ['/weather.svg', made('image/svg+xml', [['Cache-Control', 'no-store']], weather(degrees))],
  ]);
}

const EVENING = landscape(280, 75, 0.42, 8);

/** The whole site; in clear it may send everybody to https. */
export function portal(): Handler {
  let asked = 0;
  return siteHandler(() => resources(14 + ((asked += 5) % 13)));
}

/** 301 to the same path under https (RFC 9110 15.4.2). */
export const toHttps: Handler = (request) => {
  const host = (valueOf(request.headers, 'host') ?? 'www.naver.com').replace(/:\d+$/, '');
  return answer(301, [['Location', `https://${host}${request.target.startsWith('/') ? request.target : '/'}`], ['Content-Type', 'text/plain'], ['Cache-Control', 'no-store']], 'Under https, please.\n');
};
