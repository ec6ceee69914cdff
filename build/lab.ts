// `npm run lab -- …`: the engine without a window, on plain Node. Builds its side when stale and runs it in this process, so that
// arguments, standard input, signals and exit status are its own. Never touches Electron.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freshBuild } from './kit/freshBuild';
import { REPOSITORY } from './kit/run';

const command = join(REPOSITORY, 'out', 'main', 'cli.js');
if (await freshBuild('main')) {
  process.argv = [process.execPath, command, ...process.argv.slice(2)];
  await import(pathToFileURL(command).href);
} else {
  process.exitCode = 1;
}
