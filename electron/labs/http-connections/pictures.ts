// Where the gallery of this lab and its pictures are: names alone, for the manifest and for the gallery itself.

export const HOST = 'gallery.test';
export const PAGE_URL = `http://${HOST}/`;

export const PICTURES = 10;
/** The picture that is in the way, from 1, and the path of the last one, which shows whether it was held up. */
export const BLOCKING = 6;
export const pathOf = (number: number): string => `/pictures/${number}.png`;
export const BLOCKING_URL = `http://${HOST}${pathOf(BLOCKING)}`;
export const LAST_URL = `http://${HOST}${pathOf(PICTURES)}`;
