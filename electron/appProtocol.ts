// Serves the built page under app://looplab/ with the security headers, so that it never runs from file: and has one origin.
// Answers only files that the build made; everything else is 404.

import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol, type Protocol } from 'electron';

export const PAGE_ORIGIN = 'app://looplab';
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

/** Nothing by default; code, styles, fonts and pictures only from the app itself; no inline code, no eval, no frames, no forms. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.woff2', 'font/woff2'],
  ['.json', 'application/json'],
]);

/** Must run before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

/** Answers requests of the page from the files under `root`. */
export function servePage(on: Protocol, root: string): void {
  on.handle('app', async (request) => {
    const file = fileOf(request.url, root);
    const type = file === null ? undefined : TYPES.get(extname(file));
    if (request.method !== 'GET' || file === null || type === undefined) return answer(404, 'not found', 'text/plain');
    try {
      return answer(200, await readFile(file), type);
    } catch {
      return answer(404, 'not found', 'text/plain');
    }
  });
}

/** The file that a URL names, or null when it leaves the root or the origin. */
export function fileOf(url: string, root: string): string | null {
  let path: string;
  try {
    const parsed = new URL(url);
    if (parsed.host !== 'looplab') return null;
    path = decodeURIComponent(parsed.pathname);
  } catch {
    return null;
  }
  if (path.includes('\0')) return null;
  const file = normalize(join(root, path === '/' ? 'index.html' : path));
  return file.startsWith(normalize(root) + sep) ? file : null;
}

function answer(status: number, body: string | Buffer, type: string): Response {
  return new Response(typeof body === 'string' ? body : new Uint8Array(body), {
    status,
    headers: {
      'content-type': type,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'referrer-policy': 'no-referrer',
    },
  });
}
