// `npm start`: finds an Electron that runs, builds what is stale, opens the app. Words after `--` go to the app. Says exactly what to do
// when a display, a library or the sandbox is missing.
import { missingLibraries, missingLibrariesMessage } from './electron-runtime/libraries';
import { NoElectronError, resolveRuntime } from './electron-runtime/resolve';
import { sandboxMessage, sandboxState } from './electron-runtime/sandbox';
import { hasDisplay, noDisplayMessage } from './kit/display';
import { freshBuild } from './kit/freshBuild';
import { REPOSITORY, run } from './kit/run';

process.exitCode = await start(process.argv.slice(2));

async function start(words: readonly string[]): Promise<number> {
  if (!hasDisplay()) return refuse(noDisplayMessage());
  const runtime = await resolveRuntime().catch((error: unknown) => {
    if (error instanceof NoElectronError) return error.message;
    throw error;
  });
  if (typeof runtime === 'string') return refuse(runtime);
  const missing = missingLibrariesMessage(await missingLibraries(runtime.executable));
  if (missing !== undefined) return refuse(missing);
  const sandbox = await sandboxState(runtime.dist);
  if (sandbox === 'blocked') return refuse(sandboxMessage(runtime.dist));
  if (sandbox === 'root') process.stderr.write("You are root: Chromium runs without its sandbox (--no-sandbox), for this development start only. Better start it as an ordinary user.\n");
  if (!(await freshBuild('app'))) return 1;
  return run(runtime.executable, [...(sandbox === 'root' ? ['--no-sandbox'] : []), REPOSITORY, ...words], { cwd: REPOSITORY });
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}
