// Which file of the built page a URL names, and with which headers it is served. Pure, so that it is tested without Electron.

import { extname, join, normalize, sep } from 'node:path';

export const PAGE_ORIGIN = 'app://looplab';
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

/**
 * Nothing by default; code, styles, fonts and pictures only from the app itself; no inline code, no eval, no forms; frames only for pages of
 * a lab, which have no right (shownPages.ts).
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  'frame-src app://page',
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

/** Media type of a file that may be served; undefined for all others. */
export const typeOf = (file: string): string | undefined => TYPES.get(extname(file));

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

export const pageHeaders = (type: string): Record<string, string> => ({
  'content-type': type,
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'referrer-policy': 'no-referrer',
});
