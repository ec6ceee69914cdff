// `npm run dev`: the app with its page served by Vite, so that changes of the page show at once. Needs what `npm start` needs.
import { resolveRuntime } from './electron-runtime/resolve';
import { sandboxState } from './electron-runtime/sandbox';
import { runTool } from './kit/run';

const runtime = await resolveRuntime();
const words = (await sandboxState(runtime.dist)) === 'root' ? ['dev', '--noSandbox'] : ['dev'];
process.exitCode = await runTool('electron-vite/bin/electron-vite.js', words, { env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: runtime.dist } });
