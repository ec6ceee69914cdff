// The one window: sandboxed, isolated, without Node. It shows the page of app://looplab/ and nothing else.

import { BrowserWindow, nativeTheme } from 'electron';
import { PAGE_URL } from './pageFiles';

export function openWindow(preload: string, icon: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 640,
    show: false,
    icon,
    title: 'Looplab',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f141b' : '#f4f6f9',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      enableWebSQL: false,
      v8CacheOptions: 'bypassHeatCheck',
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(PAGE_URL);
  return window;
}
