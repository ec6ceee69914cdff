// All other areas of the English catalogue as one chunk, most of it about the fields of protocols: loaded with the first screen that says more than first.en.ts.

import { byArea, type Catalog } from './catalog';

export const catalog: Catalog = byArea(import.meta.glob(['./locales/en/*.json', '!./locales/en/{architectures,capture,common,compare,errors,export,har,home,keys,lesson,settings,share,shell,window}.json'], { eager: true, import: 'default' }));
