// Makes one document out of a page and the objects that have come for it: style sheets and pictures are put inside, scripts are taken
// out. The frame that shows it has no right to load or run anything, whatever is left in here. Needs a DOM parser, keeps nothing.

import { toBase64 } from '../../../shared/base/base64';

export interface ArrivedObject {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Bytes of one object that are put into the document; more would make the document too big for its way to the frame. */
const OBJECT_LIMIT = 1024 * 1024;
const PICTURE = /^image\/(png|jpeg|gif|webp|svg\+xml|avif)\b/i;

/** `html`: what has come of the page. `objects`: by absolute URL. `base`: the page's own URL. */
export function composePage(html: string, base: string, objects: ReadonlyMap<string, ArrivedObject>): string {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const found = (reference: string | null): ArrivedObject | null => {
    const url = reference === null ? null : absolute(reference, base);
    const object = url === null ? undefined : objects.get(url);
    return object === undefined || object.bytes.length > OBJECT_LIMIT ? null : object;
  };
  for (const script of page.querySelectorAll('script, iframe, object, embed, meta[http-equiv], base')) script.remove();
  for (const link of page.querySelectorAll('link')) {
    const object = found(link.getAttribute('href'));
    if (object !== null && /\bstylesheet\b/i.test(link.rel)) {
      const style = page.createElement('style');
      style.textContent = new TextDecoder().decode(object.bytes);
      link.before(style);
    }
    link.remove();
  }
  for (const image of page.querySelectorAll('img')) {
    const object = found(image.getAttribute('src'));
    image.removeAttribute('srcset');
    if (object !== null && PICTURE.test(object.type)) image.setAttribute('src', `data:${object.type.split(';')[0] ?? ''};base64,${toBase64(object.bytes)}`);
    else image.removeAttribute('src');
  }
  for (const element of page.querySelectorAll('*')) {
    for (const { name } of [...element.attributes]) if (/^on/i.test(name)) element.removeAttribute(name);
  }
  return `<!doctype html>${page.documentElement.outerHTML}`;
}

function absolute(reference: string, base: string): string | null {
  try {
    return new URL(reference, base).href;
  } catch {
    return null;
  }
}
