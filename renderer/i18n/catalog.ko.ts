// All areas of the Korean catalogue as one chunk: file name is the first part of each key.

import { byArea, type Catalog } from './catalog';

export const catalog: Catalog = byArea(import.meta.glob('./locales/ko/*.json', { eager: true, import: 'default' }));
