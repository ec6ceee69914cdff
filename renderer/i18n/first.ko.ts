// What the first screen and the frame around every screen say in Korean (i18n.test.ts holds them to these areas): one chunk, loaded at the start.

import { byArea, type Catalog } from './catalog';

export const catalog: Catalog = byArea(import.meta.glob('./locales/ko/{architectures,capture,common,compare,errors,export,har,home,keys,lesson,settings,share,shell,window}.json', { eager: true, import: 'default' }));
