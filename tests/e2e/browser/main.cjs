// A bare browser for tests: one window, no rights beyond a page's. What it visits is told by the test.
const { app, BrowserWindow } = require('electron');

app.whenReady().then(() => new BrowserWindow({ webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false } }).loadURL('about:blank'));
