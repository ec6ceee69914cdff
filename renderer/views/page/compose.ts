// Makes one document out of a page and the objects that have come for it: style sheets and pictures are put inside, scripts and frames
// are taken out. Works on the markup, not on a DOM: nothing of the page ever becomes part of ours. The frame that shows the document has
// no right to load or run anything, whatever is left in here.

import { Parser } from 'htmlparser2';
import { toBase64 } from '../../../shared/base/base64';

export interface ArrivedObject {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Bytes of one object that are put into the document; more would make the document too big for its way to the frame. */
const OBJECT_LIMIT = 1024 * 1024;
const PICTURE = /^image\/(png|jpeg|gif|webp|svg\+xml|avif)\b/i;
/** Elements that are left out with everything in them. */
const DROPPED = new Set(['script', 'iframe', 'frame', 'frameset', 'object', 'embed', 'noscript', 'template']);
/** Elements that are left out alone. */
const EMPTY_DROPPED = new Set(['base', 'meta']);
const VOID = new Set(['area', 'br', 'col', 'hr', 'img', 'input', 'link', 'source', 'track', 'wbr']);
const REFERENCES = new Set(['src', 'srcset', 'href', 'poster', 'background', 'data', 'action', 'formaction', 'ping']);

/** `html`: what has come of the page. `base`: the page's own URL. `objects`: by absolute URL. */
export function composePage(html: string, base: string, objects: ReadonlyMap<string, ArrivedObject>): string {
  const out: string[] = ['<!doctype html><meta charset="utf-8">'];
  let dropped: string | null = null;
  let depth = 0;
  const found = (reference: string | undefined): ArrivedObject | null => {
    const url = reference === undefined ? null : absolute(reference, base);
    const object = url === null ? undefined : objects.get(url);
    return object === undefined || object.bytes.length > OBJECT_LIMIT ? null : object;
  };
  const parser = new Parser({
    onopentag(name, attributes) {
      if (dropped !== null) depth += name === dropped ? 1 : 0;
      else if (DROPPED.has(name)) [dropped, depth] = [name, 1];
      else if (name === 'link') out.push(/\bstylesheet\b/i.test(attributes['rel'] ?? '') ? styleOf(found(attributes['href'])) : '');
      else if (name === 'img') out.push(tag(name, { ...plain(attributes), ...pictureOf(found(attributes['src'])) }));
      else if (!EMPTY_DROPPED.has(name)) out.push(tag(name, plain(attributes)));
    },
    ontext(text) {
      if (dropped === null) out.push(inStyle ? text.replaceAll(/<\/style/gi, '') : escape(text));
    },
    onopentagname(name) {
      inStyle = name === 'style';
    },
    onclosetag(name, implied) {
      inStyle = false;
      if (dropped !== null) {
        if (name === dropped && --depth === 0) dropped = null;
      } else if (!VOID.has(name) && !EMPTY_DROPPED.has(name) && !(implied && name === 'html')) out.push(`</${name}>`);
    },
  }, { decodeEntities: true, lowerCaseTags: true });
  let inStyle = false;
  parser.write(html);
  parser.end();
  return out.join('');
}

const styleOf = (object: ArrivedObject | null): string => (object === null ? '' : `<style>${new TextDecoder().decode(object.bytes).replaceAll(/<\/style/gi, '')}</style>`);

const pictureOf = (object: ArrivedObject | null): Readonly<Record<string, string>> =>
  object === null || !PICTURE.test(object.type) ? {} : { src: `data:${object.type.split(';')[0] ?? ''};base64,${toBase64(object.bytes)}` };

/** Without handlers, and without what points anywhere. */
const plain = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !/^on/i.test(name) && !REFERENCES.has(name.toLowerCase()) && /^[a-z][\w:-]*$/i.test(name)));

const tag = (name: string, attributes: Readonly<Record<string, string>>): string =>
  `<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value)}"`).join('')}>`;

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function absolute(reference: string, base: string): string | null {
  try {
    return new URL(reference, base).href;
  } catch {
    return null;
  }
}
