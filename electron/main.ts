// Composition root of the app: joins window, menu, settings, engine and relay; holds no logic of its own.
// Note: never await app.whenReady() at top level of an ES module, it hangs for ever.

import './runtime/process/ownMode';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, clipboard, crashReporter, dialog, protocol, session, type BrowserWindow } from 'electron';
import type { Locale } from '../shared/lab/lesson';
import type { PushPayload, Settings } from '../shared/ipc/contract';
import { appInfo, systemLocale } from './appInfo';
import { declareScheme, servePage } from './appProtocol';
import { FileDialogs } from './fileDialogs';
import { fileOfArguments, OpenFiles } from './files/openFiles';
import { RecentFiles } from './files/recentFiles';
import { guardApp, guardSession } from './guard';
import { bindDrop, bindRequests, PlacedError, push } from './ipc';
import { labList } from './labList';
import { installMenu, withoutDefaultMenu } from './menu';
import { CaptureDesk } from './packets/captureDesk';
import { EngineClient } from './runtime/engineClient';
import { SettingsFile } from './settingsFile';
import { RecordDesk } from './recordDesk';
import { ShareDesk } from './share';
import { ShownPages } from './shownPages';
import { TraceRelay } from './traceRelay';
import { openWindow } from './window';

/** ms after the first picture in which the page has the machine for itself. */
const WARM_UP = 500;

const here = dirname(fileURLToPath(import.meta.url));

app.setName('Looplab');
// Root cannot use Chromium's sandbox: development and tests then say --no-sandbox themselves, and this switch would contradict it.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
declareScheme();
guardApp();
withoutDefaultMenu();
crashReporter.start({ uploadToServer: false });

/** Files that the system asks to open before the app can. */
const early: string[] = [];
let openLater: (path: string) => void = (path) => void early.push(path);
const ownFolder = app.isPackaged ? null : app.getAppPath();
const given = fileOfArguments(process.argv, process.cwd(), ownFolder);
if (given !== null) early.push(given);
app.on('open-file', (event, path) => {
  event.preventDefault();
  openLater(path);
});

if (app.requestSingleInstanceLock()) app.whenReady().then(start, fatal);
else app.quit();

async function start(): Promise<void> {
  const shown = new ShownPages();
  const files = new FileDialogs(dialog, () => app.getPath('documents'));
  const settings = new SettingsFile(join(app.getPath('userData'), 'settings.json'));
  guardSession(session.defaultSession);
  servePage(protocol, join(here, '../renderer'), shown);
  const loaded = settings.load();

  let window: BrowserWindow | null = null;
  const relay = new TraceRelay();
  /** The last state of the run, for a page that has just loaded. */
  let state: PushPayload<'lab.state'> | null = null;
  const engine = new EngineClient(new URL('./worker.js', import.meta.url), {
    onBatch: (run, batch) => relay.add(run, batch),
    onState: (now) => {
      state = now;
      push(window, 'lab.state', now);
    },
    onShare: (now) => share.hear(now),
    onFailed: (error) => {
      share.lost();
      push(window, 'engine.failed', error);
    },
  });
  const captures = new CaptureDesk(new URL('./capture.js', import.meta.url), (now) => push(window, 'capture.state', now));
  const share: ShareDesk = new ShareDesk({ engine, run: () => state, tell: (now) => push(window, 'share.state', now) });

  const opener = new OpenFiles({
    recent: new RecentFiles(join(app.getPath('userData'), 'recentFiles.json')),
    openRun: async (path) => {
      const opened = await engine.open(path);
      // What ran before is over; a page that is reloaded must not hear of it again.
      state = null;
      return opened;
    },
    openCapture: (path) => captures.show(path).capture,
    choose: () => files.choose(shownWindow(), localeOf(settings.value)),
    opening: (name) => push(window, 'file.opening', { name }),
    opened: (file) => push(window, 'file.opened', file),
    changed: () => void showMenu(),
  });
  bindDrop(() => window, (path) => void opener.open(path));
  // The window may have been closed: macOS keeps the app.
  openLater = (path) => {
    if (window === null) show();
    void opener.open(path);
  };
  for (const path of early.splice(0)) void opener.open(path);

  const recordDesk = new RecordDesk({
    engine, told: (run) => relay.told(run), choose: (name) => files.place(shownWindow(), name, 'run', 'record', localeOf(settings.value)), application: `Looplab ${app.getVersion()}`, began: (path) => opener.saved(path),
  });
  bindRequests(() => window, {
    'app.info': appInfo,
    'lab.list': labList,
    'trace.connect': () => {
      if (window !== null) relay.connect(window);
      if (state !== null) push(window, 'lab.state', state);
      share.retell();
      captures.retell();
      opener.heard(relay.current);
    },
    'lab.start': ({ lab, params, ...options }) => engine.start(lab, params, options),
    'capture.problem': async () => (await import('./runtime/kernelCapture/captureProblem')).captureProblem(),
    'lab.stop': ({ run }) => engine.stop(run),
    'role.act': ({ run, action, args }) => engine.act(run, action, args),
    'relay.set': (given) => engine.setRelay(given),
    'capture.set': (given) => engine.setCapture(given),
    'relay.cut': (given) => engine.cutRelay(given),
    'settings.read': () => loaded.then(() => settings.value),
    'settings.write': async (change) => {
      await loaded;
      const written = await settings.write(change);
      if (change.locale !== undefined) await showMenu();
      return written;
    },
    'page.show': ({ html }) => ({ url: shown.put(html) }),
    'file.save': async (given) => {
      const saved = await files.save(shownWindow(), given, localeOf(settings.value));
      if (saved !== null && given.kind === 'run') await opener.saved(saved.path);
      return saved;
    },
    'record.start': (given) => recordDesk.start(given),
    'record.note': (given) => engine.noteRecording(given),
    'record.stop': (given) => engine.stopRecording(given),
    'file.open': (given) => files.open(shownWindow(), given, localeOf(settings.value)),
    'capture.ask': ({ capture, question }) => captures.ask(capture, question),
    'capture.stage': ({ capture, view }) => captures.play(capture, view, (path, name) => opener.play(path, name)),
    'capture.openRun': ({ capture }) => void opener.open(captures.pathOf(capture), 'run'),
    'file.showPackets': ({ run }) => opener.showPackets(run),
    'capture.close': ({ capture }) => captures.close(capture),
    'file.choose': () => opener.choose(),
    'file.recent': () => opener.recent(),
    'file.openRecent': ({ id }) => opener.openRecent(id),
    'file.forgetRecent': () => opener.forgetRecent(),
    'share.places': () => share.places(),
    'share.start': (given) => share.start(given),
    'share.stop': (given) => share.stop(given),
    'share.join': (given) => share.join(given),
    'share.leave': (given) => share.leave(given),
    'clipboard.write': ({ text }) => clipboard.writeText(text),
  });
  const shownWindow = (): BrowserWindow => {
    if (window === null) throw new PlacedError('NO_WINDOW', 'the window is closed');
    return window;
  };
  const command = (name: string): void => push(window, 'menu.command', { command: name });
  const showMenu = async (): Promise<void> => {
    const recent = await opener.recent();
    installMenu(localeOf(settings.value), { send: command, recent, openRecent: (id) => void opener.openRecent(id).catch(() => undefined), forgetRecent: () => void opener.forgetRecent() });
  };

  const show = (): void => {
    const opened = openWindow(join(here, '../preload/preload.cjs'), join(here, '../renderer/icon.png'));
    window = opened;
    opened.once('show', () => engine.warmUp(WARM_UP));
    opened.webContents.on('render-process-gone', (_event, details) => {
      if (details.reason !== 'clean-exit') opened.reload();
    });
    opened.on('closed', () => {
      window = null;
      opener.away();
      share.close();
    });
  };
  app.on('second-instance', (_event, argv, folder) => {
    const path = fileOfArguments(argv, folder, ownFolder);
    if (path !== null) openLater(path);
    window?.restore();
    window?.focus();
  });
  app.on('activate', () => {
    if (window === null) show();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  // The app ends when its labs have, as a tcpdump that records for one of them would outlive it, and when the settings are on disk. Its windows are gone by then.
  let ended = false;
  app.on('will-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    app.releaseSingleInstanceLock();
    // Asked to quit before this event is through, Electron would take it for prevented too.
    void Promise.all([engine.dispose(), captures.dispose(), settings.settled()]).finally(() => setImmediate(() => {
      ended = true;
      app.quit();
    }));
  });
  // The window first: nothing that follows is needed to open it.
  show();
  await loaded;
  await showMenu();
}

const localeOf = (settings: Settings): Locale => (settings.locale === 'system' ? systemLocale() : settings.locale);

function fatal(thrown: unknown): void {
  process.stderr.write(`Looplab could not start: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  app.exit(1);
}
