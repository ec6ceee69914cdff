// All areas of the Russian catalogue as one chunk: file name is the first part of each key.

import { byArea, type Catalog } from './catalog';

export const catalog: Catalog = byArea(import.meta.glob('./locales/ru/*.json', { eager: true, import: 'default' }));
