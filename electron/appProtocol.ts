// Serves the built page under app://looplab/ with the security headers, so that it never runs from file: and has one origin.
// Answers only files that the build made; everything else is 404.

import { readFile } from 'node:fs/promises';
import { protocol, type Protocol } from 'electron';
import { fileOf, pageHeaders, typeOf } from './pageFiles';

/** Must run before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

/** Answers requests of the page from the files under `root`. */
export function servePage(on: Protocol, root: string): void {
  on.handle('app', async (request) => {
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
