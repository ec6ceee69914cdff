// Serves the built page under app://looplab/ with the security headers, so that it never runs from file: and has one origin.
// Answers only files that the build made, and the pages of a lab's browser (shownPages.ts); everything else is 404.

import { readFile } from 'node:fs/promises';
import { protocol, type Protocol } from 'electron';
import { fileOf, pageHeaders, typeOf } from './pageFiles';
import { isShown, shownHeaders, type ShownPages } from './shownPages';

/** Must run before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

/** Answers requests of the page from the files under `root`, those of its frame from `shown`. */
export function servePage(on: Protocol, root: string, shown: ShownPages): void {
  on.handle('app', async (request) => {
    if (isShown(request.url)) {
      const html = request.method === 'GET' ? shown.get(request.url) : null;
      return html === null ? notFound() : new Response(html, { headers: shownHeaders });
    }
    const file = fileOf(request.url, root);
    const type = file === null ? undefined : typeOf(file);
    if (request.method !== 'GET' || file === null || type === undefined) return notFound();
    try {
      return new Response(new Uint8Array(await readFile(file)), { headers: pageHeaders(type) });
    } catch {
      return notFound();
    }
  });
}

const notFound = (): Response => new Response('not found', { status: 404, headers: pageHeaders('text/plain') });
