// `npm run build`: builds main, preload and page into out/, always.
import { freshBuild } from './kit/freshBuild';

await freshBuild('app', true);
