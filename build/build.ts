// `npm run build`: builds main, preload and page into out/, always.
import { freshBuild } from './kit/freshBuild';

process.exitCode = (await freshBuild('app', true)) ? 0 : 1;
