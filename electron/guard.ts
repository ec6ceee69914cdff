// Closes the doors that a page could leave by: permissions, navigation, new windows, webviews, requests to other places
// (Electron's security checklist). Applied to every session and every web contents that ever exists in the app.

import { app, type Session, type WebContents } from 'electron';
import { PAGE_ORIGIN } from './pageFiles';
import { isShown } from './shownPages';

/** True for what the page itself may load or be. */
export const isOurs = (url: string): boolean => url === PAGE_ORIGIN || url.startsWith(`${PAGE_ORIGIN}/`);

/** Development tools load from devtools:, which is not reachable from the page. */
const mayLoad = (url: string): boolean => isOurs(url) || isShown(url) || url.startsWith('devtools:') || url.startsWith(`blob:${PAGE_ORIGIN}`) || url.startsWith('data:image/');

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, done) => done(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, done) => done({ cancel: !mayLoad(details.url) }));
  session.on('will-download', (event) => event.preventDefault());
}

export function guardContents(contents: WebContents): void {
  const refuse = (event: { preventDefault(): void }): void => event.preventDefault();
  contents.on('will-navigate', refuse);
  // The page points its frame at a document of a lab's browser; what is in there goes nowhere.
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame || !isShown(event.url) || event.initiator?.parent !== null) event.preventDefault();
  });
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', refuse);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Also guards contents that something else might create. */
export function guardApp(): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  // Nothing leaves the machine at start or later: Chromium's own services are off.
  for (const name of ['disable-background-networking', 'disable-component-update', 'disable-domain-reliability', 'disable-sync', 'no-pings']) {
    app.commandLine.appendSwitch(name);
  }
}
